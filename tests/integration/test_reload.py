"""Reload and binary upgrade under load: no failed request, no lost write."""

import os
import signal
import subprocess
import threading

import pytest

from support.config import BASE
from support.server import API, VaultServer, children, process_alive
from support.waiting import wait_until
from support.wire import Closed

# one listening socket for all workers, as most configurations have it
CONFIG = BASE.replace(" reuseport", "")


class Load:
    """Writers and readers; each writer owns its names.

    A connection that nginx closes while it is idle is opened again, as every
    HTTP client does it: the one thing that counts as no failure is a close
    before the first byte of an answer on a connection that was used before.
    """

    def __init__(self, server, threads=6):
        self.server = server
        self.acknowledged = {}
        self.failures = []
        self.done = 0
        self.ending = threading.Event()
        self.threads = [
            threading.Thread(target=self.run, args=(number, bool(number % 2)))
            for number in range(threads)]

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.ending.set()
        for thread in self.threads:
            thread.join()
        assert not self.failures, self.failures[:5]

    def run(self, number, keep_alive):
        connection, used = None, False
        count = 0
        try:
            while not self.ending.is_set():
                name, value = f"load-{number}-{count % 10}", f"{count}"
                for method, body in (("PUT", {"value": value}), ("GET", None)):
                    while True:
                        if connection is None:
                            connection, used = self.server.connect(), False
                        try:
                            answer = self.server.call(
                                method, f"/secrets/{name}?{API}", body,
                                connection=connection)
                            break
                        except (Closed, OSError) as closed:
                            connection.close()
                            connection = None
                            if not used or getattr(closed, "received", b""):
                                raise
                    used = True
                    if answer.status != 200 or answer.json["value"] != value:
                        raise AssertionError(f"{method} {name}: {answer}")
                    if not keep_alive or answer.header(
                            "Connection") == "close":
                        connection.close()
                        connection = None
                    self.done += 1
                self.acknowledged[name] = value
                count += 1
        except Exception as failure:  # reported by __exit__
            self.failures.append((number, keep_alive, repr(failure)))
        finally:
            if connection is not None:
                connection.close()

    def progress(self, requests=200):
        goal = self.done + requests
        wait_until(lambda: self.failures or self.done >= goal,
                   "the load goes on", timeout=30)
        assert not self.failures, self.failures[:5]

    def check(self):
        assert len(self.acknowledged) == 10 * len(self.threads)
        for name, value in self.acknowledged.items():
            assert self.server.get(name).json["value"] == value, name


@pytest.fixture
def server():
    with VaultServer(CONFIG) as running:
        running.admin()
        yield running


@pytest.fixture(autouse=True)
def healthy():
    """Workers do change here."""


def test_reload_under_load(server):
    with Load(server) as load:
        load.progress()
        for _ in range(5):
            server.reload()
            load.progress()
    load.check()
    assert len(server.workers()) == 2


def test_binary_upgrade_under_load(server):
    pid_file = server.prefix / "nginx.pid"
    old_file = server.prefix / "nginx.pid.oldbin"
    with Load(server) as load:
        load.progress()
        old_master, old_workers = server.master, server.workers()
        os.kill(old_master, signal.SIGUSR2)
        wait_until(lambda: old_file.exists() and pid_file.exists()
                   and pid_file.read_text().strip()
                   not in ("", str(old_master)), "the new master starts")
        new_master = int(pid_file.read_text())
        wait_until(lambda: len(children(new_master)) == 2, "its workers")
        # both serve from one store
        load.progress()
        os.kill(old_master, signal.SIGWINCH)
        wait_until(lambda: not any(map(process_alive, old_workers)),
                   "the old workers end", timeout=30)
        load.progress()
        os.kill(old_master, signal.SIGQUIT)
        wait_until(lambda: not process_alive(old_master), "the old master")
        server.master = new_master
        load.progress()
    load.check()
    assert pid_file.read_text().strip() == str(new_master)


def test_the_check_of_the_configuration_under_load(server):
    """`nginx -t` reads a store that changes all the time."""
    with Load(server) as load:
        load.progress()
        for _ in range(60):
            tested = server.nginx("-t")
            assert tested.returncode == 0, tested.stderr
        load.progress()


def test_binary_upgrade_given_up(server):
    """The old workers come back and see what the new ones have written."""
    old_file = server.prefix / "nginx.pid.oldbin"
    old_master = server.master
    os.kill(old_master, signal.SIGUSR2)
    wait_until(old_file.exists, "the new master starts")
    pid_file = server.prefix / "nginx.pid"
    new_master = int(wait_until(
        lambda: pid_file.exists() and pid_file.read_text().strip(), "its pid"))
    os.kill(old_master, signal.SIGWINCH)
    wait_until(lambda: set(children(old_master)) == {new_master},
               "the old workers end")
    server.set("written-by-the-new", "x")
    os.kill(old_master, signal.SIGHUP)
    wait_until(lambda: len(children(old_master)) == 3, "old workers again")
    os.kill(new_master, signal.SIGQUIT)
    wait_until(lambda: not process_alive(new_master), "the new master ends")
    assert server.get("written-by-the-new").json["value"] == "x"
    server.set("written-by-the-old", "y")


def test_reload_with_a_wrong_configuration_changes_nothing(server):
    server.set("before", "x")
    old = server.workers()
    good = server.config
    server.write_config(good.replace("vault_seal file", "vault_seal pigeon"))
    os.kill(server.master, signal.SIGHUP)
    wait_until(lambda: "pigeon" in server.log_text(), "the refusal")
    assert server.workers() == old
    assert server.get("before").json["value"] == "x"
    server.allowed_alarms = "pigeon"


def test_reload_with_an_owner_that_cannot_be_changed(server):
    """As after the file system went read-only: the master must live on."""
    server.set("before", "x")
    if subprocess.run(["chattr", "+i", server.store],
                      capture_output=True).returncode != 0:
        pytest.skip("the file system knows no immutable folders")
    try:
        server.reload()
        assert process_alive(server.master)
        assert server.get("before").json["value"] == "x"
        assert len(server.workers()) == 2
    finally:
        subprocess.run(["chattr", "-i", server.store], check=True)
    server.allowed_alarms = "cannot be set to 0700"


def test_graceful_stop_finishes_writes(server):
    """QUIT in the middle of writes: what was begun is answered."""
    names = [f"last-{number}" for number in range(40)]
    connections = [server.connect() for _ in names]
    answers = {}

    def write(name, connection):
        try:
            answers[name] = server.call(
                "PUT", f"/secrets/{name}?{API}", {"value": name},
                connection=connection)
        except (Closed, OSError):
            answers[name] = None
        # nginx would wait a while for the client to close first
        connection.close()

    threads = [threading.Thread(target=write, args=pair)
               for pair in zip(names, connections)]
    for thread in threads:
        thread.start()
    wait_until(lambda: answers, "the first answer")
    master = server.master
    os.kill(master, signal.SIGQUIT)
    for thread in threads:
        thread.join()
    wait_until(lambda: not process_alive(master), "nginx ends", timeout=30)
    server.start()
    acknowledged = [n for n, a in answers.items() if a and a.status == 200]
    assert acknowledged
    for name in acknowledged:
        assert server.get(name).json["value"] == name
