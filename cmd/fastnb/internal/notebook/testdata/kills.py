"""kills.py KERNEL DIR COUNT SEED: runs the cells of a small lesson in the real kernel, over and over, and kills the
resident engine or the cell, by turns, at a random moment. After each it runs the lesson on and compares what was saved.
Writes one JSON object a line."""
import glob, json, os, random, signal, sys, time

from jupyter_client import KernelManager

kernel, folder, count, seed = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
random.seed(seed)

SETUP = '''
import (
	"fmt"

	"github.com/fastnb/fastnb/datasets"
	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/fastnb/nb"
	"github.com/fastnb/fastnb/fastnb/vision"
	"github.com/fastnb/fastnb/fastnb/vision/arch"
)

func pets() *vision.Learner {
	path := nb.Must(datasets.Fetch("pets_sample"))
	data := nb.Must(vision.FromPaths(path, vision.Size(64), vision.WorkDir(%s)))
	return nb.Must(vision.Pretrained(arch.EfficientNetLite0, data, vision.Precompute(true)))
}

func told(learn *vision.Learner) { fmt.Printf("valid %%.6f\\n", nb.Must(learn.Predict(fastnb.Valid)).LogLoss()) }
''' % json.dumps(folder)

# Each cell maps one saved name to another. What a cell tells is the same whenever it runs.
CELLS = [
    '%%\nlearn := pets()\nnb.Check(learn.Fit(fastnb.LR(0.01), 2))\nnb.Check(learn.Save("one"))\ntold(learn)',
    '%%\nlearn := nb.Load(pets(), "one")\nnb.Check(learn.Fit(fastnb.LR(0.003), 60))\nnb.Check(learn.Save("two"))\ntold(learn)',
    '%%\ntold(nb.Load(pets(), "two"))',
]


def tell(**values):
    print(json.dumps(values), flush=True)


def alive(pid):
    try:
        with open(f"/proc/{pid}/stat") as f:
            return f.read().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def children(pid):
    found = []
    for path in glob.glob("/proc/[0-9]*/stat"):
        try:
            with open(path) as f:
                text = f.read()
        except OSError:
            continue
        if int(text.rsplit(")", 1)[1].split()[1]) == pid:
            found.append((int(text.split()[0]), text.split("(", 1)[1].rsplit(")", 1)[0]))
    return found


def engines():
    """The processes of engines that use our socket folder."""
    found = []
    for path in glob.glob("/proc/[0-9]*/cmdline"):
        try:
            with open(path, "rb") as f:
                words = f.read().decode(errors="replace").split("\0")
        except OSError:
            continue
        if "engine" in words and "serve" in words and any(w.startswith(os.environ["XDG_RUNTIME_DIR"]) for w in words):
            found.append(int(path.split("/")[2]))
    return found


class Cell:
    """A cell that runs."""

    def __init__(self, client, source):
        self.client, self.said, self.status = client, "", None
        self.request = client.execute(source, stop_on_error=False)

    def wait(self, seconds):
        """Reads what the kernel says for so long, or until the cell has ended."""
        until = time.time() + seconds
        while self.status is None and time.time() < until:
            try:
                m = self.client.get_iopub_msg(timeout=max(0.001, min(0.05, until - time.time())))
            except Exception:
                continue
            if m["parent_header"].get("msg_id") != self.request:
                continue
            if m["msg_type"] == "stream":
                self.said += m["content"]["text"]
            elif m["msg_type"] == "error":
                self.said += m["content"]["evalue"]
            elif m["msg_type"] == "status" and m["content"]["execution_state"] == "idle":
                self.status = "ended"
        return self.status

    def valid(self):
        return [line for line in self.said.splitlines() if line.startswith("valid ")]


def run(client, source, limit=300):
    cell = Cell(client, source)
    if cell.wait(limit) is None:
        raise SystemExit(f"a cell does not end: {cell.said}")
    return cell


manager = KernelManager(kernel_name=kernel)
manager.start_kernel(cwd=folder)
client = manager.client()
client.start_channels()
client.wait_for_ready(timeout=300)
try:
    gonb = children(manager.provisioner.process.pid)[0][0]  # the kernel's keeper runs it
    run(client, SETUP + "\n%%\npets()")  # fills the caches
    began = time.time()
    cells = [run(client, cell) for cell in CELLS]
    want = [cell.valid() for cell in cells]
    if any(len(w) != 1 for w in want):
        raise SystemExit("the lesson does not run: " + "".join(cell.said for cell in cells))
    once = (time.time() - began) / len(CELLS)
    tell(event="lesson", valid=want, seconds=once)
    for n in range(count):
        i, victim = random.randrange(len(CELLS)), "engine" if n % 2 == 0 else "cell"
        cell = Cell(client, CELLS[i])
        cell.wait(random.uniform(0, 1.2 * once))
        if victim == "engine":
            killed = engines()
        else:
            killed = [pid for pid, name in children(gonb) if name.startswith("gonb_")]
        for pid in killed:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        cell.wait(300)
        after = run(client, CELLS[i])
        last = run(client, CELLS[2])
        tell(event="kill", n=n, victim=victim, cell=i, killed=len(killed), hit=cell.valid() != want[i],
             said=cell.said.strip()[-200:], right=after.valid() == want[i] and last.valid() == want[2],
             after=after.said.strip()[-300:] if after.valid() != want[i] else "", engines=len(engines()))
    left = children(gonb)
finally:
    client.stop_channels()
    manager.shutdown_kernel(now=False)
tell(event="end", children=[name for _, name in left if name.startswith("gonb_")], engines=len(engines()))
