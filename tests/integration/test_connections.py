"""Connections: pipelining, requests that stop half-way, clients that leave, HEAD,
HTTP/1.0, host names, TLS and HTTP/2."""

import json
import shutil
import subprocess
import threading

import pytest

from support.checks import refused, succeeded
from support.server import API, VaultServer
from support.waiting import wait_until
from support.wire import Closed, request_bytes


# --- connections ------------------------------------------------------------------------

def test_keep_alive_after_refusals(server):
    """One connection survives every refusal that has read its request."""
    server.set("alive", "still")
    with server.connect() as connection:
        for method, target, body, token, status in (
                ("GET", f"/secrets/alive?{API}", None, None, 401),
                ("PUT", f"/secrets/alive?{API}", {"value": "x"}, None, 401),
                ("GET", f"/secrets/alive?{API}", None, "a.b.c", 401),
                ("GET", "/secrets/alive", None, True, 400),
                ("PUT", f"/secrets/alive?{API}", b"nonsense", True, 400),
                ("GET", f"/secrets/none?{API}", None, True, 404),
                ("PUT", f"/nothing?{API}", {"value": "x"}, True, 404),
                ("POST", f"/secrets/alive?{API}", {"a": 1}, True, 405),
                ("GET", f"/secrets/alive?{API}", None, True, 200)):
            answer = server.call(method, target, body, token,
                                 connection=connection)
            assert answer.status == status, answer
        assert answer.json["value"] == "still"


def test_pipelined_requests(server):
    server.set("pipe", "0")
    headers = server.headers()
    raw = b""
    for number in range(1, 21):
        body = json.dumps({"value": str(number)}).encode()
        raw += request_bytes("PUT", f"/secrets/pipe?{API}", headers, body)
        raw += request_bytes("GET", f"/secrets/pipe?{API}", headers)
    with server.connect() as connection:
        connection.send(raw)
        for number in range(1, 21):
            for method in ("PUT", "GET"):
                answer = connection.read_answer(method)
                assert succeeded(answer)["value"] == str(number), method


def test_pipelined_with_refusals_between(server):
    server.set("pipe-2", "good")
    headers = server.headers()
    plain = server.host_header()
    raw = (request_bytes("PUT", f"/secrets/pipe-2?{API}", plain, b"{}")
           + request_bytes("GET", f"/secrets/pipe-2?{API}", headers)
           + request_bytes("PUT", f"/secrets/pipe-2?{API}", headers, b"x")
           + request_bytes("GET", f"/secrets/pipe-2?{API}", headers))
    with server.connect() as connection:
        connection.send(raw)
        statuses = [connection.read_answer().status for _ in range(4)]
    assert statuses == [401, 200, 400, 200]


def test_request_in_single_bytes(server):
    raw = request_bytes("PUT", f"/secrets/drops?{API}", server.headers(),
                        b'{"value":"drop by drop"}')
    with server.connect() as connection:
        for i in range(len(raw)):
            connection.send(raw[i:i + 1])
        assert succeeded(connection.read_answer())["value"] == "drop by drop"


@pytest.mark.parametrize("part", ["line", "headers", "body", "no body"])
def test_half_sent_request(server, part):
    headers = server.headers(more={"Content-Length": "100"})
    raw = request_bytes("PUT", f"/secrets/half?{API}", headers,
                        b'{"value":"never whole"}')
    head = raw.index(b"\r\n\r\n") + 4
    cut = {"line": 10, "headers": head - 20, "body": len(raw),
           "no body": head}[part]
    connection = server.connect()
    connection.send(raw[:cut])
    connection.close()
    connection = server.connect()
    connection.send(raw[:cut])
    connection.reset()
    refused(server.get("half"), 404, "SecretNotFound")


def test_expect_continue(server):
    body = b'{"value":"continued"}'
    headers = server.headers(more={"Expect": "100-continue",
                                   "Content-Length": str(len(body))})
    with server.connect() as connection:
        connection.send(request_bytes("PUT", f"/secrets/expect?{API}",
                                      headers))
        assert connection.socket.recv(100).startswith(b"HTTP/1.1 100")
        connection.send(body)
        assert succeeded(connection.read_answer())["value"] == "continued"


