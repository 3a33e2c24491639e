"""The programs that make load: wrk, h2load, and our own `rate`.

Each function runs one of them for some seconds and returns what it found:
requests, rps and latencies in microseconds.  A request that fails ends it with
RequestFailed: figures of a server that fails are worth nothing.
"""

import json
import os
import re
import subprocess
from dataclasses import dataclass, replace
from pathlib import Path

from vault import BUILD, HOST, LATEST

FOLDER = Path(__file__).resolve().parent

# the core for the generator; the worker has the other one
PINNED = ["taskset", "-c", "1"]

# a process that hangs is ended so long after its time
GRACE = 60


class RequestFailed(Exception):
    """A request was not answered with success, or not at all."""


@dataclass(frozen=True)
class Load:
    """What to ask of whom; one is made per case and varied by `but()`."""

    vault: object
    side: str = "ours"
    tls: bool = False
    script: str = "read"
    target: str = LATEST
    secrets: int = 0  # 0: all of the vault
    connections: int = 32
    seconds: int = 2
    threads: int = 1
    seed: int = 1
    sleeping: bool = False  # wrk sleeps when there is nothing to do
    pinned: bool = True
    writes: int = 0  # percent, for write.lua
    tokens: str = ""  # a file, for tokens.lua
    body: str = ""  # for post.lua
    per_second: int = 0  # at most; 0: as many as are answered

    def but(self, **changes):
        return replace(self, **changes)

    @property
    def port(self):
        return self.vault.ports[self.side, self.tls]

    @property
    def count(self):
        return self.secrets or self.vault.secrets

    @property
    def host_header(self):
        return f"{HOST}:{self.port}"

    def environment(self):
        """Where the token is not in sight of `ps`."""
        environment = {
            **os.environ, "BENCH_TOKEN": self.vault.bearer,
            "BENCH_SECRETS": str(self.count), "BENCH_TARGET": self.target,
            "BENCH_SEED": str(self.seed), "BENCH_FOLDER": str(FOLDER),
            "BENCH_WRITES": str(self.writes), "BENCH_TOKENS": self.tokens,
            "BENCH_VALUE": str(self.vault.value),
            "BENCH_BODY": self.body,
            "BENCH_RATE": str(self.per_second),
            "BENCH_CONNECTIONS": str(self.connections)}
        if not self.sleeping:
            environment["LD_PRELOAD"] = str(BUILD / "poll.so")
        return environment


def wrk_command(load):
    scheme = "https" if load.tls else "http"
    return [*(PINNED if load.pinned else []), "wrk", "-t", str(load.threads),
            "-c", str(load.connections), "-d", f"{load.seconds}s",
            "--timeout", "30s", "-s", str(FOLDER / f"{load.script}.lua"),
            "-H", f"Host: {load.host_header}",
            f"{scheme}://127.0.0.1:{load.port}"]


def wrk_result(output):
    found = re.search(r"RESULT (.*)", output)
    if not found:
        raise RequestFailed(f"wrk gave no result:\n{output}")
    n, us, errors, p50, p90, p99, p999 = map(int, found.group(1).split())
    if errors or not n:
        raise RequestFailed(f"{errors} of {n} requests failed:\n{output}")
    return {"requests": n, "rps": n / us * 1e6, "p50_us": p50, "p90_us": p90,
            "p99_us": p99, "p999_us": p999}


def wrk(load):
    """A closed loop: each connection asks again when it has its answer."""
    return wrk_result(subprocess.run(
        wrk_command(load), env=load.environment(), check=True, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        timeout=load.seconds + GRACE).stdout)


def wrk_beside(load):
    """The same, as a process that runs beside something else; the caller
    takes its output, or ends it."""
    return subprocess.Popen(
        wrk_command(load), env=load.environment(), text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


def rate(load, per_second):
    """Requests at a constant rate, see rate.c; 0: a closed loop."""
    output = subprocess.run(
        [*PINNED, BUILD / "rate", "-p", str(load.port), "-h", load.host_header,
         "-n", str(load.count), "-c", str(load.connections),
         "-r", str(int(per_second)), "-t", str(load.seconds),
         "-s", str(load.seed)],
        env={**os.environ, "BENCH_TOKEN": load.vault.bearer}, check=True,
        text=True, stdout=subprocess.PIPE,
        timeout=load.seconds + GRACE).stdout
    result = json.loads(output)
    if result["errors"] or not result["answered"]:
        raise RequestFailed(f"{result['errors']} requests failed: {output}")
    return {"requests": result.pop("answered"), "rps": result.pop("rate"),
            **result}
