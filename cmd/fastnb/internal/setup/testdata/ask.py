"""ask.py KERNEL HOW: asks the kernel as JupyterLab does for Tab and shift-Tab, ends it, and prints what came as JSON.
HOW is "shutdown" or "kill"."""
import json, sys

import psutil
from jupyter_client.manager import start_new_kernel

kernel, how = sys.argv[1:]
IMPORTS = """import (
	"github.com/fastnb/fastnb/datasets"
	"github.com/fastnb/fastnb/fastnb/nb"
	"github.com/fastnb/fastnb/fastnb/vision"
)"""
WHOLE = '%%\npath := nb.Must(datasets.Fetch("pets_sample"))\ndata := nb.Must(vision.From)\n_ = data'
HALF = '%%\npath := nb.Must(datasets.Fetch("pets_sample"))\ndata := nb.Must(vision.FromPaths(path, vision.Si'


def reply(ask, code, after):
    """Sends code with the cursor behind the text after; what comes back for it."""
    sent = ask(code, code.index(after) + len(after))
    while True:
        message = client.get_shell_msg(timeout=60)
        if message["parent_header"]["msg_id"] == sent:
            return message["content"]


def matches(code, after):
    """Completions; on a machine where gopls has never been, it reads the library's dependencies first."""
    for _ in range(20):
        answer = reply(client.complete, code, after)
        if answer["matches"]:
            break
    return answer["matches"]


def documentation(code, after):
    return reply(client.inspect, code, after)["data"].get("text/markdown", "")


def stop():
    """Ends the kernel; how many programs that it started are left a while later."""
    started = psutil.Process(manager.provisioner.pid).children(recursive=True)
    names = [p.name() for p in started]
    manager.shutdown_kernel(now=how == "kill")
    _, alive = psutil.wait_procs(started, timeout=30)
    return names, [p.name() for p in alive if p.status() != psutil.STATUS_ZOMBIE]


told = {}
manager, client = start_new_kernel(kernel_name=kernel)
try:
    client.execute_interactive(IMPORTS, timeout=300)
    told = {
        "Whole": matches(WHOLE, "vision.From"),
        "Half": matches(HALF, "vision.Si"),
        "WholeDoc": documentation(WHOLE.replace("From)", "FromPaths(path))"), "vision.From"),
        "HalfDoc": documentation(HALF, "vision.From"),
    }
finally:
    told["Started"], told["Left"] = stop()
print(json.dumps(told))