def test_client_leaves_in_the_middle_of_a_write(server):
    """The write is there whole or not at all, and the server is well."""
    headers = server.headers()
    value = "whole " * 4000
    body = json.dumps({"value": value}).encode()
    gone = threading.Barrier(8)

    def leave(thread):
        gone.wait()
        for number in range(25):
            connection = server.connect()
            connection.send(request_bytes(
                "PUT", f"/secrets/left-{thread}-{number}?{API}", headers,
                body))
            if number % 2:
                connection.reset()
            else:
                connection.close()

    threads = [threading.Thread(target=leave, args=(t,)) for t in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    server.set("after-leaving", "well")
    seen = set()
    with server.connect() as connection:
        for thread in range(8):
            for number in range(25):
                answer = server.call(
                    "GET", f"/secrets/left-{thread}-{number}?{API}",
                    connection=connection)
                seen.add(answer.status)
                if answer.status == 200:
                    assert answer.json["value"] == value
                else:
                    refused(answer, 404, "SecretNotFound")
    assert seen <= {200, 404}
    # the requests were whole: those of clients that closed in good order
    # were read and done, most of them at least
    assert 200 in seen


def test_records_of_clients_that_left(server):
    """A write that was done has its record even if nobody read the answer."""
    raw = request_bytes("PUT", f"/secrets/unread?{API}", server.headers(),
                        b'{"value":"x"}')
    connection = server.connect()
    connection.send(raw)
    connection.close()

    def done():
        return server.get("unread").status == 200

    wait_until(done, "the write is done")
    wait_until(lambda: any(
        r["operationName"] == "SecretSet"
        and "/secrets/unread" in r["properties"]["requestUri"]
        for r in server.records()), "its record is written")


def test_head(server):
    server.set("headed", "not in a HEAD")
    with server.connect() as connection:
        for _ in range(2):
            answer = server.call("HEAD", f"/secrets/headed?{API}",
                                 connection=connection)
            assert answer.status in (200, 405) and answer.body == b""
        # were there a body after all, it would now be read as an answer
        answer = server.call("GET", f"/secrets/headed?{API}",
                             connection=connection)
        assert succeeded(answer)["value"] == "not in a HEAD"
        answer = server.call("HEAD", f"/secrets/headed?{API}", token=None,
                             connection=connection)
        assert answer.status == 401
        succeeded(server.call("GET", f"/secrets?{API}",
                              connection=connection))


def test_http_1_0(server):
    server.set("old", "HTTP/1.0 too")
    raw = request_bytes("GET", f"/secrets/old?{API}", server.headers())
    with server.connect() as connection:
        connection.send(raw.replace(b"HTTP/1.1", b"HTTP/1.0"))
        assert succeeded(connection.read_answer())["value"] == "HTTP/1.0 too"
        assert connection.at_end()


def test_range_and_conditions_are_not_looked_at(server):
    server.set("ranged", "0123456789" * 100)
    for headers in ({"Range": "bytes=0-3"}, {"If-None-Match": "*"},
                    {"If-Modified-Since": "Sun, 01 Jan 2090 00:00:00 GMT"},
                    {"If-Match": '"x"'},
                    {"If-Unmodified-Since": "Sun, 01 Jan 2006 00:00:00 GMT"},
                    {"Accept-Encoding": "gzip, br"}, {"Accept": "text/html"}):
        answer = server.call("GET", f"/secrets/ranged?{API}", headers=headers)
        assert succeeded(answer)["value"] == "0123456789" * 100, headers


@pytest.mark.parametrize("host", [None, "", "other.test", "localhost"])
def test_host_that_names_no_vault(server, host):
    headers = {} if host is None else {"Host": host}
    with server.connect() as connection:
        try:
            answer = connection.request("GET", f"/secrets?{API}", headers)
        except Closed:
            return
        assert answer.status in (400, 401, 404), answer


def test_absolute_target_names_the_vault(server):
    """nginx chooses the server by it, so the Host header must not lead to
    another server's vault."""
    server.set("absolute", "x")
    headers = server.headers()
    demo = f"demo.vault.localhost:{server.port}"
    for base, host, status in (
            (f"http://{demo}", "other.vault.localhost", 200),
            (f"HTTP://{demo.upper()}", demo, 200),
            (f"http://other.vault.localhost:{server.port}", demo, 404),
            ("http://other.vault.localhost", demo, 404),
            ("http://login.localhost", demo, 404)):
        for long in ("", "x" * 9000):
            headers.update({"Host": host})
            target = f"{base}/secrets/absolute?{API}&long={long}"
            with server.connect() as connection:
                answer = connection.request("GET", target, headers)
            assert answer.status == status, (base, host, answer)
            if status == 200:
                assert answer.json["id"].lower().startswith(
                    f"http://{demo}/secrets/absolute/"), answer


@pytest.mark.parametrize("host", ["demo.vault.localhost", "login.localhost"])
@pytest.mark.parametrize("rest, status", [
    ("Content-Length: x", 400), ("Bad Header: x", 400),
    ("X: " + "y" * 40000, 400)])
def test_what_nginx_refuses_is_not_carried_out(host, rest, status):
    """Also if the page of an error_page lies in a vault's location."""
    with VaultServer(values={
            "HTTP": "error_page 400 494 /.refused/malformed;"}) as server:
        server.set("kept", "x")
        path = (f"/secrets/kept?{API}" if host.startswith("demo") else
                f"/{server.tenant}/v2.0/.well-known/openid-configuration")
        before = len(server.records())
        with server.connect() as connection:
            connection.send(
                f"GET {path} HTTP/1.1\r\nHost: {host}:{server.port}\r\n"
                f"Authorization: Bearer {server.admin()}\r\n"
                f"{rest}\r\n\r\n".encode())
            answer = connection.read_answer()
        assert answer.status == status, answer
        assert b'"kept"' not in answer.body and b"value" not in answer.body
        assert b"issuer" not in answer.body, answer
        assert len(server.records()) == before


# --- TLS and HTTP/2 ----------------------------------------------------------------------

def test_tls(server):
    server.set("tls", "over TLS")
    headers = {"Host": f"demo.vault.localhost:{server.tls_port}",
               "Authorization": f"Bearer {server.admin()}"}
    with server.connect(tls=True) as connection:
        bundle = succeeded(connection.request(
            "GET", f"/secrets/tls?{API}", headers))
    assert bundle["value"] == "over TLS"
    # the id is the address by which the client called
    assert bundle["id"].startswith(f"{server.vault_url()}/secrets/tls/")


def curl(server, *arguments, stdin=b"", token=True):
    """curl's output: the body, and at its end the status and HTTP version."""
    if token:
        arguments += ("-H", f"Authorization: Bearer {server.admin()}")
    return subprocess.run(
        ["curl", "-sS", "--cacert", str(server.ca_file), "--http2",
         "--resolve", f"demo.vault.localhost:{server.tls_port}:127.0.0.1",
         "-w", "\n%{http_code} %{http_version}", *arguments],
        input=stdin, capture_output=True, timeout=60, check=True
    ).stdout.decode().rsplit("\n", 1)


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not here")
def test_http_2(server):
    url = f"{server.vault_url()}/secrets/second?{API}"
    value = "é" * 12800
    body, status = curl(server, "-X", "PUT", url, "-H",
                        "Content-Type: application/json", "--data-binary",
                        "@-", stdin=json.dumps({"value": value}).encode())
    assert status == "200 2", (status, body)
    assert json.loads(body)["value"] == value
    body, status = curl(server, url)
    assert status == "200 2" and json.loads(body)["value"] == value
    body, status = curl(server, f"{server.vault_url()}/secrets/none?{API}")
    assert status == "404 2"
    body, status = curl(server, url, token=False)
    assert status == "401 2"


def test_http_2_many_streams(server):
    """50 requests on one connection at the same time."""
    server.set("streams", "one of many")
    urls = []
    for number in range(50):
        urls += ["-o", "/dev/stdout",
                 f"{server.vault_url()}/secrets/streams?{API}&n={number}"]
    done = subprocess.run(
        ["curl", "-sS", "--cacert", str(server.ca_file), "--http2",
         "--parallel", "--parallel-max", "50",
         "--resolve", f"demo.vault.localhost:{server.tls_port}:127.0.0.1",
         "-H", f"Authorization: Bearer {server.admin()}", *urls],
        capture_output=True, timeout=60, check=True)
    assert done.stdout.count(b"one of many") == 50


def test_http_2_body_too_large(server):
    url = f"{server.vault_url()}/secrets/second-huge?{API}"
    body, status = curl(server, "-X", "PUT", url, "--data-binary", "@-",
                        stdin=b"x" * 10_000_000)
    assert status == "413 2", (status, body)
    succeeded(server.call("GET", f"/secrets?{API}"))
