"""h2load, the generator for HTTP/2 and for thousands of clients."""

import random
import re
import resource
import subprocess
import tempfile

from generators import GRACE, PINNED, RequestFailed
from vault import BUILD


def targets(load, count, file):
    """Writes addresses of secrets chosen at random.

    h2load has each of its clients read them from the first on, so a secret is
    read by all of them at about the same time: with few clients that matters
    little, with thousands they are all after the same few secrets.
    """
    scheme = "https" if load.tls else "http"
    pick = random.Random(load.seed)
    for _ in range(count):
        target = load.target.format(number=f"{pick.randrange(load.count):07d}")
        file.write(f"{scheme}://{load.host_header}{target}\n")
    file.flush()


def percentiles(path):
    """Of the log: start, status, microseconds, in columns."""
    with open(path, encoding="ascii") as log:
        times = sorted(int(line.split("\t")[2]) for line in log)
    return {name: times[min(len(times) - 1, int(len(times) * share))]
            for name, share in (("p50_us", .5), ("p90_us", .9), ("p99_us", .99),
                                ("p999_us", .999))}


def files_allowed():
    """Open files, and so connections, that this process and those it starts
    may have: as many as the system lets it."""
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return hard


def h2load(load, *amount, addresses=20000):
    """Runs it with `amount` (options that say how much).

    The token stands in its command line, for it takes headers in no other
    way; it is good for this vault only, and that is gone soon.
    """
    with tempfile.NamedTemporaryFile("w", dir=BUILD) as uris, \
            tempfile.NamedTemporaryFile(dir=BUILD) as log:
        targets(load, addresses, uris)
        output = subprocess.run(
            [*PINNED, "h2load", "-c", str(load.connections), *map(str, amount),
             "-i", uris.name, f"--connect-to=127.0.0.1:{load.port}",
             f"--log-file={log.name}",
             "-H", f"Authorization: Bearer {load.vault.bearer}"],
            env=load.environment(), check=True, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            timeout=load.seconds + GRACE).stdout
        return {**result(output), **percentiles(log.name)}


def result(output):
    done = re.search(r"(\d+) done, (\d+) succeeded, (\d+) failed, (\d+) errored,"
                     r" (\d+) timeout", output)
    finished = re.search(r"finished in ([\d.]+)(us|ms|s), ([\d.]+) req/s", output)
    if not done or not finished:
        raise RequestFailed(f"h2load gave no result:\n{output}")
    n, succeeded, *bad = map(int, done.groups())
    if any(bad) or n == 0 or succeeded != n:
        raise RequestFailed(f"requests failed:\n{output}")
    unit = {"us": 1e-6, "ms": 1e-3, "s": 1}[finished.group(2)]
    return {"requests": n, "rps": float(finished.group(3)),
            "seconds": float(finished.group(1)) * unit}
