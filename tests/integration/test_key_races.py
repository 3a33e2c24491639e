"""Keys under many hands at once: changes that meet, answers that come out of
turn, clients that leave, and processes that end while a key is made."""

import re
import shutil
import subprocess
import threading

import pytest

from support.checks import refused, succeeded
from support.keys import Keys, base64url, unbase64url, version_of
from support.server import API, VaultServer
from support.waiting import wait_until
from support.wire import Closed, request_bytes

DIGEST = bytes(32)
SIGN_EC = {"alg": "ES256", "value": base64url(DIGEST)}
SIGN_RSA = {"alg": "RS256", "value": base64url(DIGEST)}


@pytest.fixture(scope="module")
def keys(server):
    return Keys(server)


def together(count, work):
    """Runs work(number) on threads that begin at the same time; what each
    returned."""
    ready = threading.Barrier(count)
    results = [None] * count

    def run(number):
        ready.wait()
        results[number] = work(number)

    threads = [threading.Thread(target=run, args=(n,)) for n in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert None not in results, "a thread failed"
    return results


def versions(keys, name):
    """All of them, over several pages."""
    found = []
    target = f"/keys/{name}/versions?{API}"
    while target:
        page = succeeded(keys.server.call("GET", target))
        found += [item["kid"].rsplit("/", 1)[1] for item in page["value"]]
        target = page["nextLink"]
        if target:
            target = target[len(keys.server.base_url()):]
    return found


@pytest.mark.parametrize("operation", ["rotate", "create"])
def test_new_versions_at_the_same_time(keys, operation):
    """Each has its own, none is lost, and one of them is the current one."""
    first = keys.create(f"met-{operation}")
    body = {"kty": "EC"} if operation == "create" else None

    def work(_):
        return [keys.call("POST", f"/keys/met-{operation}/{operation}", body)
                for _ in range(6)]

    answers = [a for part in together(8, work) for a in part]
    made = {version_of(succeeded(answer)) for answer in answers}
    assert len(made) == 48
    assert set(versions(keys, f"met-{operation}")) == made | {
        version_of(first)}
    current = succeeded(keys.call("GET", f"/keys/met-{operation}"))
    assert version_of(current) in made


def test_all_that_can_be_done_at_the_same_time(keys):
    """Create, rotate, update, delete, recover, purge, use and back up one
    name: each answer is a documented one, and what is left is whole."""
    expected = {200, 204, 403, 404, 409}
    steps = [
        ("POST", "/keys/all/create", {"kty": "EC"}),
        ("POST", "/keys/all/rotate", None),
        ("PATCH", "/keys/all/", {"tags": {"a": "b"}}),
        ("DELETE", "/keys/all", None),
        ("POST", "/deletedkeys/all/recover", None),
        ("POST", "/keys/all/sign", SIGN_EC),
        ("POST", "/keys/all/backup", None),
        ("PUT", "/keys/all/rotationpolicy", {"lifetimeActions": []}),
        ("GET", "/keys/all/versions", None),
        ("DELETE", "/deletedkeys/all", None),
    ]

    def work(number):
        seen = set()
        with keys.server.connect() as connection:
            for step in range(40):
                method, path, body = steps[(step * 7 + number) % len(steps)]
                answer = keys.call(method, path, body, connection=connection)
                seen.add(answer.status)
        return seen

    seen = set().union(*together(8, work))
    assert 200 in seen and seen <= expected, seen
    if keys.call("GET", "/keys/all").status != 200:
        keys.call("POST", "/deletedkeys/all/recover")
    keys.create("all")
    signature = keys.result("all", "sign", "ES256", DIGEST)
    assert keys.verify("all", "ES256", DIGEST, signature) is True


def test_answers_come_in_the_order_of_their_requests(keys):
    """Slow ones (RSA, a new key) before fast ones on one connection."""
    server = keys.server
    keys.create("slow", "RSA", key_size=4096)
    keys.create("fast")
    headers = server.headers(more={"Content-Type": "application/json"})
    raw = b""
    expected = []
    for number in range(8):
        for method, path, body in (
                ("POST", "/keys/slow/sign", SIGN_RSA),
                ("POST", "/keys/fast/sign", SIGN_EC),
                ("GET", "/keys/slow", None),
                ("POST", f"/keys/new-{number}/create", {"kty": "EC"}),
                ("GET", f"/keys/new-{number}", None)):
            raw += request_bytes(method, f"{path}?{API}", headers, None
                                 if body is None else body_of(body))
            expected.append(path.split("/")[2])
    with server.connect() as connection:
        connection.send(raw)
        for name in expected:
            document = succeeded(connection.read_answer())
            kid = document.get("kid") or document["key"]["kid"]
            assert f"/keys/{name}/" in kid


def body_of(document):
    text = ",".join(f'"{k}":"{v}"' for k, v in document.items())
    return f"{{{text}}}".encode()


def test_signatures_of_many_threads_are_their_own(keys):
    """Batches of different keys never mix up what belongs to whom."""
    names = [f"own-{number}" for number in range(6)]
    for number, name in enumerate(names):
        keys.create(name, "RSA" if number < 2 else "EC")

    def work(number):
        done = 0
        with keys.server.connect() as connection:
            for step in range(30):
                place = (step + number) % len(names)
                alg = "RS256" if place < 2 else "ES256"
                digest = bytes([number, step]) * 16
                answer = succeeded(keys.call(
                    "POST", f"/keys/{names[place]}/sign",
                    {"alg": alg, "value": base64url(digest)},
                    connection=connection))
                assert f"/keys/{names[place]}/" in answer["kid"]
                assert keys.verify(names[place], alg, digest,
                                   unbase64url(answer["value"])) is True
                done += 1
        return done

    assert together(8, work) == [30] * 8


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not here")
def test_many_streams_of_one_connection(keys):
    """50 signatures at the same time over HTTP/2, each of them good."""
    server = keys.server
    keys.create("streams", "RSA")
    arguments = []
    for number in range(50):
        arguments += ["-o", "/dev/stdout", f"{server.vault_url()}"
                      f"/keys/streams/sign?{API}&n={number}"]
    done = subprocess.run(
        ["curl", "-sSf", "--cacert", str(server.ca_file), "--http2",
         "--parallel", "--parallel-max", "50",
         "--resolve", f"demo.vault.localhost:{server.tls_port}:127.0.0.1",
         "-H", f"Authorization: Bearer {server.admin()}",
         "-H", "Content-Type: application/json",
         "-d", body_of(SIGN_RSA).decode(), *arguments],
        capture_output=True, timeout=60, check=True)
    values = re.findall(rb'"value":"([^"]+)"', done.stdout)
    assert len(values) == 50
    for value in set(values):
        assert keys.verify("streams", "RS256", DIGEST,
                           unbase64url(value.decode())) is True


def test_clients_that_leave(keys):
    """In the middle of a computation, or of the making of a key: the key is
    there whole or not at all, and the server is well."""
    server = keys.server
    keys.create("left", "RSA", key_size=4096)
    headers = server.headers(more={"Content-Type": "application/json"})

    def leave(number):
        for step in range(10):
            connection = server.connect()
            if step % 3 == 0:
                path, body = f"/keys/left-{number}/create", {"kty": "RSA"}
            else:
                path, body = "/keys/left/sign", SIGN_RSA
            connection.send(request_bytes("POST", f"{path}?{API}", headers,
                                          body_of(body)))
            if step % 2:
                connection.reset()
            else:
                connection.close()
        return True

    together(4, leave)
    signature = keys.result("left", "sign", "RS256", DIGEST)
    assert keys.verify("left", "RS256", DIGEST, signature) is True
    for number in range(4):
        answer = keys.call("GET", f"/keys/left-{number}")
        if answer.status == 200:
            keys.result(f"left-{number}", "sign", "RS256", DIGEST)
        else:
            refused(answer, 404, "KeyNotFound")


def test_a_right_that_ends_while_a_key_is_made(keys):
    """Whoever lost it before the key was stored has not made one; the answer
    says which of the two came first."""
    server = keys.server
    token = server.grant("create", family="keys",
                         oid="7e57ab1e-0000-4000-8000-000000000003")
    caller = Keys(server, token)
    answers = []
    thread = threading.Thread(target=lambda: answers.append(caller.call(
        "POST", "/keys/in-between/create", {"kty": "RSA", "key_size": 4096})))
    thread.start()
    server.allow("7e57ab1e-0000-4000-8000-000000000003")
    thread.join()
    made = keys.call("GET", "/keys/in-between")
    if answers[0].status == 200:
        succeeded(made)
    else:
        refused(answers[0], 403, "Forbidden", "AccessDenied")
        refused(made, 404, "KeyNotFound")


def make_large_keys(server, count, answers):
    """Begins to make keys on connections of their own."""
    threads = []
    for number in range(count):
        def work(name=f"large-{number}"):
            try:
                answers.append(Keys(server).call(
                    "POST", f"/keys/{name}/create",
                    {"kty": "RSA", "key_size": 4096}))
            except (Closed, OSError):
                answers.append(None)
        threads.append(threading.Thread(target=work))
    server.admin()
    for thread in threads:
        thread.start()
    return threads


def test_reload_while_keys_are_made():
    """The old workers finish them: no request fails."""
    with VaultServer() as server:
        answers = []
        threads = make_large_keys(server, 4, answers)
        wait_until(lambda: server.call(
            "GET", f"/keys?{API}").status == 200, "the server answers")
        server.reload()
        for thread in threads:
            thread.join()
        assert [a.status for a in answers if a] == [200] * 4, answers
        assert len(succeeded(server.call(
            "GET", f"/keys?{API}"))["value"]) == 4


def test_the_end_while_keys_are_made():
    """nginx ends at once, whatever is computed; what was answered is there
    after the next start."""
    with VaultServer() as server:
        answers = []
        threads = make_large_keys(server, 8, answers)
        wait_until(lambda: answers, "the first key", timeout=60)
        server.stop()
        for thread in threads:
            thread.join()
        made = [a.json["key"]["kid"] for a in answers
                if a is not None and a.status == 200]
        assert made
        server.start()
        for kid in made:
            path = kid[len(server.base_url()):]
            assert succeeded(server.call("GET", f"{path}?{API}"))
