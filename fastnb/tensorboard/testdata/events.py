"""What TensorBoard's own code writes and reads.

    pip install tensorboard==2.21.0 setuptools==65.5.0
    python events.py           # makes python.tfevents, written by TensorBoard, and events.json: what it holds, what is read
    python events.py FOLDER    # prints as JSON what is read of a run's folder: tag -> [[wall time, step, value], ...]
"""
import json
import sys
from pathlib import Path

from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.compat.proto.event_pb2 import Event, SessionLog
from tensorboard.compat.proto.summary_pb2 import Summary
from tensorboard.summary.writer.record_writer import RecordWriter

here = Path(__file__).parent
start = 1700000000.25
events = [
    dict(wall=start + 1, step=1, scalars=[["train/loss", 0.7], ["train/lr", 1e-5]]),
    dict(wall=start + 1, step=2, scalars=[["train/loss", 0.5], ["train/lr", 0.01]]),
    dict(wall=start + 2.5, step=2, scalars=[["valid/loss", 0.6], ["valid/accuracy", 0.8125], ["valid/größe", -1e30]]),
    dict(wall=start + 3, step=70000, scalars=[["train/loss", 1e-40], ["train/lr", 0.0]]),
]


def read(folder):
    acc = EventAccumulator(str(folder), size_guidance={"scalars": 0})
    acc.Reload()
    return {tag: [[e.wall_time, e.step, e.value] for e in acc.Scalars(tag)] for tag in acc.Tags()["scalars"]}


def write(path):
    with open(path, "wb") as f:
        w = RecordWriter(f)
        w.write(Event(wall_time=start, file_version="brain.Event:2").SerializeToString())
        w.write(Event(wall_time=start, session_log=SessionLog(status=SessionLog.START)).SerializeToString())
        for e in events:
            values = [Summary.Value(tag=tag, simple_value=v) for tag, v in e["scalars"]]
            w.write(Event(wall_time=e["wall"], step=e["step"], summary=Summary(value=values)).SerializeToString())


if len(sys.argv) > 1:
    print(json.dumps(read(sys.argv[1])))
else:
    write(here / "python.tfevents")
    made = dict(start=start, events=events, read=read(here / "python.tfevents"))
    (here / "events.json").write_text(json.dumps(made, indent=1, ensure_ascii=False) + "\n")
