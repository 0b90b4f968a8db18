"""run.py NOTEBOOK OUT KERNEL: executes a notebook and writes it with its outputs to OUT; writes what happens to standard
output, one JSON object a line. It stops on SIGINT, or when its standard input ends. With the variable FASTNB_HELD=3 the
kernel inherits descriptor 3."""
import asyncio, json, os, re, signal, sys, threading, time

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, DeadKernelError
from streams import Streams


def read(path):
    """The notebook, whatever its version, encoding and ends of line, with all that a cell must have."""
    with open(path, "rb") as f:
        content = json.loads(f.read())
    named = (content.get("nbformat"), content.get("nbformat_minor", 0)) >= (4, 5)
    ids = set()
    for n, part in enumerate([content, *content.get("cells", [])]):
        part.setdefault("metadata", {})
        if part.get("cell_type") == "code":
            part.setdefault("outputs", [])
            part.setdefault("execution_count", None)
        if n and named:
            if part.get("id") in ids | {None}:
                part["id"] = next(i for i in (f"cell-{n + k}" for k in range(n + 1)) if i not in ids)
            ids.add(part["id"])
    nb = nbformat.reads(json.dumps(content), as_version=4)
    for cell in nb.cells:
        cell.source = cell.get("source", "").removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    return nb


def tell(event, **values):
    print(json.dumps({"event": event, **values}), flush=True)


def trace(what):
    """Writes to the file that the library's own trace goes to; see bench/cells."""
    if path := os.environ.get("FASTNB_TRACE"):
        with open(path, "a") as f:
            f.write(f"{time.time_ns()} {os.getpid()} {what}\n")


def title(cell):
    """The cell's first line that does something."""
    lines = [line for line in cell.source.splitlines() if line.strip()]
    return next((line for line in lines if not line.startswith(("%", "import", "//", "\t\"", ")"))), lines[0])


def emptied(output):
    """Whether an output shows nothing any more: a bar whose work is over."""
    return output.output_type == "display_data" and not any(
        text.strip() if isinstance(text, str) else text for text in output.data.values())


