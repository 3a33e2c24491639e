"""How long a read takes, at rates that one worker can serve.

In a closed loop a slow answer delays the next question, so its latencies are
too good where it matters.  Here requests come at a constant rate, and what
waits in line is counted from when it was due.
"""

from generators import rate

# in percent of the highest rate
QUICK = (10, 25, 50, 75, 85, 95)
FULL = (10, 20, 30, 40, 50, 60, 70, 80, 90, 95)
# a figure hangs on this one: it is measured in rounds also when time is short
HALF = 50


def latency(suite):
    """The limit at the same rates shows what the machine itself adds."""
    with suite.main().serving() as vault:
        highest = suite.highest(vault)
        full = suite.arguments.full
        for percent in FULL if full else QUICK:
            per_second = highest * percent / 100
            thorough = full or percent == HALF
            load = suite.load(vault)
            found = suite.compare(
                load.but(seconds=max(load.seconds, 3 if thorough else 1)),
                lambda load: rate(load, per_second),
                rounds=suite.arguments.rounds if thorough else 1,
                warm=False, forgetting=False)
            suite.row(f"latency-{percent}",
                      f"{per_second:,.0f}/s, {percent} % of the highest rate",
                      found, rate=per_second, percent=percent, highest=highest,
                      note=f"limit: p99 {found['limit']['p99_us']:,.0f}, "
                           f"p99.9 {found['limit']['p999_us']:,.0f}")
