"""Date parts from fastai's add_datepart, for fastnb/tabular's tests to compare with.

python fastai_datepart.py --out fastai_datepart.json     (packages: peer.py)

"parts" has the columns in fastai's order, "rows" the values: null is missing. The flags and the calendar come from pandas; Elapsed is
in seconds since 1970. The dates are given to fastai as datetime64[ns]: it divides by 1e9 whatever the unit, and pandas 3 reads
a CSV's dates in other units ("elapsed_of_us" shows what becomes of microseconds).
"""
import pandas as pd
from fastai.tabular.core import add_datepart
import peer

EDGES = """1900-02-28 1900-03-01 1904-02-29 1969-12-31 1970-01-01 1970-01-02 1999-12-31 2000-01-01 2000-02-28 2000-02-29 2000-03-01
2004-12-31 2005-01-01 2005-01-02 2005-01-03 2008-12-28 2008-12-29 2008-12-31 2009-12-31 2010-01-01 2010-01-03 2010-01-04
2012-02-29 2012-12-31 2013-01-01 2013-02-28 2013-03-31 2013-06-30 2013-07-01 2013-09-30 2013-10-01
2014-01-31 2014-02-28 2014-03-01 2014-04-01 2014-04-30 2014-08-01 2014-09-17 2014-12-28 2014-12-29 2014-12-31 2015-01-01 2015-01-04
2015-07-31 2015-12-31 2016-01-03 2016-01-04 2016-02-29 2019-12-30 2020-12-31 2021-01-03 2021-01-04 2026-12-31 2027-01-03
2038-01-19 2100-02-28 2100-03-01""".split()
TIMES = ["1969-12-31 23:59:59", "1970-01-01 00:00:01", "2012-02-29 12:34:56", "2014-03-31 00:00:00", "2016-12-31 23:59:59",
         "2038-01-19 03:14:08", "2015-07-31 23:59:59.75"]


def dates():
    return EDGES + TIMES + [None]


def parts(values, unit="ns"):
    return add_datepart(pd.DataFrame({"SaleDate": pd.to_datetime(values, format="ISO8601").as_unit(unit)}), "SaleDate", time=True)


def plain(v):
    "A value as JSON has it: flags as booleans, whole numbers as integers, missing as null."
    if pd.isna(v): return None
    return v if isinstance(v, bool) else int(v)


def main():
    args = peer.arguments(data=None)
    df = parts(dates())
    peer.write(args.out, {"field": "SaleDate", "parts": list(df),
                          "rows": [{"date": d, "values": [plain(v) for v in r]} for d, r in zip(dates(), df.astype(object).values)],
                          "elapsed_of_us": plain(parts(["2014-08-01"], "us")["SaleElapsed"][0])})


if __name__ == "__main__":
    main()
