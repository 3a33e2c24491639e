"""Each operation on keys needs one permission: it passes with only that one,
and is refused with all others, in the documented words."""

import re
import uuid

import pytest

from support.checks import refused, succeeded
from support.keys import (Keys, base64url, ec_jwk, new_ec, oct_jwk,
                          unbase64url)
from support.server import API

PERMISSIONS = [
    "get", "list", "create", "update", "import", "delete", "backup",
    "restore", "recover", "purge", "encrypt", "decrypt", "wrapKey",
    "unwrapKey", "sign", "verify", "release", "rotate", "getrotationpolicy",
    "setrotationpolicy"]
POLICY = {"lifetimeActions": [{"trigger": {"timeAfterCreate": "P90D"},
                               "action": {"type": "Rotate"}}]}


@pytest.fixture(scope="module")
def scene(server):
    """Keys in every state, made by an administrator, and what is to be sent
    of them."""
    keys = Keys(server)
    for name in ("ec", "deleted", "recovered", "purged", "restored",
                 "leaving", "rotated"):
        keys.create(name)
    keys.take("oct", oct_jwk(bytes(32)))
    digest = base64url(bytes(32))
    keys.sign = {"alg": "ES256", "value": digest}
    keys.signature = {"alg": "ES256", "digest": digest, "value": base64url(
        keys.result("ec", "sign", "ES256", bytes(32)))}
    keys.plain = {"alg": "A256GCM", "value": "AAAA"}
    sealed = succeeded(keys.use("oct", "encrypt", "A256GCM", bytes(3)))
    keys.sealed = {"alg": "A256GCM",
                   **{m: sealed[m] for m in ("value", "iv", "tag")}}
    keys.key = {"alg": "A256KW", "value": digest}
    keys.wrapped = {"alg": "A256KW", "value": base64url(
        keys.result("oct", "wrapkey", "A256KW", bytes(32)))}
    keys.blob = succeeded(keys.call("POST", "/keys/restored/backup"))
    for name in ("deleted", "recovered", "purged", "restored"):
        succeeded(keys.call("DELETE", f"/keys/{name}"))
    succeeded(keys.call("DELETE", "/deletedkeys/restored"), 204)
    keys.jwk = {"key": ec_jwk(new_ec("P-256"), "P-256")}
    return keys


# permission, method, path, body (or the scene's member with it), status
OPERATIONS = [
    ("create", "POST", "/keys/created/create", {"kty": "EC"}, 200),
    ("import", "PUT", "/keys/imported", "jwk", 200),
    ("get", "GET", "/keys/ec", None, 200),
    ("get", "GET", "/deletedkeys/deleted", None, 200),
    ("get", "GET", "/keys/ec/attestation", None, 400),
    ("list", "GET", "/keys", None, 200),
    ("list", "GET", "/keys/ec/versions", None, 200),
    ("list", "GET", "/deletedkeys", None, 200),
    ("update", "PATCH", "/keys/ec/", {"tags": {"a": "b"}}, 200),
    ("delete", "DELETE", "/keys/leaving", None, 200),
    ("backup", "POST", "/keys/ec/backup", None, 200),
    ("restore", "POST", "/keys/restore", "blob", 200),
    ("recover", "POST", "/deletedkeys/recovered/recover", None, 200),
    ("purge", "DELETE", "/deletedkeys/purged", None, 204),
    ("encrypt", "POST", "/keys/oct/encrypt", "plain", 200),
    ("decrypt", "POST", "/keys/oct/decrypt", "sealed", 200),
    ("wrapKey", "POST", "/keys/oct/wrapkey", "key", 200),
    ("unwrapKey", "POST", "/keys/oct/unwrapkey", "wrapped", 200),
    ("sign", "POST", "/keys/ec/sign", "sign", 200),
    ("verify", "POST", "/keys/ec/verify", "signature", 200),
    ("release", "POST", "/keys/ec/release", {"target": "a.b.c"}, None),
    ("rotate", "POST", "/keys/rotated/rotate", None, 200),
    ("getrotationpolicy", "GET", "/keys/ec/rotationpolicy", None, 200),
    ("setrotationpolicy", "PUT", "/keys/ec/rotationpolicy", POLICY, 200),
]


