"""Authorities whose keys come from a URL: rotation, an issuer that is down,
and one that is slow, which must delay nobody else.

Between two fetches that unknown key ids cause lie 30 seconds; the tests move
nginx's clock to get there.
"""

import http.server
import json
import threading
import time
import uuid

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from support.checks import refused, succeeded
from support.clock import Clock
from support.config import BASE
from support.server import API, VaultServer
from support.tokens import Issuer, public_jwk
from support.waiting import wait_until

FLOOR = 30
CASES = ["rotation", "flood", "closed", "failing", "nonsense", "slow", "many"]
# fails from the start
ABSENT = "absent"


class Keys:
    """A server of an issuer's public keys, under the test's control."""

    def __init__(self, name):
        self.name = name
        self.keys = []
        self.status = 200
        self.requests = 0
        self.gate = threading.Event()
        self.gate.set()
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                outer.requests += 1
                outer.gate.wait(60)
                body = json.dumps({"keys": outer.keys}).encode()
                try:
                    self.send_response(outer.status)
                    self.send_header("Content-Type", "application/json")
                    self.send_header("Content-Length", str(len(body)))
                    self.end_headers()
                    self.wfile.write(body)
                except (BrokenPipeError, ConnectionResetError):
                    pass

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0),
                                                      Handler)
        self.server.daemon_threads = True
        self.port = self.server.server_address[1]
        self.thread = threading.Thread(target=self.server.serve_forever)
        self.thread.start()
        self.closed = False

    def directive(self):
        return (f"vault_authority issuer=https://{self.name}.test/ "
                "audience=%%RESOURCE%% tenant=%%TENANT%% "
                f"jwks=http://127.0.0.1:{self.port}/keys;\n")

    def close(self):
        if not self.closed:
            self.closed = True
            self.gate.set()
            self.server.shutdown()
            self.server.server_close()
            self.thread.join()


class World:
    """One vault that trusts an issuer for each case."""

    def __init__(self, server, clock, issuers):
        self.server = server
        self.clock = clock
        self.issuers = issuers
        self.oid = str(uuid.uuid4())
        server.set("remote", "found")
        server.allow(self.oid, "get")

    def token(self, name, kid="one", key=None):
        issuer, _ = self.issuers[name]
        return issuer.token(self.oid, {"kid": kid}, key)

    def use(self, token):
        return self.server.call("GET", f"/secrets/remote?{API}", token=token)

    def known_to_both_workers(self, name):
        workers = set()

        def use():
            answer = self.use(self.token(name))
            if answer.status == 200:
                workers.add(answer.header("X-Worker"))
            return len(workers) == 2

        wait_until(use, f"both workers know the key of {name}",
                   timeout=FLOOR + 15)

    def pass_floor(self):
        if not self.clock.move(FLOOR + 1):
            pytest.skip("libfaketime is not installed, or sanitizers are "
                        "preloaded: the clock cannot be moved")


@pytest.fixture(scope="module")
def world():
    keys = [Keys(name) for name in [*CASES, ABSENT]]
    keys[-1].status = 500
    clock = Clock()
    try:
        issuers = {}
        for one in keys:
            issuer = Issuer("", "", f"https://{one.name}.test/")
            one.keys = [public_jwk(issuer.rsa, "one")]
            issuers[one.name] = (issuer, one)
        directives = "".join(one.directive() for one in keys)
        with VaultServer(BASE, {"HTTP": directives, "MAIN": clock.directives},
                         environment=clock.environment) as server:
            for issuer, _ in issuers.values():
                issuer.tenant = server.tenant
                issuer.audience = server.resource
            yield World(server, clock, issuers)
    finally:
        for one in keys:
            one.close()
        clock.close()


def test_keys_by_url(world):
    for name in CASES:
        world.known_to_both_workers(name)


