"""What a cell writes to standard output and standard error, joined as it comes, in the time it takes to copy it."""
from nbformat.v4 import output_from_msg


class Streams:
    """The text of a cell's streams. Each is one output, where its first part stood."""

    def __init__(self):
        self.outputs, self.parts = {}, {}

    def add(self, outs, msg):
        """Adds what a stream message brings; outs are the cell's outputs so far."""
        name = msg["content"]["name"]
        if name not in self.outputs:
            self.outputs[name], self.parts[name] = output_from_msg(msg), []
            outs.append(self.outputs[name])
        self.parts[name].append(msg["content"]["text"])

    def end(self, outs):
        """Completes the outputs. Standard output goes before standard error where one follows the other: they come in any
        order."""
        for name, output in self.outputs.items():
            output["text"] = typed("".join(self.parts[name]))
        for i in range(len(outs) - 1):
            if [o.get("name") for o in outs[i:i + 2]] == ["stderr", "stdout"]:
                outs[i], outs[i + 1] = outs[i + 1], outs[i]


def typed(text):
    """What is left to see of a text: a carriage return begins its line anew, unless the line ends there; a backspace takes
    back a character of its line."""
    if "\r" not in text and "\b" not in text:
        return text
    return "\n".join(map(line, text.split("\n")))


def line(text):
    body = text.rstrip("\r")
    end = text[len(body):][:1]
    body = body[body.rfind("\r") + 1:]
    if "\b" not in body:
        return body + end
    kept = []
    for c in body:
        if c != "\b":
            kept.append(c)
        elif kept:
            kept.pop()
    return "".join(kept) + end
