"""The access record of every operation on keys: its name, the key it names,
what it says of the key, and never anything of what is secret."""

import uuid

import pytest

from support.checks import succeeded
from support.keys import (RSA_PRIVATE, Keys, base64url, ec_jwk, new_ec,
                          new_rsa, oct_jwk, rsa_jwk)
from support.server import API
from support.waiting import wait_until


@pytest.fixture(scope="module")
def keys(server):
    return Keys(server, version="7.5")


def recorded(server, method, path, body=None, token=True):
    """Makes a request; (its answer, its one record)."""
    correlation_id = str(uuid.uuid4())
    answer = server.call(
        method, f"{path}?{API}", body, token,
        headers={"x-ms-client-request-id": correlation_id})
    wait_until(lambda: server.records(correlation_id), f"record of {path}")
    records = server.records(correlation_id)
    assert len(records) == 1, records
    record = records[0]
    assert record["properties"]["httpStatusCode"] == answer.status
    assert record["properties"]["requestUri"] == (
        f"{server.base_url()}{path}?{API}")
    if answer.status >= 400:
        assert record["resultDescription"] == answer.message
    else:
        assert "resultDescription" not in record
    return answer, record


DIGEST = base64url(bytes(32))
SIGN = {"alg": "ES256", "value": DIGEST}
KEY = {"alg": "A256KW", "value": DIGEST}
POLICY = {"lifetimeActions": [{"trigger": {"timeAfterCreate": "P90D"},
                               "action": {"type": "Rotate"}}]}

# name, method, path, body (a text: what is to be sent), status
OPERATIONS = [
    ("KeyCreate", "POST", "/keys/ec/create", {"kty": "EC"}, 200),
    ("KeyImport", "PUT", "/keys/oct", {"key": oct_jwk(bytes(32))}, 200),
    ("KeyGet", "GET", "/keys/ec", None, 200),
    ("KeyUpdate", "PATCH", "/keys/ec/", {"tags": {"a": "b"}}, 200),
    ("KeyList", "GET", "/keys", None, 200),
    ("KeyListVersions", "GET", "/keys/ec/versions", None, 200),
    ("KeySign", "POST", "/keys/ec/sign", SIGN, 200),
    ("KeyVerify", "POST", "/keys/ec/verify", "signature", 200),
    ("KeyEncrypt", "POST", "/keys/oct/encrypt",
     {"alg": "A256GCM", "value": DIGEST}, 200),
    ("KeyDecrypt", "POST", "/keys/oct/decrypt", "ciphertext", 200),
    ("KeyWrap", "POST", "/keys/oct/wrapkey", KEY, 200),
    ("KeyUnwrap", "POST", "/keys/oct/unwrapkey", "wrapped", 200),
    ("KeyRotationPolicySet", "PUT", "/keys/ec/rotationpolicy", POLICY, 200),
    ("KeyRotationPolicyGet", "GET", "/keys/ec/rotationpolicy", None, 200),
    ("KeyRotate", "POST", "/keys/ec/rotate", None, 200),
    ("KeyBackup", "POST", "/keys/ec/backup", None, 200),
    ("KeyRelease", "POST", "/keys/ec/release", {"target": "a.b.c"}, None),
    ("KeyAttestationGet", "GET", "/keys/ec/attestation", None, 400),
    ("KeyDelete", "DELETE", "/keys/ec", None, 200),
    ("KeyGetDeleted", "GET", "/deletedkeys/ec", None, 200),
    ("KeyListDeleted", "GET", "/deletedkeys", None, 200),
    ("KeyRecover", "POST", "/deletedkeys/ec/recover", None, 200),
    ("KeyDelete", "DELETE", "/keys/ec", None, 200),
    ("KeyPurge", "DELETE", "/deletedkeys/ec", None, 204),
    ("KeyRestore", "POST", "/keys/restore", "backup", 200),
    ("RandomBytesGet", "POST", "/rng", {"count": 32}, 200),
    ("KeyGet", "GET", "/keys/absent", None, 404),
    ("KeySign", "POST", "/keys/ec/sign", {"alg": "RS256", "value": DIGEST},
     400),
    ("KeySign", "POST", "/keys/ec/sign", b"not JSON", 400),
]


def follow_up(name, answer):
    """What an answer gives to be sent later: (its name here, the body)."""
    if name == "KeySign" and answer.status == 200:
        return "signature", {"alg": "ES256", "digest": DIGEST,
                             "value": answer.json["value"]}
    if name == "KeyEncrypt":
        return "ciphertext", {"alg": "A256GCM", **{
            member: answer.json[member] for member in ("value", "iv", "tag")}}
    if name == "KeyWrap":
        return "wrapped", {"alg": "A256KW", "value": answer.json["value"]}
    if name == "KeyBackup":
        return "backup", answer.json
    return "nothing", None


def test_every_operation(server):
    """In an order in which each finds what it needs."""
    later = {}
    for name, method, path, body, status in OPERATIONS:
        if isinstance(body, str):
            body = later[body]
        answer, record = recorded(server, method, path, body)
        assert status is None or answer.status == status, answer
        assert record["operationName"] == name
        assert record["operationVersion"] == "7.5"
        assert record["properties"]["isAccessPolicyMatch"] is True
        key, value = follow_up(name, answer)
        later[key] = value
        if name in ("KeyList", "KeyListDeleted", "RandomBytesGet"):
            assert "id" not in record["properties"]
            assert "keyProperties" not in record["properties"]
        elif answer.status == 200 and "key" in answer.json:
            assert record["properties"]["id"] == answer.json["key"]["kid"]
        elif answer.status == 200 and "kid" in answer.json:
            # a computation's record names the version that computed
            assert record["properties"]["id"] == answer.json["kid"]


