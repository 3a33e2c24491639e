"""vault_attestation: what can be wrong with the directive, keys that come from
a URL, audiences, and the record of a release."""

import http.server
import json
import threading
import time

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from support.checks import refused, succeeded
from support.config import BASE
from support.keys import Keys, base64url, new_rsa, rsa_jwk
from support.server import VaultServer
from support.tokens import Issuer, public_jwk

GOOD = ("vault_attestation issuer=https://attest.test jwks=%%JWKS%% "
        "algorithms=PS256,ES384;")
WRONG = [
    ("vault_attestation;", ["number of arguments", "vault_attestation"]),
    ("vault_attestation jwks=%%JWKS%%;", ["issuer"]),
    ("vault_attestation issuer= jwks=%%JWKS%%;", ["issuer="]),
    ("vault_attestation issuer=https://attest.test;", ["JWKS"]),
    ("vault_attestation issuer=https://attest.test jwks=%%PREFIX%%/none.json;",
     ["none.json"]),
    ("vault_attestation issuer=https://attest.test jwks=http://10.0.0.1/keys;",
     ["https://"]),
    ("vault_attestation issuer=https://attest.test jwks=https://attest.test/ "
     "ca_file=%%PREFIX%%/none.pem;", ["none.pem"]),
    ("vault_attestation issuer=https://attest.test jwks=%%JWKS%% audience=;",
     ["audience"]),
    (GOOD + GOOD, ["duplicate issuer", "https://attest.test"]),
    (GOOD.replace("PS256,", "HS256,"), ["HS256", "PS512"]),
    (GOOD.replace("PS256,", "none,"), ["none", "PS512"]),
    (GOOD.replace(";", " colour=red;"), ["colour=red", "issuer=URL"]),
    # which only issuers of access tokens have
    (GOOD.replace(";", " tenant=%%TENANT%%;"), ["tenant=", "ca_file=PATH"]),
    (GOOD.replace(";", " login=https://attest.test;"),
     ["login=", "ca_file=PATH"]),
]


@pytest.fixture(scope="module")
def prepared():
    with VaultServer(BASE, start=False) as server:
        yield server


def run_test(server, directive):
    server.write_config(HTTP=directive)
    return server.nginx("-t")


@pytest.mark.parametrize("directive", [
    "", GOOD, GOOD + GOOD.replace("attest.test", "other.test"),
    # one service can do both
    GOOD.replace("https://attest.test", "https://issuer.test/")])
def test_right_directives(prepared, directive):
    tested = run_test(prepared, directive)
    assert tested.returncode == 0, tested.stderr


@pytest.mark.parametrize("directive, words", WRONG)
def test_wrong_directives(prepared, directive, words):
    tested = run_test(prepared, directive)
    assert tested.returncode != 0, "accepted"
    assert "[emerg]" in tested.stderr
    line = BASE[:BASE.index("%%HTTP%%")].count("\n") + 1
    assert f"nginx.conf:{line}" in tested.stderr, (line, tested.stderr)
    for word in words:
        assert word in tested.stderr, (word, tested.stderr)


@pytest.mark.parametrize("old, new", [
    ("%%SERVER%%", GOOD), ("%%LOCATION%%", GOOD), ("%%MAIN%%", GOOD)])
def test_misplaced_directive(prepared, old, new):
    prepared.write_config(BASE.replace(old, new), HTTP="")
    tested = prepared.nginx("-t")
    prepared.write_config(BASE)
    assert tested.returncode != 0, "accepted"
    assert "vault_attestation" in tested.stderr
    assert "not allowed here" in tested.stderr


# --- services in use ------------------------------------------------------------

FETCHED = "https://fetched.test"
STRICT = "https://strict.test"
ABSENT = "https://absent.test"
AUDIENCE = "https://vault.test"


class KeySet:
    """Serves the public keys of an attestation service."""

    def __init__(self):
        self.keys = []
        self.requests = 0
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                outer.requests += 1
                body = json.dumps({"keys": outer.keys}).encode()
                self.send_response(200 if outer.keys else 500)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0),
                                                      Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}/certs"
        self.thread = threading.Thread(target=self.server.serve_forever)
        self.thread.start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


