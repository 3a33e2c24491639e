#!/usr/bin/env python3
"""Measures the vault against the least that nginx can do for the same request.

Each case runs a server of its own on the loopback address, its worker on one
core and the generator of requests on the other, and reports rows; from these
follow the figures of docs/performance.md.  Exit code 1: a request failed or a
server did not start.  A figure that is missed is no failure.
"""

import argparse
import os
import signal
import sys
import tempfile
import traceback
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import cases_events
import cases_keys
import cases_latency
import cases_reads
import cases_server
import cases_soak
import cases_tokens
import cases_writes
from report import Report
from suite import Suite
from vault import BUILD

# in this order: those that write come after those that read
CASES = {
    "reads": cases_reads.reads,
    "values": cases_reads.values,
    "versions": cases_reads.versions,
    "scale": cases_reads.scale,
    "tokens": cases_tokens.tokens,
    "latency": cases_latency.latency,
    "workers": cases_server.workers,
    "start": cases_server.start,
    "storm": cases_server.storm,
    "memory": cases_server.memory,
    "events": cases_events.events,
    "lists": cases_reads.lists,
    "keys": cases_keys.keys,
    "keys-beside": cases_keys.keys_beside,
    "writes": cases_writes.writes,
    "mix": cases_writes.mix,
    "beside": cases_writes.beside,
    "soak": cases_soak.soak,
}
ONLY_FULL = {"soak"}


def cases_of(text):
    names = text.split(",")
    unknown = set(names) - set(CASES)
    if unknown:
        raise argparse.ArgumentTypeError(
            f"{', '.join(sorted(unknown))}: no case; there are "
            + ", ".join(CASES))
    return names


def parse():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    add = parser.add_argument
    add("--full", action="store_true",
        help="longer rounds, ten million secrets, the soak")
    add("--cases", type=cases_of, metavar="CASE,…",
        help="only these: " + ",".join(CASES))
    add("--secrets", type=int, default=1000000, help="in the vault that most "
        "cases read (1000000)")
    add("--value", type=int, default=100, help="bytes of each (100)")
    add("--seconds", type=int, help="of each round (1, with --full 5)")
    add("--rounds", type=int, default=5,
        help="of which the median counts (5)")
    add("--connections", type=int, default=32, help="of the generator (32)")
    add("--most", type=int, default=10000000,
        help="no vault has more secrets, also in the case scale")
    add("--soak-seconds", type=int, default=3600, help="(3600)")
    add("--soak-rate", type=int, default=0, help="requests a second in the "
        "soak; new tokens a\ntenth of that (as many as are answered)")
    add("--output", type=Path, default=BUILD / "result.json")
    arguments = parser.parse_args()
    arguments.seconds = arguments.seconds or (5 if arguments.full else 1)
    arguments.cases = arguments.cases or [
        name for name in CASES if arguments.full or name not in ONLY_FULL]
    return arguments


def interrupted(*_):
    """So that servers and generators are ended in this case, too."""
    raise SystemExit("bench: interrupted")


def run(suite, names):
    for name, case in CASES.items():
        if name not in names:
            continue
        suite.report.begin(name)
        try:
            case(suite)
        except Exception as error:  # the other cases are worth running
            traceback.print_exc()
            suite.report.fail(f"{type(error).__name__}: {error}")


def main():
    arguments = parse()
    signal.signal(signal.SIGTERM, interrupted)
    if (os.cpu_count() or 1) < 2:
        sys.exit("bench: the server and the generator need a core each")
    # beside the build, so that writes go to a disk and not to a tmpfs
    BUILD.mkdir(parents=True, exist_ok=True)
    tempfile.tempdir = str(BUILD)
    report = Report(arguments.output, {
        key: str(value) if isinstance(value, Path) else value
        for key, value in vars(arguments).items()})
    try:
        with Suite(arguments, report) as suite:
            run(suite, arguments.cases)
    except AssertionError as error:  # what the servers' logs hold
        report.fail(str(error))
    report.say("done")
    print(report.table())
    sys.exit(1 if report.failures else 0)


if __name__ == "__main__":
    main()
