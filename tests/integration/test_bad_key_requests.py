"""Requests about keys that must be refused, each with a 400 and with words
that help; and decryptions that fail all alike, so that nobody learns why."""

import json
import secrets

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding

from support.checks import bad_parameter, refused, succeeded
from support.keys import (CURVES, DIGESTS, Keys, base64url, ec_jwk, integer,
                          new_ec, new_rsa, oct_jwk, rsa_jwk, unbase64url)

PRIVATE = new_rsa()
JWK = rsa_jwk(PRIVATE)
N, E = integer(JWK["n"]), integer(JWK["e"])
RSA_SIZE = 256
TEXT = secrets.token_bytes(32)


@pytest.fixture(scope="module")
def keys(server):
    keys = Keys(server)
    keys.take("rsa", JWK)
    for curve in CURVES:
        keys.take(curve, ec_jwk(new_ec(curve), curve))
    for bits in (128, 192, 256):
        keys.take(f"oct-{bits}", oct_jwk(secrets.token_bytes(bits // 8)))
    return keys


# --- create -------------------------------------------------------------------

CREATE = {
    "nothing": {}, "kty null": {"kty": None}, "kty number": {"kty": 1},
    "kty unknown": {"kty": "OKP"}, "kty in another case": {"kty": "rsa"},
    "kty list": {"kty": ["EC"]},
    **{f"size {size}": {"kty": "RSA", "key_size": size} for size in (
        0, -1, 1, 512, 1024, 2047, 2049, 4097, 8192, 16384, 10 ** 9,
        10 ** 19, "2048", 2048.5, True, [2048])},
    **{f"exponent {e}": {"kty": "RSA", "public_exponent": e} for e in (
        -1, 0, 1, 2, 65536, 65537.5, "65537", 10 ** 30)},
    **{f"curve {crv}": {"kty": "EC", "crv": crv} for crv in (
        "P-192", "p-256", "secp256k1", "", 256, ["P-256"])},
    **{f"ops {ops}": {"kty": "EC", "key_ops": ops} for ops in (
        "sign", ["fly"], ["SIGN"], [1], {"sign": 1}, ["encrypt"],
        ["sign", "wrapKey"], ["import", "sign"])},
    "attributes list": {"kty": "EC", "attributes": []},
    "enabled text": {"kty": "EC", "attributes": {"enabled": "no"}},
    "exp text": {"kty": "EC", "attributes": {"exp": "1"}},
    "expires before it begins":
        {"kty": "EC", "attributes": {"nbf": 20, "exp": 10}},
    "exportable text": {"kty": "EC", "attributes": {"exportable": "no"}},
    "16 tags": {"kty": "EC", "tags": {f"k{i}": "v" for i in range(16)}},
    "tag too long": {"kty": "EC", "tags": {"k": "v" * 513}},
    "tags list": {"kty": "EC", "tags": ["k"]},
    "release policy text": {"kty": "EC", "release_policy": "x"},
    **{f"release policy of {name}": {
        "kty": "EC", "attributes": {"exportable": True},
        "release_policy": {"data": data}} for name, data in (
            ("nothing", ""), ("no base64url", "*"), ("a number", 1),
            ("no JSON", base64url(b"x")), ("a list", base64url(b"[]")),
            ("no rules", base64url(b"{}")),
            ("deep lists", base64url(b"[" * 5000)))},
}
BODIES = {"no body": None, "empty": b"", "text": b"x", "list": b"[]",
          "null": b"null", "cut": b'{"kty":"EC"', "twice":
          b'{"kty":"EC","kty":"RSA"}', "not UTF-8": b'{"kty":"\xff"}',
          "deep": b'{"kty":"EC","z":' + b"[" * 50000, "large":
          b'{"kty":"EC","z":"' + b"x" * 200000 + b'}'}


@pytest.mark.parametrize("body", [*CREATE.values(), *BODIES.values()],
                         ids=[*CREATE.keys(), *BODIES.keys()])
def test_create(keys, body):
    bad_parameter(keys.call("POST", "/keys/never/create", body))
    refused(keys.call("GET", "/keys/never"), 404, "KeyNotFound")


@pytest.mark.parametrize("path", [
    "/keys/restore", "/keys/rsa/sign", "/keys/rsa/verify",
    "/keys/rsa/encrypt", "/keys/rsa/decrypt", "/keys/rsa/wrapkey",
    "/keys/rsa/unwrapkey"])
@pytest.mark.parametrize("body", [*BODIES.values(), {}, {"alg": "RS256"},
                                  {"value": "AAAA"}, {"value": ""},
                                  {"value": None, "alg": None}],
                         ids=lambda body: str(body)[:20])
def test_bodies(keys, path, body):
    bad_parameter(keys.call("POST", path, body))


# --- algorithms ---------------------------------------------------------------

ALGORITHMS = {
    "rsa": {"encrypt": {"RSA1_5", "RSA-OAEP", "RSA-OAEP-256"},
            "sign": {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512",
                     "RSNULL"}},
    **{curve: {"encrypt": set(), "sign": {CURVES[curve][2]}}
       for curve in CURVES},
    "oct-256": {"encrypt": {"A256GCM", "A256CBC", "A256CBCPAD"},
                "sign": {"HS256", "HS384", "HS512"}},
    "oct-128": {"encrypt": {"A128GCM", "A128CBC", "A128CBCPAD"},
                "sign": {"HS256", "HS384", "HS512"}},
}
EVERY = {"RSA1_5", "RSA-OAEP", "RSA-OAEP-256", "RS256", "RS384", "RS512",
         "PS256", "PS384", "PS512", "RSNULL", "ES256", "ES256K", "ES384",
         "ES512", "HS256", "HS384", "HS512", "A128GCM", "A192GCM", "A256GCM",
         "A128CBC", "A256CBC", "A128CBCPAD", "A256CBCPAD", "A128KW", "A256KW"}
NONE = ["", "none", "rs256", "RS256 ", "RS1", "RSA-OAEP-512", "A512GCM",
        "x" * 5000, "\u0000", 256, None, ["RS256"], {"alg": "RS256"}]


@pytest.mark.parametrize("name", ALGORITHMS)
def test_algorithms_of_another_type_or_operation(keys, name):
    """Each that the key cannot do, with an input that would be good."""
    for operation in ("encrypt", "decrypt", "sign"):
        known = ALGORITHMS[name][
            "encrypt" if operation == "decrypt" else operation]
        for alg in sorted(EVERY - known):
            size = DIGESTS.get(alg[2:5], 32)
            answer = keys.use(name, operation, alg, bytes(size))
            bad_parameter(answer)


@pytest.mark.parametrize("alg", NONE, ids=lambda alg: repr(alg)[:12])
def test_algorithms_that_are_none(keys, alg):
    for operation in ("encrypt", "decrypt", "wrapkey", "unwrapkey", "sign",
                      "verify"):
        for name in ("rsa", "P-256", "oct-256"):
            bad_parameter(keys.use(name, operation, alg, bytes(32),
                                   digest=bytes(32)))


# --- values -------------------------------------------------------------------

@pytest.mark.parametrize("name, alg", [
    ("rsa", "RS256"), ("rsa", "RS384"), ("rsa", "RS512"), ("rsa", "PS256"),
    ("rsa", "PS384"), ("rsa", "PS512"), ("P-256", "ES256"),
    ("P-256K", "ES256K"), ("P-384", "ES384"), ("P-521", "ES512")])
def test_digests_of_wrong_length(keys, name, alg):
    """The documented words, for sign and for verify."""
    size = DIGESTS[alg[2:5]]
    for length in (1, 10, size - 1, size + 1, 20, 1000):
        words = (f"{length} bytes. {alg} requires {size} bytes, encoded with "
                 "base64url.")
        bad_parameter(keys.use(name, "sign", alg, bytes(length)),
                      f"Invalid length of 'value': {words}")
        bad_parameter(keys.use(name, "verify", alg, bytes(RSA_SIZE),
                               digest=bytes(length)),
                      f"Invalid length of 'digest': {words}")


@pytest.mark.parametrize("value", [
    "*", "A", "AAAAA", "A A", "AA+A", "AA/A", "\u00e9\u00e9", "A\0AA", 1, [],
    {}, True], ids=repr)
def test_values_that_are_no_base64url(keys, value):
    for name, operation, alg, more in (
            ("rsa", "sign", "RS256", {}), ("rsa", "encrypt", "RSA-OAEP", {}),
            ("rsa", "decrypt", "RSA-OAEP", {}),
            ("oct-256", "wrapkey", "A256KW", {}),
            ("oct-256", "unwrapkey", "A256KW", {}),
            ("rsa", "verify", "RS256", {"digest": bytes(32)}),
            ("oct-256", "encrypt", "A256GCM", {})):
        bad_parameter(keys.use(name, operation, alg, value, **more))
    bad_parameter(keys.use("rsa", "verify", "RS256", bytes(256),
                           digest=value))
    for member in ("iv", "aad", "tag"):
        more = {"iv": bytes(12), "tag": bytes(16), member: value}
        bad_parameter(keys.use("oct-256", "decrypt", "A256GCM", bytes(8),
                               **more))


@pytest.mark.parametrize("alg, room", [("RSA1_5", 245), ("RSA-OAEP", 214),
                                       ("RSA-OAEP-256", 190)])
def test_texts_too_long_for_rsa(keys, alg, room):
    for length in (room + 1, 256, 257, 10000):
        for operation in ("encrypt", "wrapkey"):
            bad_parameter(keys.use("rsa", operation, alg, bytes(length)))


def test_texts_of_wrong_length_for_aes(keys):
    for operation, alg, lengths in (
            ("encrypt", "A256CBC", (1, 15, 17)),
            ("wrapkey", "A256KW", (1, 8, 15, 17, 31)),
            ("wrapkey", "CKM_AES_KEY_WRAP", (8, 20))):
        more = {"iv": bytes(16)} if operation == "encrypt" else {}
        for length in lengths:
            bad_parameter(keys.use("oct-256", operation, alg, bytes(length),
                                   **more))


@pytest.mark.parametrize("size", [0, 1, 8, 12, 15, 17, 32])
def test_initialization_vectors_of_cbc(keys, size):
    for alg in ("A256CBC", "A256CBCPAD"):
        for operation in ("encrypt", "decrypt"):
            bad_parameter(keys.use("oct-256", operation, alg, bytes(16),
                                   iv=bytes(size)))


def test_decryption_without_what_it_needs(keys):
    for alg, more in (
            ("A256CBC", {}), ("A256CBCPAD", {}), ("A256GCM", {}),
            ("A256GCM", {"iv": bytes(12)}), ("A256GCM", {"tag": bytes(16)}),
            *(("A256GCM", {"iv": bytes(12), "tag": bytes(size)})
              for size in (0, 1, 4, 8, 12, 15, 17, 32)),
            *(("A256GCM", {"iv": bytes(size), "tag": bytes(16)})
              for size in (0, 1, 8, 11, 13, 16))):
        bad_parameter(keys.use("oct-256", "decrypt", alg, bytes(16), **more))


# --- decryptions that fail are all alike --------------------------------------

def raw(block):
    """The ciphertext whose RSA decryption is this block."""
    return pow(int.from_bytes(block, "big"), E, N).to_bytes(RSA_SIZE, "big")


def rsa_failures():
    """Ciphertexts with every defect of padding, and blocks beyond n."""
    filler = bytes([7]) * (RSA_SIZE - 3 - len(TEXT))
    yield from (raw(block) for block in (
        b"\0\1" + filler + b"\0" + TEXT, b"\0\0" + filler + b"\0" + TEXT,
        b"\0\3" + filler + b"\0" + TEXT,
        b"\0\2" + b"\7" * 7 + b"\0" + bytes([9]) * (RSA_SIZE - 10),
        b"\0\2" + b"\0" + bytes([9]) * (RSA_SIZE - 3),
        b"\0\2" + bytes([7]) * (RSA_SIZE - 2), bytes(RSA_SIZE),
        bytes(RSA_SIZE - 1) + b"\1", b"\1\2" + filler + b"\0" + TEXT,
        b"\0" + b"\5" * (RSA_SIZE - 1), b"\1" * RSA_SIZE))
    yield N.to_bytes(RSA_SIZE, "big")
    yield (N - 1).to_bytes(RSA_SIZE, "big")
    yield b"\xff" * RSA_SIZE


def damaged(good):
    for place in (0, len(good) // 2, len(good) - 1):
        altered = bytearray(good)
        altered[place] ^= 1
        yield bytes(altered)
    yield secrets.token_bytes(len(good))


def of_other_length(good):
    yield from (good[:-1], good + b"\0", good[:len(good) // 2 - 1], b"\1")


def wrong_length(keys, name, operation, alg, good, **more):
    """A length that no ciphertext has is named: it is no secret."""
    for value in of_other_length(good):
        answer = keys.use(name, operation, alg, value, **more)
        bad_parameter(answer)
        assert answer.message.startswith(
            f"Invalid length of 'value': {len(value)} bytes. "), answer


def failures(keys, name, operation, alg, values, **more):
    """(status, code, message) of each; all must fail."""
    seen = set()
    for value in values:
        answer = keys.use(name, operation, alg, value, **more)
        bad_parameter(answer)
        seen.add((answer.status, answer.error, answer.message))
    return seen


def sealed_by(hash_, label=None):
    """A ciphertext of OAEP with this hash and label."""
    return PRIVATE.public_key().encrypt(TEXT, padding.OAEP(
        padding.MGF1(hash_), hash_, label))


@pytest.mark.parametrize("forth, back", [("encrypt", "decrypt"),
                                         ("wrapkey", "unwrapkey")])
@pytest.mark.parametrize("alg", ["RSA1_5", "RSA-OAEP", "RSA-OAEP-256"])
def test_rsa_tells_nothing(keys, forth, back, alg):
    """Bleichenbacher's and Manger's questions have one answer."""
    good = keys.result("rsa", forth, alg, TEXT)
    wrong_length(keys, "rsa", back, alg, good)
    values = [*rsa_failures()]
    if alg != "RSA1_5":
        # with RSA1_5 a random block is, by chance, well padded
        own, other = hashes.SHA1(), hashes.SHA256()
        if alg == "RSA-OAEP-256":
            own, other = other, own
        values += [*damaged(good), sealed_by(other),
                   sealed_by(own, b"label")]
    assert len(failures(keys, "rsa", back, alg, values)) == 1


def test_cbc_padding_tells_nothing(keys):
    """Vaudenay's question: no wrong padding differs from another."""
    iv = bytes(16)
    seen = set()
    for pad in (b"\0", b"\x11", b"\xff", b"\2", b"\1\2", b"\3\3", b"\x10"):
        block = b"x" * (16 - len(pad)) + pad
        value = keys.result("oct-256", "encrypt", "A256CBC", block, iv=iv)
        seen |= failures(keys, "oct-256", "decrypt", "A256CBCPAD", [value],
                         iv=iv)
    good = keys.result("oct-256", "encrypt", "A256CBC", b"x" * 32, iv=iv)
    seen |= failures(keys, "oct-256", "decrypt", "A256CBCPAD", [good], iv=iv)
    assert len(seen) == 1, seen
    wrong_length(keys, "oct-256", "decrypt", "A256CBCPAD", good, iv=iv)


def test_gcm_tells_nothing(keys):
    """Ciphertext, tag, iv or associated data: whichever was altered."""
    sealed = succeeded(keys.use("oct-256", "encrypt", "A256GCM", TEXT,
                                aad=b"who"))
    good = {m: unbase64url(sealed[m]) for m in ("value", "iv", "tag")}
    good["aad"] = b"who"
    seen = set()
    for member, data in good.items():
        for altered in (bytes([data[0] ^ 1]) + data[1:],
                        data[:-1] + bytes([data[-1] ^ 1])):
            more = {**good, member: altered}
            seen |= failures(keys, "oct-256", "decrypt", "A256GCM",
                             [more.pop("value")], **more)
    more = {m: good[m] for m in ("iv", "tag")}
    seen |= failures(keys, "oct-256", "decrypt", "A256GCM", [
        good["value"], good["value"][:-1], good["value"] + b"\0"], **more)
    assert len(seen) == 1, seen


@pytest.mark.parametrize("alg", ["A256KW", "CKM_AES_KEY_WRAP",
                                 "CKM_AES_KEY_WRAP_PAD"])
def test_key_unwrap_tells_nothing(keys, alg):
    good = keys.result("oct-256", "wrapkey", alg, TEXT)
    other = keys.result("oct-256", "wrapkey", "CKM_AES_KEY_WRAP_PAD"
                        if alg != "CKM_AES_KEY_WRAP_PAD" else "A256KW", TEXT)
    seen = failures(keys, "oct-256", "unwrapkey", alg,
                    [*damaged(good), other, bytes(40)])
    assert len(seen) == 1, seen
    wrong_length(keys, "oct-256", "unwrapkey", alg, good)


def test_all_failures_have_the_same_words(keys):
    """One refusal for all algorithms."""
    seen = set()
    for name, back, alg, more in (
            ("rsa", "decrypt", "RSA1_5", {}),
            ("rsa", "unwrapkey", "RSA-OAEP", {}),
            ("oct-256", "decrypt", "A256GCM",
             {"iv": bytes(12), "tag": bytes(16)}),
            ("oct-256", "decrypt", "A256CBCPAD", {"iv": bytes(16)}),
            ("oct-256", "unwrapkey", "A256KW", {})):
        value = bytes(RSA_SIZE if name == "rsa" else 48)
        seen |= failures(keys, name, back, alg, [value], **more)
    assert len(seen) == 1, seen


# --- updates ------------------------------------------------------------------

@pytest.mark.parametrize("body", [
    b"", b"[]", b"x", {"key_ops": "sign"}, {"key_ops": ["fly"]},
    {"attributes": []}, {"attributes": {"enabled": 1}}, {"tags": {"k": 1}},
    {"attributes": {"nbf": 20, "exp": 10}}, {"release_policy": 1}],
    ids=lambda body: body if isinstance(body, bytes) else json.dumps(body))
def test_updates(keys, body):
    before = succeeded(keys.call("GET", "/keys/P-256"))
    bad_parameter(keys.call("PATCH", "/keys/P-256/", body))
    assert succeeded(keys.call("GET", "/keys/P-256")) == before
