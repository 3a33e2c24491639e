"""Keys under load: a flood of keys to be made beside everything else, and
reload, stop and clients that leave while keys compute."""

import base64
import os
import select
import signal
import subprocess
import threading
import time
import uuid

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, utils

from support.checks import refused, succeeded
from support.config import BASE
from support.server import API, VaultServer, process_alive
from support.waiting import wait_until
from support.wire import Closed, request_bytes

WAITING = 64  # keys to be made, a worker; one more is being made
BUSY = "Too many keys are being made; nothing was done. Try again."
IDLE = 5      # SCHED_IDLE, sched(7)

# one worker, so that what waits can be counted, and two threads: one of them
# makes keys
CONFIG = BASE.replace("worker_processes 2;", """worker_processes 1;
thread_pool keys threads=2;""").replace(" reuseport", "")
VALUES = {"HTTP": "vault_key_thread_pool keys;"}


@pytest.fixture(autouse=True)
def healthy():
    """Workers do change here."""


@pytest.fixture
def server():
    with VaultServer(CONFIG, VALUES) as running:
        fill(running)
        yield running


def fill(server):
    oid = str(uuid.uuid4())
    server.ctl("policy", "set", "demo", oid, "--secrets", "all",
               "--keys", "all")
    server.tokens["demo"] = server.issuer.token(oid)
    server.set("secret", "x")
    for name, kty in (("ec", "EC"), ("rsa", "RSA")):
        succeeded(call(server, "POST", f"/keys/{name}/create", {"kty": kty}))


def call(server, method, path, body=None, connection=None):
    return server.call(method, f"{path}?api-version=7.6", body,
                       connection=connection)


def unbase64url(text):
    return base64.urlsafe_b64decode(text + "==")


def number(data):
    return int.from_bytes(data, "big")


class Requests:
    """The same request under many names, each on a connection of its own."""

    def __init__(self, server, names, path, body):
        self.server = server
        self.connections = {}
        for name in names:
            connection = self.connections[name] = server.connect(timeout=120)
            connection.send(request_bytes(
                "POST", path.format(name=name) + "?api-version=7.6",
                server.headers(more={"Content-Type": "application/json"}),
                body))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for connection in self.connections.values():
            connection.close()

    def answer(self, name):
        return self.connections[name].read_answer()

    def answers(self):
        """All that come; None where the connection was closed instead."""
        found = {}
        for name, connection in self.connections.items():
            try:
                found[name] = connection.read_answer()
            except Closed as closed:
                assert closed.received == b"", closed
                found[name] = None
            connection.close()
        return found


def make_keys(server, count, bits):
    return Requests(server, [f"made-{n}" for n in range(count)],
                    "/keys/{name}/create",
                    b'{"kty":"RSA","key_size":%d}' % bits)


def sign(server, name="ec", alg="ES256", connection=None):
    """What is signed is 32 zero bytes."""
    return call(server, "POST", f"/keys/{name}/sign",
                {"alg": alg, "value": "A" * 43}, connection)


def begin(server, name, alg, value="A" * 43):
    """A connection on which a signature, or with an algorithm for that a
    decryption, has been asked for."""
    operation = "decrypt" if alg.startswith("RSA-OAEP") else "sign"
    connection = server.connect(timeout=120)
    connection.send(request_bytes(
        "POST", f"/keys/{name}/{operation}?api-version=7.6",
        server.headers(more={"Content-Type": "application/json"}),
        f'{{"alg":"{alg}","value":"{value}"}}'.encode()))
    return connection


def operations(server, name):
    """The statuses in the records of an operation."""
    return [record["properties"]["httpStatusCode"]
            for record in server.records()
            if record["operationName"] == name]


def policies(pid):
    """The scheduling policies of a process's threads, by their numbers."""
    found = []
    for thread in os.listdir(f"/proc/{pid}/task"):
        with open(f"/proc/{pid}/task/{thread}/stat") as stat:
            found.append(int(stat.read().rpartition(")")[2].split()[38]))
    return found


