"""Keys that come in a transfer file, wrapped outside for an exchange key of
the vault; and what such an exchange key can and cannot do."""

import base64
import json
import secrets
import time

import pytest
from cryptography.hazmat.primitives import hashes, keywrap
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption, Encoding, NoEncryption, PrivateFormat)

from support.checks import bad_parameter, refused, succeeded
from support.keys import (CURVES, Keys, base64url, ec_jwk, new_ec, new_rsa,
                          public_key, rsa_jwk)

DAY = 86400
SHA1 = padding.OAEP(padding.MGF1(hashes.SHA1()), hashes.SHA1(), None)
RSA = new_rsa()


@pytest.fixture(scope="module")
def keys(server):
    """The vault, with an exchange key."""
    keys = Keys(server)
    keys.exchange = exchange_key(keys, "exchange")
    return keys


def exchange_key(keys, name, **members):
    return keys.create(name, "RSA", key_ops=["import"], **members)["key"]


def pkcs8(key, encryption=None):
    return key.private_bytes(Encoding.DER, PrivateFormat.PKCS8,
                             encryption or NoEncryption())


def wrapped(exchange, data, aes_bytes=32, scheme=SHA1):
    """CKM_RSA_AES_KEY_WRAP (PKCS#11 v2.40, section 2.1.21)."""
    aes = secrets.token_bytes(aes_bytes)
    return (public_key(exchange).encrypt(aes, scheme)
            + keywrap.aes_key_wrap_with_padding(aes, data))


def transfer_file(exchange, content, **changes):
    document = {"schema_version": "1.0.0", "header": {
        "kid": exchange["kid"], "alg": "dir", "enc": "CKM_RSA_AES_KEY_WRAP"},
        "ciphertext": base64url(content), "generator": "tests"}
    document["header"].update(changes.pop("header", {}))
    document.update(changes)
    return base64.b64encode(json.dumps(document).encode()).decode()


def bring(keys, name, kty, file, **members):
    return keys.call("PUT", f"/keys/{name}",
                     {"key": {"kty": kty, "key_hsm": file}, **members})


# --- what works ---------------------------------------------------------------

def test_an_rsa_key(keys):
    """It computes like the key that was wrapped, and is like any import."""
    file = transfer_file(keys.exchange, wrapped(keys.exchange, pkcs8(RSA)))
    bundle = succeeded(bring(keys, "brought", "RSA", file, tags={"a": "b"}))
    jwk = rsa_jwk(RSA)
    assert bundle["key"]["n"] == jwk["n"] and bundle["tags"] == {"a": "b"}
    assert "key_hsm" not in bundle["key"] and "d" not in bundle["key"]
    sealed = RSA.public_key().encrypt(b"text", SHA1)
    assert keys.result("brought", "decrypt", "RSA-OAEP", sealed) == b"text"
    bad_parameter(keys.call("POST", "/keys/brought/rotate"))


@pytest.mark.parametrize("curve", CURVES)
def test_an_ec_key(keys, curve):
    key = new_ec(curve)
    file = transfer_file(keys.exchange, wrapped(keys.exchange, pkcs8(key)))
    bundle = succeeded(bring(keys, f"brought-{curve}", "EC", file))
    jwk = ec_jwk(key, curve)
    for member in ("crv", "x", "y"):
        assert bundle["key"][member] == jwk[member]


# --- exchange keys ------------------------------------------------------------

def test_an_exchange_key_expires_soon_and_does_nothing_else(keys):
    """In two days, unless its maker says otherwise."""
    bundle = succeeded(keys.call("GET", "/keys/exchange"))
    attributes = bundle["attributes"]
    assert bundle["key"]["key_ops"] == ["import"]
    assert attributes["exp"] == attributes["created"] + 2 * DAY
    assert keys.create("longer", "RSA", key_ops=["import"], attributes={
        "exp": 4070908800})["attributes"]["exp"] == 4070908800
    for operation, alg in (("encrypt", "RSA-OAEP"), ("decrypt", "RSA-OAEP"),
                           ("wrapkey", "RSA-OAEP"),
                           ("unwrapkey", "RSA-OAEP"), ("sign", "RS256")):
        refused(keys.use("exchange", operation, alg, bytes(32)), 403,
                "Forbidden", "KeyOperationForbidden")
    bad_parameter(keys.call("POST", "/keys/exchange/rotate"))


def test_an_exchange_key_never_becomes_another(keys):
    """Else it could decrypt what was wrapped for it; nor the other way
    round, nor is one imported, whose maker has its private part."""
    for key_ops in (["decrypt"], ["import", "decrypt"], []):
        bad_parameter(keys.call("PATCH", "/keys/exchange/",
                                {"key_ops": key_ops}))
    keys.create("ordinary", "RSA")
    bad_parameter(keys.call("PATCH", "/keys/ordinary/",
                            {"key_ops": ["import"]}))
    bad_parameter(keys.call("PUT", "/keys/known", {
        "key": {**rsa_jwk(RSA), "key_ops": ["import"]}}))
    for kty in ("EC", "oct"):
        bad_parameter(keys.call("POST", "/keys/of-another-type/create",
                                {"kty": kty, "key_ops": ["import"]}))
    key = succeeded(keys.call("GET", "/keys/exchange"))["key"]
    assert key == keys.exchange