class Runner(NotebookClient):
    """Joins what a cell writes as it comes, and waits for all of it."""

    def __init__(self, notebook, **options):
        super().__init__(notebook, **options)
        self.code = [cell for cell in notebook.cells if cell.cell_type == "code" and cell.source.strip()]
        self.began, self.now, self.seen = 0.0, None, 0
        self.streams = Streams()
        self.on_cell_start, self.on_cell_executed, self.on_cell_error = self.start, self.done, self.failed

    def number(self, cell):
        """The number that Jupyter shows: In [n]. None for a cell that isn't run."""
        return next((i for i, c in enumerate(self.code, 1) if c is cell), None)

    def start(self, cell, cell_index):
        self.began, self.streams = time.time(), Streams()
        if n := self.number(cell):
            self.now = cell
            trace(f"cell {n}")
            tell("start", cell=n, of=len(self.code), source=title(cell))

    def done(self, cell, cell_index, execute_reply):
        self.streams.end(cell.outputs)
        cell.outputs[:] = [o for o in cell.outputs if not emptied(o)]
        if execute_reply["content"]["status"] == "ok":
            trace(f"cell {self.number(cell)} done")
            tell("done", cell=self.number(cell), seconds=time.time() - self.began)

    def failed(self, cell, cell_index, execute_reply):
        reply = execute_reply["content"]
        said = "".join(o.text for o in cell.outputs if o.output_type == "stream" and o.name == "stderr")
        if reply["evalue"].strip() not in said:
            said += reply["evalue"]
        said = re.sub(r"\x1b\[[0-9;]*m", "", said)
        n, line = place(self.number(cell), said + "\n".join(reply["traceback"]))
        source = self.code[n - 1].source.splitlines()[line - 1].strip() if line else ""
        tell("error", cell=n, line=line, source=source, message=shorten(said.strip()))

    async def died(self):
        """Tells that the kernel has ended under a cell."""
        self.streams.end(self.now.outputs if self.now else [])
        status = await self.km.provisioner.poll() if self.km and self.km.provisioner else None
        tell("error", cell=self.number(self.now) or 0, line=0, source="",
             message=f"the kernel has ended with status {status} (128 and the signal's number where a signal ended it)")

    def process_message(self, msg, cell, cell_index):
        self.seen += 1
        return super().process_message(msg, cell, cell_index)

    def output(self, outs, msg, display_id, cell_index):
        if self.clear_before_next_output:
            self.streams, self.clear_before_next_output = Streams(), False
            outs[:] = []
            self.clear_display_id_mapping(cell_index)
        if msg["msg_type"] == "stream" and not self.output_hook_stack[msg["parent_header"].get("msg_id")]:
            self.streams.add(outs, msg)
            return None
        return super().output(outs, msg, display_id, cell_index)

    def clear_output(self, outs, msg, cell_index):
        super().clear_output(outs, msg, cell_index)
        if not outs:
            self.streams = Streams()

    async def _async_poll_for_reply(self, msg_id, cell, timeout, outputs, alive):
        """Returns the kernel's reply when all outputs are there, or none has come for a while."""
        reply = await self.kc.shell_channel.get_msg(timeout=None)
        while reply["parent_header"].get("msg_id") != msg_id:
            reply = await self.kc.shell_channel.get_msg(timeout=None)
        seen = -1
        while not outputs.done() and seen != self.seen:
            seen = self.seen
            await asyncio.wait([outputs], timeout=10)
        alive.cancel()
        if outputs.done():
            outputs.result()
        else:
            outputs.cancel()
            tell("note", source=f"the kernel does not say that cell [{self.number(cell)}] has ended: outputs may be missing")
        return reply

    async def listen(self):
        """Tells when a cell asks for input. It reads end-of-file: see go.sh."""
        while True:
            msg = await self.kc.stdin_channel.get_msg(timeout=None)
            if msg["msg_type"] == "input_request":
                tell("note", source=f"cell [{self.number(self.now)}] asks for input ({msg['content'].get('prompt', '').strip()}) and "
                     "reads end-of-file: nobody is there to type. Run it in JupyterLab, or take the value from a variable or a file")

    async def run(self, held):
        """Runs all cells in a kernel of their own, and ends it."""
        self.km = self.create_kernel_manager()
        listening, group = None, None
        try:
            await self.async_start_new_kernel(**held)
            group = getattr(self.km.provisioner, "pgid", None)
            await self.async_start_new_kernel_client()
            listening = asyncio.ensure_future(self.listen())
            info = await self.async_wait_for_reply(self.kc.kernel_info())
            self.nb.metadata["language_info"] = info["content"]["language_info"]
            for index, cell in enumerate(self.nb.cells):
                await self.async_execute_cell(cell, index, execution_count=self.code_cells_executed + 1)
            self.set_widgets_metadata()
        except DeadKernelError:
            if not stopping:
                await self.died()
            raise
        finally:
            if listening:
                listening.cancel()
            await self._async_cleanup_kernel()
            if group:  # cells of a kernel that was killed
                try:
                    os.killpg(group, signal.SIGKILL)
                except ProcessLookupError:
                    pass


def place(n, said):
    """Cell and line that the kernel names for an error: in the cell that ran if it is there, else the first."""
    found = [(int(c), int(l)) for c, l in re.findall(r"Cell ?\[(\d+)\]:? Line (\d+)", said)]
    return next((at for at in found if at[0] == n), found[0] if found else (n, 0))


def shorten(text, most=10_000):
    """The end of a long text: what went wrong is told last."""
    if len(text) <= most:
        return text
    return f"... {len(text) - most:,} characters before this\n{text[-most:]}"


def stop_with_parent():
    """The parent holds the other end of standard input, and never writes."""
    os.read(0, 1)
    os.kill(os.getpid(), signal.SIGINT)


stopping = False


async def run(runner):
    running = asyncio.ensure_future(runner.run({"pass_fds": (3,)} if os.environ.get("FASTNB_HELD") == "3" else {}))

    def stop():
        global stopping
        if not stopping:  # what ends the kernel goes on
            stopping = True
            running.cancel()

    for sig in (signal.SIGINT, signal.SIGTERM):
        try:
            asyncio.get_running_loop().add_signal_handler(sig, stop)
        except NotImplementedError:  # Windows
            pass
    threading.Thread(target=stop_with_parent, daemon=True).start()
    await running


def main(path, out, kernel):
    notebook = read(path)
    runner = Runner(notebook, kernel_name=kernel, timeout=None, startup_timeout=300, record_timing=False,
                    resources={"metadata": {"path": os.path.dirname(path)}})
    status = 0
    try:
        asyncio.run(run(runner))
    except (CellExecutionError, DeadKernelError, asyncio.CancelledError):
        status = 1
    except RuntimeError as e:
        print(f"the kernel does not start: {e}", file=sys.stderr)
        status = 2
    if out and runner.now:
        for cell in notebook.cells:
            cell.metadata.pop("execution", None)
        nbformat.write(notebook, out)
    sys.exit(status)


if __name__ == "__main__":
    main(*sys.argv[1:])
