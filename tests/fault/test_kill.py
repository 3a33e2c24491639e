"""kill -9 in the middle of concurrent writes.

Every write that was acknowledged is there afterwards with its right value,
every record opens, and the next start needs no repair.
"""

import os
import random
import signal
import threading

import pytest

from support.config import BASE
from support.server import API, VaultServer, children, process_alive
from support.waiting import wait_until
from support.wire import Closed

ROUNDS = 10
WRITES = 2000
CONNECTIONS = 32


class Writers:
    """2,000 writes over 32 connections: new secrets, and now and then a new
    version of a secret that all rounds share."""

    def __init__(self, server, round_number):
        self.server = server
        self.round = round_number
        self.lock = threading.Lock()
        self.next = 0
        self.acknowledged = {}
        self.begun = {}
        self.failures = []
        self.stopped = threading.Event()
        self.threads = [threading.Thread(target=self.run, args=(thread,))
                        for thread in range(CONNECTIONS)]

    def start(self):
        for thread in self.threads:
            thread.start()

    def join(self):
        for thread in self.threads:
            thread.join()
        assert not self.failures, self.failures[0]

    def take(self):
        with self.lock:
            if self.next == WRITES or self.stopped.is_set():
                return None
            self.next += 1
            return self.next

    def run(self, thread):
        connection = None
        while (number := self.take()) is not None:
            shared = number % 10 == 0
            name = (f"shared-{thread}" if shared
                    else f"round-{self.round}-{number}")
            value = f"{self.round}.{number}." + "v" * (number % 300)
            self.begun.setdefault(name, []).append(value)
            try:
                if connection is None:
                    connection = self.server.connect()
                answer = self.server.call(
                    "PUT", f"/secrets/{name}?{API}", {"value": value},
                    connection=connection)
            except (Closed, OSError):
                # not acknowledged: it may be there or not
                connection = None
                continue
            if answer.status != 200 or answer.json["value"] != value:
                self.failures.append(answer)
                return
            self.acknowledged[name] = value
        if connection is not None:
            connection.close()


def verify(server, writers, names):
    """names: those to look at; a name is the work of one thread at a time."""
    with server.connect() as connection:
        for name in names:
            answer = server.call("GET", f"/secrets/{name}?{API}",
                                 connection=connection)
            begun = writers.begun[name]
            last = writers.acknowledged.get(name)
            if last is None:
                assert answer.status in (200, 404), answer
            else:
                assert answer.status == 200, (name, answer)
            if answer.status == 200 and last is not None:
                # the last acknowledged one, or one begun after it
                newer = begun[begun.index(last):]
                assert answer.json["value"] in newer, name
            elif answer.status == 200 and name.startswith("round-"):
                assert answer.json["value"] in begun, name


def verify_everything(server, least):
    """Lists all secrets and all their versions, and opens each of them."""
    count = 0
    with server.connect() as connection:
        target = f"/secrets?{API}"
        while target:
            page = server.call("GET", target, connection=connection)
            assert page.status == 200, page
            for item in page.json["value"]:
                path = item["id"][len(server.base_url()):]
                answer = server.call("GET", f"{path}?{API}",
                                     connection=connection)
                assert answer.status == 200, (path, answer)
                count += 1
            target = page.json["nextLink"]
            target = target and target[len(server.base_url()):]
        for thread in range(CONNECTIONS):
            target = f"/secrets/shared-{thread}/versions?{API}"
            while target:
                page = server.call("GET", target, connection=connection)
                for item in page.json["value"]:
                    path = item["id"][len(server.base_url()):]
                    answer = server.call("GET", f"{path}?{API}",
                                         connection=connection)
                    assert answer.status == 200, (path, answer)
                target = page.json["nextLink"]
                target = target and target[len(server.base_url()):]
    assert count >= least


@pytest.fixture(scope="module")
def server():
    # a worker that is killed is an alert, and the only one allowed
    with VaultServer(BASE, allowed_alarms="exited on signal 9") as running:
        running.admin()
        yield running


@pytest.fixture(autouse=True)
def healthy():
    """Workers do end here."""


@pytest.fixture(scope="module")
def acknowledged():
    return set()


def write_and_kill(server, number, kill, acknowledged):
    writers = Writers(server, number)
    writers.start()
    # early, late, and in between
    goal = random.Random(number).randrange(50, WRITES - 400)
    wait_until(lambda: writers.failures or len(writers.acknowledged) >= (
        goal * 9 // 10), "writes are acknowledged", timeout=60)
    kill(writers)
    writers.join()
    verify(server, writers, writers.begun)
    acknowledged.update(writers.acknowledged)
    return writers


@pytest.mark.parametrize("number", range(ROUNDS))
def test_kill_a_worker(server, acknowledged, number):
    """The other worker and the new one go on; the rest is written."""
    workers = server.workers()

    def kill(_):
        os.kill(workers[number % len(workers)], signal.SIGKILL)

    write_and_kill(server, number, kill, acknowledged)
    wait_until(lambda: len(server.workers()) == 2
               and workers[number % len(workers)] not in server.workers(),
               "the master starts another worker")
    server.set(f"after-worker-{number}")


@pytest.mark.parametrize("number", range(ROUNDS))
def test_kill_everything(server, acknowledged, number):
    processes = [server.master, *server.workers()]

    def kill(writers):
        for process in processes:
            os.kill(process, signal.SIGKILL)
        writers.stopped.set()
        wait_until(lambda: not any(map(process_alive, processes)),
                   "all are dead")
        # nothing but a start: no repair, no waiting
        (server.prefix / "nginx.pid").unlink()
        server.start()

    writers = write_and_kill(server, ROUNDS + number, kill, acknowledged)
    assert writers.next < WRITES, "it was killed after the last write"
    assert len(children(server.master)) == 2
    server.set(f"after-all-{number}")


def test_every_record_opens_in_the_end(server, acknowledged):
    verify_everything(server, len(acknowledged))
    assert server.ctl("status")["records"] >= len(acknowledged)
