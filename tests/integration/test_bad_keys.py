"""Keys that must not be imported: each wrong in one respect, answered with a
400, and nothing is kept of it."""

import json
import uuid

import pytest

from support.checks import bad_parameter, refused, succeeded
from support.keys import (CURVES, Keys, base64url, ec_jwk, integer, new_ec,
                          new_rsa, number, oct_jwk, raw_body, rsa_jwk)

# of P-256 (SEC 2, section 2.4.2)
FIELD = 0xffffffff00000001000000000000000000000000ffffffffffffffffffffffff
ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551

RSA = rsa_jwk(new_rsa())
OTHER_RSA = rsa_jwk(new_rsa())
EC = ec_jwk(new_ec("P-256"), "P-256")
OTHER_EC = ec_jwk(new_ec("P-256"), "P-256")
OCT = oct_jwk(bytes(range(32)))
P, Q, D = integer(RSA["p"]), integer(RSA["q"]), integer(RSA["d"])
N, E = integer(RSA["n"]), integer(RSA["e"])


@pytest.fixture(scope="module")
def keys(server):
    return Keys(server)


def refuse(keys, body):
    """Under a new name, so that one case does not fail by another."""
    name = uuid.uuid4()
    bad_parameter(keys.call("PUT", f"/keys/{name}", body))
    refused(keys.call("GET", f"/keys/{name}"), 404, "KeyNotFound")


def rsa_of(p, q, e=E, **changes):
    """A JWK of these primes (or what should be), all members computed."""
    phi = (p - 1) * (q - 1)
    d = pow(e, -1, phi)
    return {"kty": "RSA", "n": number(p * q), "e": number(e), "d": number(d),
            "p": number(p), "q": number(q), "dp": number(d % (p - 1)),
            "dq": number(d % (q - 1)), "qi": number(pow(q, -1, p)),
            **changes}


def test_the_keys_that_are_made_wrong_below_are_good(keys):
    """So that each refusal has the one reason that its case names."""
    for jwk in (RSA, EC, OCT, rsa_of(P, Q)):
        succeeded(keys.call("PUT", "/keys/good", raw_body(jwk)))


# --- members ------------------------------------------------------------------

MEMBERS = [(jwk, member) for jwk in (RSA, EC, OCT) for member in jwk]
MEMBER_IDS = [f"{jwk['kty']} {member}" for jwk, member in MEMBERS]


@pytest.mark.parametrize("jwk, member", MEMBERS, ids=MEMBER_IDS)
def test_member_missing(keys, jwk, member):
    refuse(keys, {"key": {k: v for k, v in jwk.items() if k != member}})
    refuse(keys, {"key": {**jwk, member: None}})


@pytest.mark.parametrize("jwk, member", MEMBERS, ids=MEMBER_IDS)
def test_member_twice(keys, jwk, member):
    """Also with the same value: which one counts is nobody's guess."""
    refuse(keys, raw_body(jwk, **{member: [jwk[member], jwk[member]]}))
    refuse(keys, raw_body(jwk, **{member: [jwk[member], "AQAB"]}))


@pytest.mark.parametrize("jwk, member", MEMBERS, ids=MEMBER_IDS)
@pytest.mark.parametrize("value", [
    "", "A", "A*", "AQ AB", " ", "\u00e9", "AQ+/", "A\0A", 1, 65537, True, [],
    {}, ["AQAB"], "A" * 100000],
    ids=lambda value: repr(value)[:12])
def test_member_that_is_no_base64url(keys, jwk, member, value):
    """Texts that are none, other types, and lengths that no key has."""
    refuse(keys, {"key": {**jwk, member: value}})


@pytest.mark.parametrize("jwk, member", [
    (jwk, member) for jwk, member in MEMBERS
    if member not in ("kty", "crv", "k")], ids=lambda value: str(value)[:5])