def test_unknown_key_ids_do_not_flood_the_issuer(world):
    _, keys = world.issuers["flood"]
    world.known_to_both_workers("flood")
    before = keys.requests
    for number in range(200):
        refused(world.use(world.token("flood", f"no-{number}")), 401,
                "Unauthorized")
    # at most one fetch a worker, should the floor have just been passed
    assert keys.requests - before <= 2


def test_rotation(world):
    _, keys = world.issuers["rotation"]
    world.known_to_both_workers("rotation")
    second = rsa.generate_private_key(65537, 2048)
    refused(world.use(world.token("rotation", "two", second)), 401,
            "Unauthorized")
    keys.keys = [public_jwk(second, "two")]
    world.pass_floor()
    for _ in range(20):
        wait_until(lambda: world.use(
            world.token("rotation", "two", second)).status == 200,
            "the second key")
    # the first is gone
    wait_until(lambda: world.use(world.token("rotation")).status == 401,
               "the first key is forgotten")


@pytest.mark.parametrize("how", ["closed", "failing", "nonsense"])
def test_issuer_that_is_down(world, how):
    """What was known goes on working; the rest is refused, nothing waits."""
    _, keys = world.issuers[how]
    world.known_to_both_workers(how)
    before = keys.requests
    if how == "closed":
        keys.close()
    elif how == "failing":
        keys.status = 500
    else:
        keys.keys = "nonsense"
    world.pass_floor()
    stranger = rsa.generate_private_key(65537, 2048)
    for number in range(20):
        refused(world.use(world.token(how, f"two-{number}", stranger)), 401,
                "Unauthorized")
        succeeded(world.use(world.token(how)))
    if how != "closed":
        assert keys.requests > before, "it was not even asked"


def test_issuer_that_never_answered(world):
    """Nobody can say that a token is bad: clients are to come again."""
    answer = world.use(world.token(ABSENT))
    refused(answer, 503, "ServiceUnavailable")
    assert answer.header("Retry-After") == "1"
    _, keys = world.issuers[ABSENT]
    keys.status = 200
    world.pass_floor()
    wait_until(lambda: world.use(world.token(ABSENT)).status == 200,
               "its token is good once its keys are there")


def in_threads(count, function):
    threads = [threading.Thread(target=function) for _ in range(count)]
    for thread in threads:
        thread.start()
    return threads


def test_slow_issuer_delays_nobody_else(world):
    issuer, keys = world.issuers["slow"]
    world.known_to_both_workers("slow")
    second = rsa.generate_private_key(65537, 2048)
    keys.keys.append(public_jwk(second, "two"))
    world.pass_floor()
    keys.gate.clear()
    before = keys.requests
    answers = []
    waiting = in_threads(6, lambda: answers.append(
        world.use(world.token("slow", "two", second))))
    try:
        wait_until(lambda: keys.requests > before, "the issuer is asked")
        longest = 0.0
        for number in range(100):
            begin = time.monotonic()
            succeeded(world.server.get("remote"))
            succeeded(world.use(world.token("slow")))
            longest = max(longest, time.monotonic() - begin)
            if number % 10 == 0:
                world.server.set(f"beside-{number}")
        assert longest < 1.0, f"a request took {longest:.2f} s"
        assert not answers, "it was answered before the keys were there"
    finally:
        keys.gate.set()
        for thread in waiting:
            thread.join()
    assert [answer.status for answer in answers] == [200] * 6


def test_many_that_wait_leave_room_for_writes(world):
    """Waiting for an issuer must not take all threads of the pool."""
    _, keys = world.issuers["many"]
    world.known_to_both_workers("many")
    world.pass_floor()
    keys.gate.clear()
    before = keys.requests
    waiting = in_threads(100, lambda: world.use(
        world.token("many", str(uuid.uuid4()))))
    try:
        wait_until(lambda: keys.requests > before, "the issuer is asked")
        for number in range(10):
            begin = time.monotonic()
            world.server.set(f"in-between-{number}")
            assert time.monotonic() - begin < 2
    finally:
        keys.gate.set()
        for thread in waiting:
            thread.join()