def test_a_flood_of_keys_to_be_made(server):
    """Signatures and secrets are answered while keys wait; what is too much
    is refused; a fast stop does not wait for the keys."""
    jwk = succeeded(call(server, "GET", "/keys/ec"))["key"]
    key = ec.EllipticCurvePublicNumbers(
        number(unbase64url(jwk["x"])), number(unbase64url(jwk["y"])),
        ec.SECP256R1()).public_key()
    made = len(operations(server, "KeyCreate"))
    count = WAITING + 8
    with make_keys(server, count, 4096) as flood:
        # one can be done already, and have left its place to another
        for beyond in range(WAITING + 4, count):
            refused(flood.answer(f"made-{beyond}"), 503, "ServiceUnavailable",
                    message=BUSY)
        with server.connect() as connection:
            for _ in range(100):
                answer = sign(server, connection=connection)
                signature = unbase64url(succeeded(answer)["value"])
                key.verify(utils.encode_dss_signature(
                    number(signature[:32]), number(signature[32:])),
                    bytes(32), ec.ECDSA(utils.Prehashed(hashes.SHA256())))
                answer = server.call("GET", f"/secrets/secret?{API}",
                                     connection=connection)
                assert succeeded(answer)["value"] == "x"
            for _ in range(10):
                answer = sign(server, "rsa", "RS256", connection)
                assert len(unbase64url(succeeded(answer)["value"])) == 256
        # they were still waiting all the time
        assert len(operations(server, "KeyCreate")) < made + WAITING // 2
        worker, = server.workers()
        assert IDLE in policies(worker)

        began = time.monotonic()
        server.stop()
        assert time.monotonic() - began < 10
    # the worker came to its end by itself: each key has its record
    statuses = operations(server, "KeyCreate")[made:]
    assert len(statuses) == count, server.log_text()[-2000:]
    assert statuses.count(499) > WAITING // 2


@pytest.mark.parametrize("function, words", [
    ("int pthread_setschedparam(void) { return 1; }", "SCHED_IDLE is refused"),
    ("""
#define _GNU_SOURCE
#include <dlfcn.h>
#include <pthread.h>
#include <unistd.h>
int pthread_create(pthread_t *id, const pthread_attr_t *attr,
                   void *(*run)(void *), void *data)
{
    int (*create)() = (int (*)()) dlsym(RTLD_NEXT, "pthread_create");
    /* the event loop makes all others */
    return gettid() == getpid() ? create(id, attr, run, data) : 11;
}
""", "pthread_create() failed")], ids=["priority", "thread"])
def test_without_a_low_priority(tmp_path, function, words):
    """A system that has none, or no thread more: keys compute all the same."""
    library = tmp_path / "without.so"
    subprocess.run(["cc", "-shared", "-fPIC", "-xc", "-", "-o", library],
                   input=function, text=True, check=True)
    with VaultServer(CONFIG, VALUES,
                     environment={"LD_PRELOAD": str(library)}) as server:
        fill(server)
        for _ in range(4):
            succeeded(sign(server, "rsa", "RS256"))
        assert words in server.log_text()
        worker, = server.workers()
        assert IDLE not in policies(worker)


def test_keys_are_made_in_order(server):
    with make_keys(server, 5, 2048) as flood:
        for answer in flood.answers().values():
            assert succeeded(answer)["key"]["kty"] == "RSA"
    done = [record["properties"]["id"].split("/")[4]
            for record in server.records()
            if record["operationName"] == "KeyCreate"][-5:]
    assert done == list(flood.connections)


def test_each_gets_its_own(server):
    """What is short, what is long and what is wrong, all at a time: threads
    take several of these together, and each client gets what it asked for."""
    succeeded(call(server, "POST", "/keys/long/create",
                   {"kty": "RSA", "key_size": 4096}))
    kinds = [("ec", "ES256"), ("rsa", "RS256"), ("long", "PS256"),
             ("ec", "RS256"), ("missing", "ES256"), ("rsa", "RSA-OAEP")]
    asked = []
    for turn in range(120):
        name, alg = kinds[turn % len(kinds)]
        digest = base64.urlsafe_b64encode(os.urandom(32)).decode().rstrip("=")
        connection = begin(server, name, alg, digest)
        asked.append((name, alg, digest, connection))
    for name, alg, digest, connection in asked:
        answer = connection.read_answer()
        connection.close()
        if (name, alg) == ("ec", "RS256"):
            refused(answer, 400, "BadParameter")
        elif alg == "RSA-OAEP":
            refused(answer, 400, "BadParameter")  # what was no ciphertext
        elif name == "missing":
            refused(answer, 404, "KeyNotFound")
        else:
            value = succeeded(answer)["value"]
            verified = call(server, "POST", f"/keys/{name}/verify",
                            {"alg": alg, "digest": digest, "value": value})
            assert succeeded(verified) == {"value": True}, (name, digest)