# --- what is refused ----------------------------------------------------------

def refuse(keys, kty, file, **members):
    answer = bring(keys, "never", kty, file, **members)
    bad_parameter(answer)
    refused(keys.call("GET", "/keys/never"), 404, "KeyNotFound")
    return answer.message


def test_ciphertexts_that_are_none_have_one_answer(keys):
    """Nobody learns what was wrong inside: no oracle for the RSA part."""
    good = wrapped(keys.exchange, pkcs8(RSA))
    other = padding.OAEP(padding.MGF1(hashes.SHA256()), hashes.SHA256(), None)
    cases = [
        good[:-8], good[:-1], good + bytes(8), good[:256] + bytes(64),
        bytes(256) + good[256:], b"\xff" * 256 + good[256:],
        bytes([good[0] ^ 1]) + good[1:],
        good[:300] + bytes([good[300] ^ 1]) + good[301:],
        wrapped(keys.exchange, pkcs8(RSA), scheme=other),
        wrapped(keys.exchange, pkcs8(RSA), scheme=padding.PKCS1v15()),
    ]
    messages = {refuse(keys, "RSA", transfer_file(keys.exchange, case))
                for case in cases}
    assert len(messages) == 1, messages


def test_what_is_inside_is_no_key(keys):
    """Well wrapped, and no PKCS#8, an encrypted one, or a wrong size."""
    for data in (b"x", bytes(100), pkcs8(RSA)[:-1], pkcs8(RSA) + b"\0",
                 pkcs8(RSA, BestAvailableEncryption(b"secret")),
                 RSA.private_bytes(Encoding.DER,
                                   PrivateFormat.TraditionalOpenSSL,
                                   NoEncryption()),
                 pkcs8(new_rsa(1024)), b"\x30\x84\xff\xff\xff\xff",
                 b"\x30\x80" + bytes(200)):
        refuse(keys, "RSA",
               transfer_file(keys.exchange, wrapped(keys.exchange, data)))


def test_another_type_than_was_said(keys):
    file = transfer_file(keys.exchange,
                         wrapped(keys.exchange, pkcs8(new_ec("P-256"))))
    refuse(keys, "RSA", file)
    refuse(keys, "oct", file)
    refuse(keys, "RSA-HSM", file)
    refuse(keys, "EC", transfer_file(
        keys.exchange, wrapped(keys.exchange, pkcs8(RSA))))


def test_exchange_keys_that_cannot_be_used(keys):
    """Disabled, expired, early, deleted, ordinary, absent, another's."""
    now = int(time.time())
    used = {
        "disabled": exchange_key(keys, "disabled",
                                 attributes={"enabled": False}),
        "early": exchange_key(keys, "early", attributes={"nbf": now + DAY}),
        "late": exchange_key(keys, "late", attributes={"exp": now - DAY}),
        "deleted": exchange_key(keys, "deleted"),
        "ordinary": keys.create("ordinary", "RSA")["key"],
        "ec": keys.create("ec")["key"],
    }
    succeeded(keys.call("DELETE", "/keys/deleted"))
    good = wrapped(keys.exchange, pkcs8(RSA))
    for name, key in used.items():
        ciphertext = good if name == "ec" else wrapped(key, pkcs8(RSA))
        refuse(keys, "RSA", transfer_file(key, ciphertext))
    kid = keys.exchange["kid"]
    for other in (kid.rsplit("/", 1)[0], kid[:-1], kid + "0", "x", "", 1, None,
                  kid.replace("/demo.", "/other."), kid.replace("http", "ftp"),
                  kid.replace("/keys/", "/secrets/"),
                  kid.replace("/exchange/", "/absent/")):
        refuse(keys, "RSA", transfer_file(keys.exchange, good,
                                          header={"kid": other}))


def test_files_that_are_none(keys):
    good = wrapped(keys.exchange, pkcs8(RSA))
    for changes in ({"header": {"alg": "none"}}, {"header": {"alg": None}},
                    {"header": {"enc": "A256GCM"}}, {"header": {"enc": 1}},
                    {"schema_version": "9.9.9"}, {"ciphertext": ""},
                    {"ciphertext": "*"}, {"ciphertext": 1},
                    {"ciphertext": "A" * 100000}):
        refuse(keys, "RSA", transfer_file(keys.exchange, good, **changes))
    for text in (b"", b"x", b"[]", b"{}", b'{"header":{}}', b"[" * 5000,
                 b'{"header":1,"ciphertext":1}'):
        refuse(keys, "RSA", base64.b64encode(text).decode())
    for file in ("*", "A", 1, [], {}, True):
        refuse(keys, "RSA", file)


def test_a_file_beside_a_jwk(keys):
    """The file counts: whoever wraps a key means that one."""
    file = transfer_file(keys.exchange, wrapped(keys.exchange, pkcs8(RSA)))
    bundle = succeeded(keys.call("PUT", "/keys/both", {
        "key": {**rsa_jwk(new_rsa()), "key_hsm": file}}))
    assert bundle["key"]["n"] == rsa_jwk(RSA)["n"]