class World:
    """A vault, an attested environment, and what attests it."""

    def __init__(self, server, key_sets):
        self.server = server
        self.keys = Keys(server)
        self.key_sets = key_sets
        self.signer = Issuer("", None, FETCHED)
        self.inside = {k: v for k, v in rsa_jwk(new_rsa()).items()
                       if k in ("kty", "n", "e")}

    def make(self, name, issuer):
        policy = {"version": "1.0.0", "anyOf": [{
            "authority": issuer, "allOf": [{"claim": "x", "equals": "y"}]}]}
        self.keys.create(name, attributes={"exportable": True},
                         release_policy={"data": base64url(
                             json.dumps(policy).encode())})

    def token(self, issuer, kid="one", key=None, **changes):
        now = int(time.time())
        claims = {"iss": issuer, "iat": now, "nbf": now, "exp": now + 600,
                  "x": "y", "x-ms-runtime": {"keys": [
                      {**self.inside, "key_ops": ["encrypt"]}]}, **changes}
        return Issuer.compact({"alg": "RS256", "typ": "JWT", "kid": kid},
                              claims, key or self.signer.rsa, "RS256")

    def release(self, name, token, version=""):
        path = f"/keys/{name}/{version}/release" if version else (
            f"/keys/{name}/release")
        return self.keys.call("POST", path, {"target": token})


@pytest.fixture(scope="module")
def world():
    fetched, absent = KeySet(), KeySet()
    try:
        with VaultServer(values={"HTTP": (
                f"vault_attestation issuer={FETCHED} jwks={fetched.url};"
                f"vault_attestation issuer={ABSENT} jwks={absent.url};"
                f"vault_attestation issuer={STRICT} "
                f"jwks=%%PREFIX%%/strict.json audience={AUDIENCE};")},
                start=False) as server:
            made = World(server, {FETCHED: fetched, ABSENT: absent})
            fetched.keys = [public_jwk(made.signer.rsa, "one")]
            (server.prefix / "strict.json").write_text(
                json.dumps({"keys": fetched.keys}))
            server.start()
            yield made
    finally:
        fetched.close()
        absent.close()


def test_keys_by_url(world):
    """Of the current version and of one that is named."""
    world.make("fetched", FETCHED)
    token = world.token(FETCHED)
    for _ in range(20):
        succeeded(world.release("fetched", token))
    version = succeeded(world.keys.call("GET", "/keys/fetched"))["key"][
        "kid"].rsplit("/", 1)[1]
    world.make("fetched", FETCHED)
    succeeded(world.release("fetched", token, version))


def test_unknown_keys_do_not_flood_the_service(world):
    world.make("flooded", FETCHED)
    succeeded(world.release("flooded", world.token(FETCHED)))
    stranger = rsa.generate_private_key(65537, 2048)
    before = world.key_sets[FETCHED].requests
    for number in range(50):
        refused(world.release("flooded", world.token(
            FETCHED, f"no-{number}", stranger)), 403, "Forbidden",
            "AccessDenied")
    refused(world.release("flooded", world.token(FETCHED, "one", stranger)),
            403, "Forbidden", "AccessDenied")
    # at most one fetch a worker, should the time between two have just passed
    assert world.key_sets[FETCHED].requests - before <= 2
    succeeded(world.release("flooded", world.token(FETCHED)))


def test_service_that_never_answered(world):
    world.make("waiting", ABSENT)
    answer = world.release("waiting", world.token(ABSENT))
    refused(answer, 503, "ServiceUnavailable")
    assert answer.header("Retry-After") == "1"


def test_audience(world):
    world.make("strict", STRICT)
    for changes in ({}, {"aud": "https://other.test"}, {"aud": []}):
        refused(world.release("strict", world.token(STRICT, **changes)), 403,
                "Forbidden", "AccessDenied")
    for audience in (AUDIENCE, f"{AUDIENCE}/", ["https://x", AUDIENCE]):
        succeeded(world.release("strict", world.token(STRICT, aud=audience)))


def test_a_release_is_recorded_before_it_is_answered(world):
    """It gives a key away: what is answered stands in the records already."""
    world.make("recorded", STRICT)
    good = world.token(STRICT, aud=AUDIENCE)
    for token, status, result in ((good, 200, "OK"),
                                  (world.token(STRICT), 403, "Forbidden")):
        for _ in range(10):
            answer = world.release("recorded", token)
            record, = world.server.records(answer.header("x-ms-request-id"))
            assert answer.status == status
            assert record["operationName"] == "KeyRelease"
            assert record["properties"]["httpStatusCode"] == status
            assert "/keys/recorded/" in record["properties"]["id"]
            assert record["resultSignature"] == result
