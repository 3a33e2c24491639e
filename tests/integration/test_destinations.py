"""Where diagnostic settings send records, while those files are rotated: each
record is in one file, and there once."""

import json
import os
import signal
import threading
import uuid

import pytest

from support import config
from support.checks import succeeded
from support.server import API
from support.waiting import wait_until

ONE, TWO, ALL = "/destinations/one", "/destinations/two", "/destinations/all"
VALUES = {"HTTP": config.MANAGEMENT + "".join(
    f"vault_destination {name} %%PREFIX%%/logs/{file}.log;\n"
    for name, file in ((ONE, "one"), (TWO, "two"), (ALL, "audit")))}
FILES = ["one", "two", "audit"]
READERS, WRITERS = 12, 3


def identities(path):
    """The correlation ids of a file's records, in order."""
    if not path.exists():
        return []
    text = path.read_bytes()
    assert text == b"" or text.endswith(b"\n"), path
    return [json.loads(line)["correlationId"] for line in text.splitlines()]


class Load:
    """Threads that read and write secrets, each request with an id of its
    own; answered has (the id, which worker answered)."""

    def __init__(self, server):
        self.server = server
        self.answered = []
        self.failures = []
        self.ending = threading.Event()
        self.threads = [threading.Thread(target=self.run, args=(number,))
                        for number in range(READERS + WRITERS)]

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.ending.set()
        for thread in self.threads:
            thread.join()
        assert not self.failures, self.failures[0]

    def run(self, number):
        writes = number < WRITERS
        try:
            with self.server.connect() as connection:
                while not self.ending.is_set():
                    self.ask(connection, number, writes)
        except Exception as failure:  # reported by __exit__
            self.failures.append(failure)

    def ask(self, connection, number, writes):
        one = str(uuid.uuid4())
        answer = self.server.call(
            "PUT" if writes else "GET",
            f"/secrets/{f'n{number}' if writes else 'guarded'}?{API}",
            {"value": one} if writes else None, connection=connection,
            headers={"x-ms-client-request-id": one})
        assert answer.status == 200, answer
        self.answered.append((one, answer.header("X-Worker")))

    def both_workers_write_to(self, path):
        """Waits until a file has records of each worker's requests."""
        workers = set(map(str, self.server.workers()))
        assert len(workers) == 2

        def written():
            there = set(identities_so_far(path))
            return self.failures or {
                w for one, w in self.answered[:] if one in there} >= workers
        wait_until(written, f"both workers write to {path}")
        assert not self.failures, self.failures[0]


def identities_so_far(path):
    """The same of a file that is being written to."""
    if not path.exists():
        return []
    whole = path.read_bytes().rpartition(b"\n")[0]
    return [json.loads(line)["correlationId"] for line in whole.splitlines()]


def set_destinations(server, **settings):
    """Settings of the vault demo; their names, and where each sends."""
    owner = str(uuid.uuid4())
    server.assign(owner, "Owner")
    token = server.issuer.token(owner, aud=server.management)
    for name, destination in settings.items():
        succeeded(server.call(
            "PUT", f"/subscriptions/{server.subscription}/resourceGroups/"
            "default/providers/Microsoft.KeyVault/vaults/demo/providers/"
            f"Microsoft.Insights/diagnosticSettings/{name}"
            "?api-version=2021-05-01-preview",
            {"properties": {"storageAccountId": destination, "logs": [
                {"category": "AuditEvent", "enabled": True}]}},
            token=token,
            headers={"Host": f"management.localhost:{server.port}"}))


@pytest.fixture(scope="module")
def logs(server):
    server.set("guarded")
    set_destinations(server, a=ONE, b=TWO, c=ALL, d=ONE)
    return server.prefix / "logs"


def rotate(server, load, logs, number):
    """Moves the files and has them opened anew; what the old ones held."""
    held = {}
    for name in FILES:
        path = logs / f"{name}.log"
        held[name] = identities_so_far(path)
        path.rename(logs / f"{name}.log.{number}")
    os.kill(server.master, signal.SIGUSR1)
    for name in FILES:
        load.both_workers_write_to(logs / f"{name}.log")
    return held


def test_rotation_under_load(server, logs):
    rotated = []
    with Load(server) as load:
        for name in FILES:
            load.both_workers_write_to(logs / f"{name}.log")
        for number in range(1, 4):
            held = rotate(server, load, logs, number)
            for name in FILES:
                old = logs / f"{name}.log.{number}"
                kept = old.read_bytes()
                # nothing of it was lost, and nothing comes any more
                assert identities(old)[:len(held[name])] == held[name]
                rotated.append((old, kept))
        load.both_workers_write_to(logs / "one.log")

    for path, kept in rotated:
        assert path.read_bytes() == kept, f"{path} was written to again"

    answered = {one for one, _ in load.answered}
    assert len(answered) == len(load.answered) > 100
    for name in FILES:
        files = [logs / f"{name}.log",
                 *(logs / f"{name}.log.{number}" for number in range(1, 4))]
        wait_until(lambda: answered <= {
            one for path in files for one in identities_so_far(path)},
            f"all records in {name}")
        written = [one for path in files for one in identities(path)
                   if one in answered]
        assert len(written) == len(answered), f"a record twice in {name}"


def test_a_change_is_recorded_in_the_new_file_before_its_answer(server, logs):
    for number in range(10, 14):
        for name in FILES:
            path = logs / f"{name}.log"
            path.rename(logs / f"{name}.log.{number}")
        os.kill(server.master, signal.SIGUSR1)
        wait_until(lambda: all((logs / f"{name}.log").exists()
                               for name in FILES), "new files")
        for _ in range(4):
            one = str(uuid.uuid4())
            succeeded(server.call(
                "PUT", f"/secrets/changed?{API}", {"value": "x"},
                headers={"x-ms-client-request-id": one}))
            for name in FILES:
                written = [place for path in (logs / f"{name}.log",
                                              logs / f"{name}.log.{number}")
                           for place in identities(path)]
                assert written.count(one) == 1, name


def test_a_vault_without_settings_sends_nothing(server, logs):
    server.ctl("vault", "create", "silent")
    one = str(uuid.uuid4())
    token = server.grant(vault="silent")
    succeeded(server.call("GET", f"/secrets?{API}", vault="silent",
                          token=token,
                          headers={"x-ms-client-request-id": one}))
    wait_until(lambda: one in identities(logs / "audit.log"), "the record")
    assert one not in identities(logs / "one.log")
    assert one not in identities(logs / "two.log")