def test_number_that_is_zero(keys, jwk, member):
    """One byte, and as many as the number has."""
    for size in (1, len(jwk[member]) * 3 // 4):
        refuse(keys, {"key": {**jwk, member: base64url(bytes(size))}})


@pytest.mark.parametrize("body", [
    b"", b"{}", b"[]", b"null", b'{"key":null}', b'{"key":[]}',
    b'{"key":"RSA"}', b'{"key":{}}', b'{"key":{"kty":"RSA"}}',
    b'{"Key":{"kty":"oct","k":"AAAAAAAAAAAAAAAAAAAAAA"}}',
    b'{"key":{"kty":"oct","k":"' + b"A" * 22,
    b'{"key":' + b"[" * 50000, b'{"key":{"kty":' + b"[" * 50 + b"]" * 50])
def test_bodies_without_a_key(keys, body):
    refuse(keys, body)


@pytest.mark.parametrize("kty", [
    "rsa", "Rsa", "ec", "OCT", "OKP", "DSA", "none", "RSA ", "\u0052SA\0", 1,
    ["RSA"]])
def test_types_that_are_none(keys, kty):
    for jwk in (RSA, EC, OCT):
        refuse(keys, {"key": {**jwk, "kty": kty}})


def test_members_of_another_type(keys):
    for kty, jwk in (("EC", RSA), ("oct", RSA), ("RSA", EC), ("oct", EC),
                     ("RSA", OCT), ("EC", OCT)):
        refuse(keys, {"key": {**jwk, "kty": kty}})


def test_public_keys(keys):
    """There is nothing to import without the private part."""
    refuse(keys, {"key": {m: RSA[m] for m in ("kty", "n", "e")}})
    refuse(keys, {"key": {m: EC[m] for m in ("kty", "crv", "x", "y")}})


@pytest.mark.parametrize("key_ops", [
    ["fly"], ["Sign"], ["sign", "fly"], "sign", {"sign": True}, [1], [None],
    ["import", "sign"]])
def test_key_ops(keys, key_ops):
    refuse(keys, {"key": {**EC, "key_ops": key_ops}})


@pytest.mark.parametrize("operation", ["encrypt", "decrypt", "wrapKey",
                                       "unwrapKey"])
def test_key_ops_that_do_not_fit_the_type(keys, operation):
    refuse(keys, {"key": {**EC, "key_ops": [operation]}})


# --- RSA ----------------------------------------------------------------------

COMPOSITE = rsa_jwk(new_rsa(1024))
RSA_CASES = {
    "n of another key": {**RSA, "n": OTHER_RSA["n"]},
    "n + 2": {**RSA, "n": number(N + 2)},
    "n even": {**RSA, "n": number(N + 1)},
    "n negated in two's complement":
        {**RSA, "n": number((1 << 2048) - N)},
    "p of another key": {**RSA, "p": OTHER_RSA["p"]},
    "p and q of another key":
        {**RSA, "p": OTHER_RSA["p"], "q": OTHER_RSA["q"]},
    "p and q changed round": {**RSA, "p": RSA["q"], "q": RSA["p"]},
    "p = q": {**RSA, "q": RSA["p"]},
    "p = 1": {**RSA, "p": "AQ", "q": RSA["n"]},
    "q = 1": {**RSA, "q": "AQ", "p": RSA["n"]},
    "p even": {**RSA, "p": number(P + 1)},
    "d of another key": {**RSA, "d": OTHER_RSA["d"]},
    "d + 2": {**RSA, "d": number(D + 2)},
    "d + n": {**RSA, "d": number(D + N)},
    "d = 1": {**RSA, "d": "AQ"},
    "dp of another key": {**RSA, "dp": OTHER_RSA["dp"]},
    "dp and dq changed round":
        {**RSA, "dp": RSA["dq"], "dq": RSA["dp"]},
    "dq + 1": {**RSA, "dq": number(integer(RSA["dq"]) + 1)},
    "qi of another key": {**RSA, "qi": OTHER_RSA["qi"]},
    "qi = 1": {**RSA, "qi": "AQ"},
    "e = 1": {**RSA, "e": "AQ"},
    "e = 2": {**RSA, "e": "Ag"},
    "e even": {**RSA, "e": number(E + 1)},
    "e of another key": {**RSA, "e": number(E + 2)},
    "e = 1, all of it": {**RSA, "e": "AQ", "d": "AQ", "dp": "AQ",
                         "dq": "AQ"},
    "e as long as n": {**RSA, "e": RSA["n"]},
    "a prime that is none": rsa_of(integer(COMPOSITE["n"]), Q),
    "1024 bits": rsa_jwk(new_rsa(1024)),
    "2040 bits": rsa_jwk(new_rsa(2040)),
    "2047 bits": rsa_jwk(new_rsa(2047)),
    "2056 bits": rsa_jwk(new_rsa(2056)),
    "16384 bits": {**RSA, "n": number((1 << 16383) + 1)},
    "a third prime": {**RSA, "oth": [{"r": "Aw", "d": "AQ", "t": "AQ"}]},
}


@pytest.mark.parametrize("jwk", RSA_CASES.values(), ids=RSA_CASES.keys())
def test_rsa(keys, jwk):
    refuse(keys, {"key": jwk})


# --- EC -----------------------------------------------------------------------

X, Y, SECRET = (integer(EC[member]) for member in ("x", "y", "d"))
EC_CASES = {
    "point at infinity": {**EC, "x": number(0, 32), "y": number(0, 32)},
    "not on the curve": {**EC, "y": number((Y + 1) % FIELD, 32)},
    "x and y changed round": {**EC, "x": EC["y"], "y": EC["x"]},
    "the other point of x": {**EC, "y": number(FIELD - Y, 32)},
    "point of another key": {**EC, "x": OTHER_EC["x"], "y": OTHER_EC["y"]},
    "x not reduced": {**EC, "x": number(X + FIELD, 33)},
    "x beyond the field": {**EC, "x": base64url(b"\xff" * 32)},
    "x too short": {**EC, "x": base64url(b"\1" * 31)},
    "x too long": {**EC, "x": base64url(bytes(1)) + EC["x"]},
    "x with a 0 before it": {**EC, "x": number(X, 33)},
    "compressed point": {**EC, "x": number(X + (2 << 256), 33), "y": "AA"},
    "d of another key": {**EC, "d": OTHER_EC["d"]},
    "d + 1": {**EC, "d": number(SECRET + 1, 32)},
    "d = order": {**EC, "d": number(ORDER, 32)},
    "d + order": {**EC, "d": number(SECRET + ORDER, 33)},
    "d beyond the order": {**EC, "d": base64url(b"\xff" * 32)},
    "d of 64 bytes": {**EC, "d": number(SECRET, 64)},
    "negated d": {**EC, "d": number(ORDER - SECRET, 32)},
}


@pytest.mark.parametrize("jwk", EC_CASES.values(), ids=EC_CASES.keys())
def test_ec(keys, jwk):
    refuse(keys, {"key": jwk})


@pytest.mark.parametrize("crv", [
    "P-192", "P-224", "p-256", "secp256k1", "SECP256K1", "Ed25519",
    "brainpoolP256r1", "P-256 ", "", 256, None])
def test_curves_that_are_none(keys, crv):
    refuse(keys, {"key": {**EC, "crv": crv}})


@pytest.mark.parametrize("mine", CURVES)
@pytest.mark.parametrize("other", CURVES)
def test_a_point_of_another_curve(keys, mine, other):
    jwk = {**ec_jwk(new_ec(mine), mine), "crv": other}
    if mine == other:
        succeeded(keys.call("PUT", "/keys/good", {"key": jwk}))
    else:
        refuse(keys, {"key": jwk})


# --- oct ----------------------------------------------------------------------

@pytest.mark.parametrize("size", [1, 8, 15, 17, 20, 31, 33, 1000, 1 << 17])
def test_sizes_of_oct(keys, size):
    refuse(keys, {"key": oct_jwk(bytes(size))})


# --- what surrounds the key ---------------------------------------------------

@pytest.mark.parametrize("more", [
    {"Hsm": 1}, {"Hsm": "no"}, {"attributes": []},
    {"attributes": {"enabled": "yes"}}, {"attributes": {"exp": "soon"}},
    {"attributes": {"exportable": 1}}, {"attributes": {"nbf": 20, "exp": 10}},
    {"tags": []}, {"tags": {"a": 1}},
    {"tags": {f"k{i}": "v" for i in range(16)}},
    {"release_policy": "x"}], ids=lambda more: json.dumps(more)[:30])
def test_other_members_of_the_body(keys, more):
    refuse(keys, {"key": EC, **more})


def test_transfer_files_without_hardware(keys):
    """key_hsm is for keys that an HSM holds; what it may be is checked."""
    for value in ("", "AAAA", base64url(b"{}"), 1, base64url(json.dumps({
            "schema_version": "1.0.0", "header": {
                "kid": "x", "alg": "dir", "enc": "CKM_RSA_AES_KEY_WRAP"},
            "ciphertext": "AAAA", "generator": "x"}).encode())):
        refuse(keys, {"key": {"kty": "RSA-HSM", "key_hsm": value}})
        refuse(keys, {"key": {"kty": "RSA", "key_hsm": value}})


def test_what_is_refused_is_not_echoed(keys):
    for jwk, member in MEMBERS:
        if member in ("kty", "crv", "e", "n", "x", "y"):
            continue
        altered = jwk[member][:-4] + "****"
        answer = keys.call("PUT", "/keys/never",
                           {"key": {**jwk, member: altered}})
        bad_parameter(answer)
        assert jwk[member][:16].encode() not in answer.body