def test_the_table_has_every_permission():
    assert {row[0] for row in OPERATIONS} == set(PERMISSIONS)


@pytest.mark.parametrize(
    "permission, method, path, body, status", OPERATIONS,
    ids=[f"{row[1]} {row[2]}" for row in OPERATIONS])
def test_one_permission(server, scene, permission, method, path, body,
                        status):
    if isinstance(body, str):
        body = getattr(scene, body)
    oid = str(uuid.uuid4())
    others = [other for other in PERMISSIONS if other != permission]
    server.allow(oid, "all", "purge")
    server.allow(oid, *others, family="keys")
    denied = server.call(method, f"{path}?{API}", body,
                         server.issuer.token(oid))
    refused(denied, 403, "Forbidden", "AccessDenied", re.compile(
        rf"The user, group or application 'appid={oid};oid={oid};"
        rf"iss={re.escape(server.issuer.issuer)}' does not have keys "
        rf"{permission} permission on key vault 'demo;location=[a-z0-9-]+'"
        r"\. For help resolving this issue, please see "
        r"https://go\.microsoft\.com/fwlink/\?linkid=2125287"))
    answer = server.call(method, f"{path}?{API}", body,
                         server.grant(permission, family="keys"))
    if status is not None:
        assert answer.status == status, answer
    elif answer.status == 403:
        # refused for another reason than the caller
        assert answer.error[1] != "AccessDenied", answer


def test_rights_on_secrets_are_none_on_keys(server, scene):
    """And the other way round, for permissions of the same name."""
    server.set("ec")
    on_secrets = server.grant("all", "purge")
    on_keys = server.grant("all", "purge", family="keys")
    for method, path in (("GET", "/{}/ec"), ("GET", "/{}"),
                         ("POST", "/{}/ec/backup"),
                         ("GET", "/{}/ec/versions")):
        for kind, good, bad in (("keys", on_keys, on_secrets),
                                ("secrets", on_secrets, on_keys)):
            target = f"{path.format(kind)}?{API}"
            succeeded(server.call(method, target, token=good))
            refused(server.call(method, target, token=bad), 403, "Forbidden",
                    "AccessDenied")


def test_purge_is_not_part_of_all(server, scene):
    token = server.grant("all", family="keys")
    refused(server.call("DELETE", f"/deletedkeys/deleted?{API}", token=token),
            403, "Forbidden", "AccessDenied")


def test_the_caller_is_asked_for_before_the_key(server, scene):
    """Without permission the answer is 403 whether there is a key or none,
    and whatever the body is; without a token it is 401."""
    token = server.issuer.token(str(uuid.uuid4()))
    for _, method, path, _, _ in OPERATIONS:
        for target in (path, path.replace("/ec", "/absent")):
            answer = server.call(method, f"{target}?{API}", b"not JSON",
                                 token)
            refused(answer, 403, "Forbidden", "AccessDenied")
        answer = server.call(method, f"{path}?{API}", token=None)
        refused(answer, 401, "Unauthorized")
        assert answer.header("WWW-Authenticate")


def test_random_bytes_need_a_caller_with_rights(server):
    body = {"count": 16}
    refused(server.call("POST", f"/rng?{API}", body, None), 401,
            "Unauthorized")
    refused(server.call("POST", f"/rng?{API}", body,
                        server.issuer.token(str(uuid.uuid4()))), 403,
            "Forbidden", "AccessDenied")
    answer = succeeded(server.call("POST", f"/rng?{API}", body))
    assert len(unbase64url(answer["value"])) == 16


def test_a_right_taken_away_ends_with_the_next_request(server, scene):
    """On connections to both workers, that have used the key before."""
    oid = str(uuid.uuid4())
    token = server.issuer.token(oid)
    connections = [server.connect() for _ in range(8)]
    for permission, status in (("sign", 200), ("verify", 403),
                               ("sign", 200), ("get", 403)):
        server.allow(oid, permission, family="keys")
        for connection in connections:
            answer = server.call("POST", f"/keys/ec/sign?{API}", scene.sign,
                                 token, connection=connection)
            assert answer.status == status, answer
    for connection in connections:
        connection.close()