def test_key_properties(server, keys):
    """Type, size or curve, and operations, of keys of each type."""
    for name, body, expected in (
            ("props-rsa", {"key": rsa_jwk(new_rsa())},
             {"type": "RSA", "size": 2048, "operations": [
                 "encrypt", "decrypt", "sign", "verify", "wrapKey",
                 "unwrapKey"]}),
            ("props-ec", {"key": ec_jwk(new_ec("P-384"), "P-384")},
             {"type": "EC", "curve": "P-384",
              "operations": ["sign", "verify"]}),
            ("props-oct", {"key": {**oct_jwk(bytes(32)),
                                   "key_ops": ["wrapKey"]}},
             {"type": "oct", "size": 256, "operations": ["wrapKey"]})):
        _, record = recorded(server, "PUT", f"/keys/{name}", body)
        check_properties(record, expected)
        for method, path, more in (
                ("GET", f"/keys/{name}", None),
                ("PATCH", f"/keys/{name}/", {"tags": {}}),
                ("DELETE", f"/keys/{name}", None),
                ("POST", f"/deletedkeys/{name}/recover", None)):
            answer, record = recorded(server, method, path, more)
            assert answer.status == 200
            check_properties(record, expected)
    _, record = recorded(server, "POST", "/keys/props-rsa/sign",
                         {"alg": "RS256", "value": DIGEST})
    assert record["properties"]["keyProperties"]["type"] == "RSA"
    assert record["properties"]["keyProperties"]["size"] == 2048


def check_properties(record, expected):
    properties = record["properties"]["keyProperties"]
    assert set(properties) <= {"type", "size", "curve", "operations",
                               "attributes"}
    seen = {k: v for k, v in properties.items() if k != "attributes"}
    assert seen == expected, record


def test_refusals_have_records(server, keys):
    """401, 403 of the caller, 403 of the key, 404 and 409."""
    keys.create("state", attributes={"enabled": False})
    keys.create("gone")
    succeeded(keys.call("DELETE", "/keys/gone"))
    nobody = server.issuer.token(str(uuid.uuid4()))
    for status, name, method, path, body, token in (
            (403, "KeySign", "POST", "/keys/state/sign", SIGN, True),
            (403, "KeySign", "POST", "/keys/state/sign", SIGN, nobody),
            (403, "RandomBytesGet", "POST", "/rng", {"count": 1}, nobody),
            (404, "KeySign", "POST", "/keys/absent/sign", SIGN, True),
            (409, "KeyCreate", "POST", "/keys/gone/create", {"kty": "EC"},
             True)):
        answer, record = recorded(server, method, path, body, token)
        assert answer.status == status, answer
        assert record["operationName"] == name
        assert record["resultType"] == "Success"


def test_never_what_is_secret(server, keys):
    """Neither material nor plaintext, digest, signature, ciphertext, wrapped
    key, backup or random bytes, in records or in the error log; what is
    refused as little as what is done."""
    hidden = {}

    def told(name, value):
        hidden[name] = value if isinstance(value, str) else base64url(value)

    private = new_rsa()
    jwk = rsa_jwk(private)
    curve = ec_jwk(new_ec("P-256"), "P-256")
    octets = oct_jwk(uuid.uuid4().bytes + uuid.uuid4().bytes)
    for member in RSA_PRIVATE:
        told(f"rsa {member}", jwk[member])
    told("ec d", curve["d"])
    told("oct k", octets["k"])
    keys.take("hidden-rsa", jwk)
    keys.take("hidden-ec", curve)
    keys.take("hidden-oct", octets)
    for broken in ({**jwk, "n": "AAAA"}, {**curve, "x": curve["y"]},
                   {**octets, "k": octets["k"][:-3]},
                   {**jwk, "kty": "RSA-HSM"}):
        assert keys.call("PUT", "/keys/refused",
                         {"key": broken}).status == 400
    text = uuid.uuid4().bytes + uuid.uuid4().bytes
    told("text", text)
    for name, forth, back, alg in (
            ("hidden-rsa", "encrypt", "decrypt", "RSA-OAEP"),
            ("hidden-rsa", "wrapkey", "unwrapkey", "RSA1_5"),
            ("hidden-oct", "wrapkey", "unwrapkey", "A256KW")):
        value = keys.result(name, forth, alg, text)
        told(f"{forth} {alg}", value)
        keys.result(name, back, alg, value)
        keys.use(name, back, alg, value[:-1] + bytes([value[-1] ^ 1]))
    for name, alg in (("hidden-rsa", "RS256"), ("hidden-rsa", "PS256"),
                      ("hidden-ec", "ES256"), ("hidden-oct", "HS256")):
        value = keys.result(name, "sign", alg, text)
        told(f"signature {alg}", value)
        keys.verify(name, alg, text, value)
        keys.use(name, "sign", alg, text[:-1])
    told("random", succeeded(keys.call("POST", "/rng",
                                       {"count": 32}))["value"])
    blob = succeeded(keys.call("POST", "/keys/hidden-rsa/backup"))
    keys.call("POST", "/keys/restore", blob)
    told("backup", blob["value"][60:160])
    end = keys.call("GET", "/keys").header("x-ms-request-id")
    wait_until(lambda: server.records(end), "the last record")
    for place, log in (("records", server.audit_log.read_text()),
                       ("error log", server.log_text())):
        for name, value in hidden.items():
            assert value[:43] not in log, f"{name} in the {place}"
            assert value[-30:] not in log, f"end of {name} in the {place}"
