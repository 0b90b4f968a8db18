"""Runs the Go program that `fastnb kaggle pack` put beside this file, without a network.

The folder of the data set is read-only, so program and libraries are copied to a temporary one, and what the program
reads is linked into the working folder while it runs; what it writes there is the notebook's output. Inputs of the
notebook are a mirror of fastnb's: datasets.Competition finds the competition's folder among them.
"""
import json
import os
import pathlib
import shutil
import subprocess
import tempfile

here = pathlib.Path(__file__).resolve().parent
pack = json.loads((here / "pack.json").read_text())
working = pathlib.Path("/kaggle/working") if pathlib.Path("/kaggle/working").is_dir() else pathlib.Path.cwd()


def command(room):
    """Copies what is executed, and returns how the program is called."""
    for name in [pack["program"], pack["loader"], *pack["libraries"]]:
        if name:
            shutil.copyfile(here / name, room / name)
            (room / name).chmod(0o755)
    start = [room / pack["program"]]
    if pack["loader"]:
        start = [room / pack["loader"], "--library-path", room] + start
    args = globals().get("args")
    return [str(s) for s in start + (pack["args"] if args is None else args)]


def environment(room):
    """Returns the variables that the program sees."""
    env = dict(os.environ, FASTNB_CACHE=str(room / "cache"), **pack["env"])
    env.setdefault("HOME", str(room))
    inputs = ["/kaggle/input", "/kaggle/input/competitions", str(here)]
    env["FASTNB_MIRROR"] = os.pathsep.join(filter(None, [env.get("FASTNB_MIRROR"), *inputs]))
    if pack["plugin"]:
        env["FASTNB_PLUGIN"] = str(room / pack["plugin"])
    return env


def link():
    """Links the files that the program reads, and returns the links."""
    links = []
    for name, path in pack["files"].items():
        target = working / path
        if not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            target.symlink_to(here / name)
            links.append(target)
    return links


def unlink(links):
    """Removes the links, and the folders that were made for them, lest they count as output."""
    for target in links:
        target.unlink(missing_ok=True)
        for folder in target.parents:
            if folder == working or any(folder.iterdir()):
                break
            folder.rmdir()


def main():
    room, links = pathlib.Path(tempfile.mkdtemp(prefix="fastnb-")), link()
    try:
        with subprocess.Popen(command(room), cwd=working, env=environment(room), text=True, errors="replace",
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as process:
            for line in process.stdout:
                print(line, end="", flush=True)
    finally:
        unlink(links)
        shutil.rmtree(room, ignore_errors=True)
    if process.returncode:
        raise RuntimeError(f"the program ended with status {process.returncode}; what it said stands above")


main()
