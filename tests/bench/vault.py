"""The server under test: a vault full of secrets, its limit, its processes."""

import os
import subprocess
from contextlib import contextmanager
from threading import Event, Thread

import configuration
from support.paths import ROOT
from support.server import VaultServer, free_ports
from support.tokens import ISSUER

API = "api-version=7.4"
HOST = "demo.vault.localhost"
BUILD = ROOT / "build" / "bench"

LATEST = "/secrets/bench-{number}/?" + API
CURRENT = "/secrets/bench-{number}/0{version}?" + API
EARLIER = "/secrets/bench-{number}/1{version}?" + API
LIST = "/secrets?" + API
VERSIONS = "/secrets/bench-0000000/versions?" + API

# the principal whose tokens we sign ourselves
SIGNED_OID = "6a1b4a53-7c5f-4f0b-9d4e-6a3f6f3f0001"

ONE_WORKER = {"WORKERS": 1, "AFFINITY": "01", "CONNECTIONS": 1024}


class BenchVault(VaultServer):
    """A VaultServer with `secrets` secrets of `value` bytes, of which the
    first `older` have an earlier version."""

    def __init__(self, secrets, value, older=0):
        super().__init__(config=configuration.CONFIG, start=False,
                         values={**ONE_WORKER, "LIMIT": "", "ISSUER": ISSUER})
        self.secrets = secrets
        self.value = value
        self.older = older
        self.answers = {}
        self.limit = ""

    def ctl(self, *arguments):
        if arguments[0] == "init":
            arguments += ("--max-size", "64g")
        return super().ctl(*arguments)

    def prepare(self):
        super().prepare()
        limits = free_ports(2)
        self.values.update(LIMIT_PORT=limits[0], LIMIT_TLS_PORT=limits[1])
        # by side and whether TLS
        self.ports = {("ours", False): self.port, ("ours", True): self.tls_port,
                      ("limit", False): limits[0], ("limit", True): limits[1]}
        self.principal = self.create_principal("bench")
        self.allow(self.principal.object_id, "get", "list", "set")
        self.allow(SIGNED_OID, "get")
        subprocess.run(
            [BUILD / "fill", self.store, self.seal, "demo", str(self.secrets),
             str(self.value), str(self.older)], check=True)
        with self.serving():
            self.bearer = self.local_token(self.principal)
            self.learn("/", LATEST.format(number="0000000"))

    def learn(self, location, target):
        """Keeps the answer to a request as the limit's; from the next start
        on the limit gives it."""
        self.answers[location] = self.read(target)
        self.limit = configuration.limit(self.answers)

    def read(self, target):
        answer = self.call("GET", target, token=self.bearer)
        assert answer.status == 200, answer
        return answer

    def set_first(self):
        """One more version of the first secret."""
        answer = self.call("PUT", f"/secrets/bench-0000000?{API}",
                           {"value": "v" * self.value}, token=self.bearer)
        assert answer.status == 200, answer

    @contextmanager
    def serving(self, **values):
        """nginx, from start to end; values replace those of ONE_WORKER."""
        self.write_config(**{**ONE_WORKER, "LIMIT": self.limit, **values})
        self.start()
        try:
            yield self
        finally:
            self.stop()

    def worker_ns(self):
        """CPU time that all threads of the workers have had, as the scheduler
        accounts it."""
        total = 0
        for pid in self.workers():
            for task in os.listdir(f"/proc/{pid}/task"):
                with open(f"/proc/{pid}/task/{task}/schedstat",
                          encoding="ascii") as file:
                    total += int(file.read().split()[0])
        return total

    def forget_records(self):
        if self.audit_log.exists():
            os.truncate(self.audit_log, 0)

    @contextmanager
    def forgetting_records(self):
        """Empties the file of access records four times a second.

        Otherwise it would grow into memory for the page cache that a virtual
        machine has not touched yet, or has given back, and the host's faults
        at the first touch (several times what the write itself costs) would be
        charged to the worker that writes.
        """
        done = Event()

        def forget():
            while not done.wait(0.25):
                self.forget_records()

        thread = Thread(target=forget)
        thread.start()
        try:
            yield
        finally:
            done.set()
            thread.join()
