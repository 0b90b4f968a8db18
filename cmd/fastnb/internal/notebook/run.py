"""run.py NOTEBOOK OUT KERNEL: executes a notebook; writes what happens to standard output, one JSON object a line."""
import json, os, re, signal, sys, threading, time

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

path, out, kernel = sys.argv[1:]
notebook = nbformat.read(path, as_version=4)
code = [cell for cell in notebook.cells if cell.cell_type == "code" and cell.source.strip()]
began = 0.0


def tell(event, **values):
    print(json.dumps({"event": event, **values}), flush=True)


def trace(what):
    """Writes to the file that the library's own trace goes to; see bench/cells."""
    if path := os.environ.get("FASTNB_TRACE"):
        with open(path, "a") as f:
            f.write(f"{time.time_ns()} {os.getpid()} {what}\n")


def number(cell):
    """The number that Jupyter shows: In [n]. None for a cell that isn't run."""
    return next((i for i, c in enumerate(code, 1) if c is cell), None)


def title(cell):
    """The cell's first line that does something."""
    lines = [line for line in cell.source.splitlines() if line.strip()]
    return next((line for line in lines if not line.startswith(("%", "import", "//", "\t\"", ")"))), lines[0])


def start(cell, cell_index):
    global began
    began = time.time()
    if number(cell):
        trace(f"cell {number(cell)}")
        tell("start", cell=number(cell), of=len(code), source=title(cell))


def done(cell, cell_index, execute_reply):
    if execute_reply["content"]["status"] == "ok":
        trace(f"cell {number(cell)} done")
        tell("done", cell=number(cell), seconds=time.time() - began)


def failed(cell, cell_index, execute_reply):
    reply = execute_reply["content"]
    said = "".join(o.text for o in cell.outputs if o.output_type == "stream" and o.name == "stderr")
    if reply["evalue"].strip() not in said:
        said += reply["evalue"]
    said = re.sub(r"\x1b\[[0-9;]*m", "", said)
    n, line = place(number(cell), said + "\n".join(reply["traceback"]))
    source = code[n - 1].source.splitlines()[line - 1].strip() if line else ""
    tell("error", cell=n, line=line, source=source, message=said.strip())


def place(n, said):
    """Cell and line that the kernel names for an error: in the cell that ran if it is there, else the first."""
    found = [(int(c), int(l)) for c, l in re.findall(r"Cell ?\[(\d+)\]:? Line (\d+)", said)]
    return next((at for at in found if at[0] == n), found[0] if found else (n, 0))


def write():
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
    nbformat.write(notebook, out + ".tmp")
    os.replace(out + ".tmp", out)


def stop_with_parent():
    """The parent holds the other end of standard input, and never writes."""
    os.read(0, 1)
    os.kill(os.getpid(), signal.SIGINT)


threading.Thread(target=stop_with_parent, daemon=True).start()
client = NotebookClient(notebook, kernel_name=kernel, timeout=None, record_timing=False, coalesce_streams=True,
                        resources={"metadata": {"path": os.path.dirname(path)}})
client.on_cell_start, client.on_cell_executed, client.on_cell_error = start, done, failed
try:
    client.execute()
except CellExecutionError:
    sys.exit(1)
finally:
    if out:
        write()