def test_what_is_short_does_not_wait_for_what_is_long(server):
    """Nor does its answer, when nothing else happens."""
    succeeded(call(server, "POST", "/keys/long/create",
                   {"kty": "RSA", "key_size": 4096}))
    for _ in range(5):
        long = [begin(server, "long", "RS256") for _ in range(60)]
        short = begin(server, "ec", "ES256")
        succeeded(short.read_answer())
        waiting, _, _ = select.select([connection.socket for connection in long],
                                      [], [], 0)
        assert len(waiting) < len(long) // 2
        for connection in long:
            succeeded(connection.read_answer())
            connection.close()
        short.close()


def test_fast_stop_with_signatures_waiting(server):
    """What was not begun is not done, and each has its record."""
    succeeded(call(server, "POST", "/keys/long/create",
                   {"kty": "RSA", "key_size": 4096}))
    count = 90
    long = [begin(server, "long", "RS256") for _ in range(count)]
    # once this is answered nginx has read all that came before it
    succeeded(sign(server))
    server.stop()
    for connection in long:
        connection.close()
    statuses = operations(server, "KeySign")
    assert len(statuses) == count + 1
    assert set(statuses) == {200, 499}, statuses
    assert statuses.count(499) > count // 2


def test_clients_that_leave(server):
    """Their keys are made and recorded all the same."""
    worker, = server.workers()
    made = len(operations(server, "KeyCreate"))
    flood = make_keys(server, 4, 2048)
    for connection in flood.connections.values():
        connection.reset()
    wait_until(lambda: len(operations(server, "KeyCreate")) == made + 4,
               "the keys are recorded", timeout=60)
    for name in flood.connections:
        succeeded(call(server, "GET", f"/keys/{name}"))
    signing = Requests(server, [f"{n}" for n in range(50)], "/keys/rsa/sign",
                       b'{"alg":"RS256","value":"%s"}' % (b"A" * 43))
    for connection in signing.connections.values():
        connection.reset()
    succeeded(sign(server))
    assert server.workers() == [worker]


def test_reload_with_signatures_under_way(server):
    ending = threading.Event()
    done, failures = [], []

    def run(name, alg):
        while not ending.is_set():
            try:
                succeeded(sign(server, name, alg))
                done.append(name)
            except Exception as failure:  # reported below
                failures.append(repr(failure))
                return

    threads = [threading.Thread(target=run, args=pair)
               for pair in [("ec", "ES256"), ("rsa", "RS256")] * 2]
    for thread in threads:
        thread.start()
    try:
        for _ in range(3):
            goal = len(done) + 50
            wait_until(lambda: failures or len(done) >= goal, "signatures")
            server.reload()
    finally:
        ending.set()
        for thread in threads:
            thread.join()
    assert not failures, failures[:5]


@pytest.mark.parametrize("path, body, operation", [
    ("/keys/rsa/sign", b'{"alg":"RS256","value":"%s"}' % (b"A" * 43),
     "KeySign"),
    ("/keys/{name}/create", b'{"kty":"RSA"}', "KeyCreate")],
    ids=["signatures", "keys"])
def test_graceful_stop(server, path, body, operation):
    """QUIT in the middle: whatever a thread or a list has is answered."""
    before = len(operations(server, operation))
    count = 400 if operation == "KeySign" else 6
    with Requests(server, [f"{n}" for n in range(count)], path,
                  body) as requests:
        wait_until(lambda: len(operations(server, operation)) > before,
                   "the first is done")
        master = server.master
        os.kill(master, signal.SIGQUIT)
        answers = requests.answers().values()
    wait_until(lambda: not process_alive(master), "nginx ends", timeout=60)
    statuses = operations(server, operation)[before:]
    assert set(statuses) == {200}
    assert [a.status for a in answers if a] == statuses
    assert len(statuses) > 1
