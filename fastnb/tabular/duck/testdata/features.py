"""Reference numbers for date parts, elapsed days and rolling sums, as fast.ai computes them with pandas.

    python -m venv /tmp/venv && /tmp/venv/bin/pip install pandas==3.1.1 numpy==2.4.6
    /tmp/venv/bin/python features.py > features.json
"""

import json
import sys

import numpy as np
import pandas as pd


def date_parts(dates):
    d = pd.Series(pd.to_datetime(dates, format="ISO8601")).dt
    parts = {name: getattr(d, name.lower()) for name in ("Year", "Month", "Day", "Is_month_end", "Is_month_start",
             "Is_quarter_end", "Is_quarter_start", "Is_year_end", "Is_year_start", "Hour", "Minute", "Second")}
    parts["Dayofweek"], parts["Dayofyear"] = d.day_of_week, d.day_of_year
    parts["Week"] = d.isocalendar().week
    parts["Elapsed"] = pd.Series(pd.to_datetime(dates, format="ISO8601")).astype("datetime64[s]").astype("int64")
    return {name: [int(v) for v in values] for name, values in parts.items()}


def elapsed(rows, descending):
    """Days since the last event of a store, going through its days in one direction; None before the first."""
    out, last, store = {}, None, None
    for s, d, event in sorted(rows, key=lambda r: (r[0], r[1].toordinal() * (-1 if descending else 1))):
        if s != store:
            last, store = None, s
        if event:
            last = d
        out[s, d] = None if last is None else (d - last).days
    return [out[s, d] for s, d, _ in rows]


def rolling(frame, k, descending):
    f = frame.set_index("Date").sort_index(ascending=not descending)
    sums = f.groupby("Store")["Promo"].rolling(k, min_periods=1).sum()
    return [float(sums[s, d]) for s, d in zip(frame.Store, frame.Date)]


def main():
    rng = np.random.default_rng(7)
    dates = [str(d.date()) for d in pd.date_range("2011-12-20", "2013-01-15")]
    dates += ["1969-12-31 23:59:58", "1950-03-31 00:00:01", "2000-02-29 12:34:56", "2015-12-31 23:59:59", "2020-12-31", "2021-01-01", "2026-12-28 06:07:08"]
    frame = pd.DataFrame([(s, d) for s in (1, 2, 3, 4) for d in pd.date_range("2014-01-01", periods=40) if s != 2 or d.day % 3],
                         columns=["Store", "Date"])
    frame["Promo"] = (rng.random(len(frame)) < .15).astype(int) * (frame.Store < 4)
    frame = frame.sample(frac=1, random_state=3).reset_index(drop=True)
    rows = list(zip(frame.Store, frame.Date.dt.date, frame.Promo))
    json.dump({
        "dates": dates, "parts": date_parts(dates),
        "store": frame.Store.tolist(), "date": [str(d.date()) for d in frame.Date], "promo": frame.Promo.tolist(),
        "since": elapsed(rows, False), "until": elapsed(rows, True),
        "backward": rolling(frame, 7, False), "forward": rolling(frame, 7, True),
    }, sys.stdout)


main()
