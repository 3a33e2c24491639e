"""Workers that are kept busy while something is taken away."""

import threading
import time

from support.server import API
from support.waiting import wait_until

CONNECTIONS = 16


class Load:
    """Threads that read the secret guarded with one token, each on its own
    connection.

    log has (when the request began, its status, which worker answered).
    """

    def __init__(self, server, token, vault="demo"):
        self.server = server
        self.vault = vault
        self.token = token
        self.log = []
        self.failures = []
        self.ending = threading.Event()
        self.threads = [threading.Thread(target=self.read)
                        for _ in range(CONNECTIONS)]

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.ending.set()
        for thread in self.threads:
            thread.join()
        assert not self.failures, self.failures[0]

    def read(self):
        try:
            with self.server.connect() as connection:
                while not self.ending.is_set():
                    begin = time.monotonic()
                    answer = self.server.call(
                        "GET", f"/secrets/guarded?{API}", token=self.token,
                        vault=self.vault, connection=connection)
                    self.log.append((begin, answer.status,
                                     answer.header("X-Worker")))
        except Exception as failure:  # reported by __exit__
            self.failures.append(failure)

    def after(self, moment):
        return [entry for entry in self.log[:] if entry[0] > moment]

    def both_workers_answer(self, status, moment):
        """Waits until both workers have answered so to later requests."""
        wait_until(
            lambda: self.failures or {
                w for _, s, w in self.after(moment) if s == status
            } >= set(map(str, self.server.workers())),
            f"both workers answer {status}")
        assert not self.failures, self.failures[0]

    def only(self, status, moment):
        wrong = [entry for entry in self.after(moment) if entry[1] != status]
        assert not wrong, (
            f"{len(wrong)} requests that began later were answered "
            f"otherwise, the first {wrong[0][0] - moment:.6f} s later: "
            f"{wrong[0]}")
