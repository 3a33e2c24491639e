"""Computing with keys, by raw HTTP: what each operation answers, what other
implementations make of it, and when it is refused."""

import secrets
import time

import pytest
from cryptography.hazmat.primitives import hashes, hmac, keywrap
from cryptography.hazmat.primitives.asymmetric import ec, padding, utils
from cryptography.hazmat.primitives.ciphers import aead

from support.checks import bad_parameter, refused, succeeded
from support.keys import (CURVES, DIGESTS, Keys, base64url, ec_jwk, new_ec,
                          integer, new_rsa, oct_jwk, public_key, rsa_jwk,
                          unbase64url, version_of)

HASHES = {"256": hashes.SHA256(), "384": hashes.SHA384(),
          "512": hashes.SHA512()}
HOUR = 3600


@pytest.fixture(scope="module")
def keys(server):
    """The vault, with a key of each type under its name."""
    keys = Keys(server)
    keys.rsa = new_rsa()
    keys.take("rsa", rsa_jwk(keys.rsa))
    keys.oct = {bits: secrets.token_bytes(bits // 8)
                for bits in (128, 192, 256)}
    for bits, data in keys.oct.items():
        keys.take(f"oct-{bits}", oct_jwk(data))
    keys.ec = {}
    for curve in CURVES:
        keys.ec[curve] = new_ec(curve)
        keys.take(curve, ec_jwk(keys.ec[curve], curve))
    return keys


# --- what answers look like ---------------------------------------------------

def test_answers_to_the_byte(keys):
    """kid and value; the kid has the version also if the path had none."""
    bundle = succeeded(keys.call("GET", "/keys/rsa"))
    kid = bundle["key"]["kid"]
    for name in ("rsa", f"rsa/{version_of(bundle)}"):
        for operation, alg in (("sign", "RS256"), ("encrypt", "RSA-OAEP"),
                               ("wrapkey", "RSA-OAEP-256")):
            answer = keys.use(name, operation, alg, bytes(32))
            value = succeeded(answer)["value"]
            assert answer.body == (
                f'{{"kid":"{kid}","value":"{value}"}}').encode()
            assert len(unbase64url(value)) == 256
    digest = bytes(range(32))
    signature = keys.result("rsa", "sign", "RS256", digest)
    for candidate, expected in ((signature, b'{"value":true}'),
                                (bytes(256), b'{"value":false}')):
        answer = keys.use("rsa", "verify", "RS256", candidate, digest=digest)
        assert answer.status == 200 and answer.body == expected


def test_members_of_gcm(keys):
    """iv, tag and aad come back, in this order, and each iv is new."""
    seen = set()
    for aad in ({}, {"aad": b"who"}):
        answer = succeeded(keys.use("oct-256", "encrypt", "A256GCM", b"text",
                                    **aad))
        assert list(answer) == ["kid", "value", "iv", "tag", *aad]
        assert len(unbase64url(answer["iv"])) == 12
        assert len(unbase64url(answer["tag"])) == 16
        assert len(unbase64url(answer["value"])) == 4
        if aad:
            assert unbase64url(answer["aad"]) == b"who"
        seen.add(answer["iv"])
    assert len(seen) == 2


@pytest.mark.parametrize("alg", ["RSA1_5", "RSA-OAEP", "RSA-OAEP-256"])
@pytest.mark.parametrize("forth, back", [("encrypt", "decrypt"),
                                         ("wrapkey", "unwrapkey")])
def test_rsa_there_and_back(keys, alg, forth, back):
    """Also the empty and the longest text; each time another ciphertext."""
    room = 256 - {"RSA1_5": 11, "RSA-OAEP": 42, "RSA-OAEP-256": 66}[alg]
    for text in (b"", b"x", secrets.token_bytes(32), b"\0" * room):
        one, other = (keys.result("rsa", forth, alg, text) for _ in "12")
        assert one != other and len(one) == 256
        assert keys.result("rsa", back, alg, one) == text
    bad_parameter(keys.use("rsa", forth, alg, b"x" * (room + 1)))


def test_rsa_encryption_and_the_other_implementation(keys):
    for alg, scheme in (
            ("RSA1_5", padding.PKCS1v15()),
            ("RSA-OAEP", oaep(hashes.SHA1())),
            ("RSA-OAEP-256", oaep(hashes.SHA256()))):
        ours = keys.result("rsa", "encrypt", alg, b"text")
        assert keys.rsa.decrypt(ours, scheme) == b"text"
        theirs = keys.rsa.public_key().encrypt(b"text", scheme)
        assert keys.result("rsa", "decrypt", alg, theirs) == b"text"


def oaep(algorithm):
    return padding.OAEP(padding.MGF1(algorithm), algorithm, None)


@pytest.mark.parametrize("kind", ["RS", "PS"])
@pytest.mark.parametrize("bits", DIGESTS)
def test_rsa_signatures(keys, kind, bits):
    """The other implementation verifies ours, and we verify its."""
    digest = secrets.token_bytes(DIGESTS[bits])
    hashed = utils.Prehashed(HASHES[bits])
    scheme = padding.PKCS1v15() if kind == "RS" else padding.PSS(
        padding.MGF1(HASHES[bits]), DIGESTS[bits])
    alg = kind + bits
    ours = keys.result("rsa", "sign", alg, digest)
    keys.rsa.public_key().verify(ours, digest, scheme, hashed)
    theirs = keys.rsa.sign(digest, scheme, hashed)
    assert keys.verify("rsa", alg, digest, theirs) is True
    check_false(keys, "rsa", alg, digest, theirs)


def test_pss_salt_of_another_length_is_false(keys):
    digest = bytes(32)
    scheme = padding.PSS(padding.MGF1(HASHES["256"]), 20)
    theirs = keys.rsa.sign(digest, scheme, utils.Prehashed(HASHES["256"]))
    assert keys.verify("rsa", "PS256", digest, theirs) is False


def check_false(keys, name, alg, digest, signature):
    """A wrong signature is answered false, and is no error."""
    other = bytes(len(digest))
    assert keys.verify(name, alg, other, signature) is False
    for place in (0, len(signature) // 2, -1):
        altered = bytearray(signature)
        altered[place] ^= 1
        assert keys.verify(name, alg, digest, bytes(altered)) is False
    for wrong in (bytes(len(signature)), b"\xff" * len(signature),
                  signature[:-1], signature + b"\0", b"x"):
        answer = keys.use(name, "verify", alg, wrong, digest=digest)
        assert (answer.status == 400
                or answer.body == b'{"value":false}'), answer


@pytest.mark.parametrize("curve", CURVES)
def test_ec_signatures(keys, curve):
    """r and s of fixed length, never DER; both ways."""
    _, size, alg = CURVES[curve]
    bits = alg[2:5]
    digest = secrets.token_bytes(DIGESTS[bits])
    hashed = ec.ECDSA(utils.Prehashed(HASHES[bits]))
    public = public_key(succeeded(keys.call("GET", f"/keys/{curve}"))["key"])
    for _ in range(8):
        ours = keys.result(curve, "sign", alg, digest)
        assert len(ours) == 2 * size
        public.verify(utils.encode_dss_signature(
            int.from_bytes(ours[:size], "big"),
            int.from_bytes(ours[size:], "big")), digest, hashed)
        der = keys.ec[curve].sign(digest, hashed)
        theirs = b"".join(number.to_bytes(size, "big")
                          for number in utils.decode_dss_signature(der))
        assert keys.verify(curve, alg, digest, theirs) is True
    check_false(keys, curve, alg, digest, theirs)
    answer = keys.use(curve, "verify", alg, der, digest=digest)
    assert answer.status == 400 or answer.json["value"] is False


@pytest.mark.parametrize("bits", [128, 192, 256])
def test_gcm_and_the_other_implementation(keys, bits):
    cipher = aead.AESGCM(keys.oct[bits])
    name, alg = f"oct-{bits}", f"A{bits}GCM"
    for text, aad in ((b"text", b"who"), (b"x" * 10000, None),
                      (bytes(16), b"")):
        more = {"aad": aad} if aad else {}
        answer = succeeded(keys.use(name, "encrypt", alg, text, **more))
        sealed = unbase64url(answer["value"]) + unbase64url(answer["tag"])
        iv = unbase64url(answer["iv"])
        assert cipher.decrypt(iv, sealed, aad) == text
        iv = secrets.token_bytes(12)
        sealed = cipher.encrypt(iv, text, aad)
        assert keys.result(name, "decrypt", alg, sealed[:-16], iv=iv,
                           tag=sealed[-16:], **more) == text


@pytest.mark.parametrize("alg", ["A256GCM", "A256CBCPAD"])
def test_nothing_encrypted_and_decrypted(keys, alg):
    """An empty text is one, too."""
    answer = succeeded(keys.use("oct-256", "encrypt", alg, b""))
    more = {m: answer[m] for m in ("iv", "tag") if m in answer}
    assert keys.result("oct-256", "decrypt", alg, answer["value"],
                       **more) == b""


def test_cbc_takes_an_iv_or_makes_one(keys):
    iv = bytes(range(16))
    given = succeeded(keys.use("oct-256", "encrypt", "A256CBC", bytes(32),
                               iv=iv))
    assert unbase64url(given["iv"]) == iv
    made = [succeeded(keys.use("oct-256", "encrypt", "A256CBC", bytes(32)))
            for _ in range(3)]
    assert len({answer["iv"] for answer in [given, *made]}) == 4
    assert len(unbase64url(made[0]["iv"])) == 16


@pytest.mark.parametrize("bits", [128, 192, 256])
def test_key_wrap_and_the_other_implementation(keys, bits):
    for alg, lengths, wrap in (
            (f"A{bits}KW", (16, 24, 32, 64), keywrap.aes_key_wrap),
            ("CKM_AES_KEY_WRAP", (16, 32), keywrap.aes_key_wrap),
            ("CKM_AES_KEY_WRAP_PAD", (1, 7, 16, 33),
             keywrap.aes_key_wrap_with_padding)):
        for length in lengths:
            text = secrets.token_bytes(length)
            wrapped = wrap(keys.oct[bits], text)
            assert keys.result(f"oct-{bits}", "wrapkey", alg, text) == wrapped
            assert keys.result(f"oct-{bits}", "unwrapkey", alg,
                               wrapped) == text


@pytest.mark.parametrize("bits", DIGESTS)
def test_hmac_and_the_other_implementation(keys, bits):
    digest = secrets.token_bytes(DIGESTS[bits])
    mac = hmac.HMAC(keys.oct[256], HASHES[bits])
    mac.update(digest)
    expected = mac.finalize()
    alg = f"HS{bits}"
    assert keys.result("oct-256", "sign", alg, digest) == expected
    assert keys.verify("oct-256", alg, digest, expected) is True
    check_false(keys, "oct-256", alg, digest, expected)


def test_every_version_computes_with_its_own_key(keys):
    old, new = (keys.create("versions") for _ in range(2))
    digest = bytes(32)
    for bundle, other in ((old, new), (new, old)):
        name = f"versions/{version_of(bundle)}"
        answer = succeeded(keys.use(name, "sign", "ES256", digest))
        assert answer["kid"] == bundle["key"]["kid"]
        signature = unbase64url(answer["value"])
        assert keys.verify(name, "ES256", digest, signature) is True
        assert keys.verify(f"versions/{version_of(other)}", "ES256", digest,
                           signature) is False
    # without a version: the newest
    assert keys.verify("versions", "ES256", digest, signature) is True


# --- when it is refused -------------------------------------------------------

OPERATIONS = [("encrypt", "encrypt", "RSA-OAEP"),
              ("decrypt", "decrypt", "RSA-OAEP"),
              ("wrapkey", "wrapKey", "RSA-OAEP"),
              ("unwrapkey", "unwrapKey", "RSA-OAEP"),
              ("sign", "sign", "RS256"), ("verify", "verify", "RS256")]


def attempt(keys, name, path, alg):
    """One operation, with an input that would be good."""
    digest = bytes(32)
    if path in ("decrypt", "unwrapkey"):
        value = keys.rsa.public_key().encrypt(digest, oaep(hashes.SHA1()))
        return keys.use(name, path, alg, value)
    if path == "verify":
        signature = keys.rsa.sign(digest, padding.PKCS1v15(),
                                  utils.Prehashed(HASHES["256"]))
        return keys.use(name, path, alg, signature, digest=digest)
    return keys.use(name, path, alg, digest)


@pytest.fixture(scope="module")
def states(keys):
    """The same RSA key, in four states."""
    now = int(time.time())
    for name, attributes in (
            ("disabled", {"enabled": False}),
            ("early", {"nbf": now + HOUR}),
            ("late", {"exp": now - HOUR}),
            ("ready", {"nbf": now - HOUR, "exp": now + HOUR})):
        keys.take(name, rsa_jwk(keys.rsa), attributes=attributes)
    return keys


@pytest.mark.parametrize("path, operation, alg", OPERATIONS)
def test_a_disabled_key_computes_nothing(states, path, operation, alg):
    refused(attempt(states, "disabled", path, alg), 403, "Forbidden",
            "KeyDisabled",
            f"Operation {operation} is not allowed on a disabled key.")


@pytest.mark.parametrize("path, operation, alg", OPERATIONS)
def test_outside_of_its_time(states, path, operation, alg):
    """What protects new data is refused; what opens or checks is not."""
    succeeded(attempt(states, "ready", path, alg))
    for name, inner in (("early", "KeyNotYetValid"), ("late", "KeyExpired")):
        answer = attempt(states, name, path, alg)
        if operation in ("encrypt", "wrapKey", "sign"):
            refused(answer, 403, "Forbidden", inner)
            assert operation in answer.message
        else:
            succeeded(answer)


@pytest.mark.parametrize("path, operation, alg", OPERATIONS)
def test_only_what_key_ops_name(keys, path, operation, alg):
    """Each operation alone in the list, and alone missing from it."""
    others = [other for _, other, _ in OPERATIONS if other != operation]
    jwk = {**rsa_jwk(keys.rsa), "key_ops": others}
    keys.take("limited", jwk)
    refused(attempt(keys, "limited", path, alg), 403, "Forbidden",
            "KeyOperationForbidden",
            f"Operation {operation} is not permitted on this key.")
    succeeded(keys.call("PATCH", "/keys/limited/", {"key_ops": [operation]}))
    succeeded(attempt(keys, "limited", path, alg))
    for other, _, its_alg in OPERATIONS:
        if other != path:
            refused(attempt(keys, "limited", other, its_alg), 403,
                    "Forbidden", "KeyOperationForbidden")


def test_key_ops_of_an_oct_key_are_kept_though_not_shown(keys):
    keys.take("oct-limited", {**oct_jwk(keys.oct[256]),
                              "key_ops": ["encrypt"]})
    answer = succeeded(keys.use("oct-limited", "encrypt", "A256GCM", b"x"))
    more = {member: answer[member] for member in ("iv", "tag")}
    refused(keys.use("oct-limited", "decrypt", "A256GCM", answer["value"],
                     **more), 403, "Forbidden", "KeyOperationForbidden",
            "Operation decrypt is not permitted on this key.")


def test_a_change_of_state_is_in_force_at_once(keys):
    """On both workers, which have the key ready by then."""
    keys.take("changing", ec_jwk(keys.ec["P-256"], "P-256"))
    connections = [keys.server.connect() for _ in range(8)]
    body = {"alg": "ES256", "value": base64url(bytes(32))}
    for enabled in (True, False, True, False):
        succeeded(keys.call("PATCH", "/keys/changing/",
                            {"attributes": {"enabled": enabled}}))
        for connection in connections:
            answer = keys.call("POST", "/keys/changing/sign", body,
                               connection=connection)
            if enabled:
                succeeded(answer)
            else:
                refused(answer, 403, "Forbidden", "KeyDisabled")
    for connection in connections:
        connection.close()


def test_what_is_kept_of_a_key_is_what_its_record_says(keys):
    """Workers keep what a key's record says beside the key: each change of the
    record, and of which record it is, is seen by the next request."""
    connections = [keys.server.connect() for _ in range(8)]
    digest = bytes(range(32))
    body = {"alg": "ES256", "value": base64url(digest)}
    bundles = []

    def sign(path, expected):
        """By the path, on all connections: as which version, or the code."""
        for connection in connections:
            answer = keys.call("POST", f"/keys/{path}/sign", body,
                               connection=connection)
            if isinstance(expected, int):
                kid = bundles[expected]["key"]["kid"]
                assert succeeded(answer)["kid"] == kid
                public_key(bundles[expected]["key"]).verify(
                    utils.encode_dss_signature(*(
                        integer(half) for half in halves(answer))),
                    digest, ec.ECDSA(utils.Prehashed(HASHES["256"])))
            else:
                assert (answer.json["error"].get("innererror", {})
                        .get("code", answer.json["error"]["code"])) == expected

    def halves(answer):
        value = unbase64url(answer.json["value"])
        return base64url(value[:32]), base64url(value[32:])

    def path(version):
        return f"Kept/{version_of(bundles[version])}"

    def purge():
        succeeded(keys.call("DELETE", "/keys/kept"))
        assert keys.call("DELETE", "/deletedkeys/kept").status == 204

    bundles.append(keys.create("Kept"))
    sign("Kept", 0)
    sign("kEPT", 0)
    sign(path(0), 0)

    bundles.append(keys.create("Kept"))
    sign("Kept", 1)
    sign(path(0), 0)
    sign(path(1), 1)

    for version in (0, 1):
        succeeded(keys.call("PATCH", f"/keys/{path(version)}",
                            {"key_ops": ["verify"]}))
        sign(path(version), "KeyOperationForbidden")
        succeeded(keys.call("PATCH", f"/keys/{path(version)}", {
            "key_ops": ["sign"], "attributes": {"exp": int(time.time()) - 1}}))
        sign(path(version), "KeyExpired")
        succeeded(keys.call("PATCH", f"/keys/{path(version)}", {
            "attributes": {"exp": int(time.time()) + HOUR}}))
        sign(path(version), version)

    succeeded(keys.call("DELETE", "/keys/kept"))
    for target in ("Kept", path(0), path(1)):
        sign(target, "KeyNotFound")
    succeeded(keys.call("POST", "/deletedkeys/kept/recover"))
    sign("Kept", 1)
    sign(path(0), 0)

    # whose versions are written together
    backup = succeeded(keys.call("POST", "/keys/kept/backup"))
    purge()
    succeeded(keys.call("POST", "/keys/restore", backup))
    for _ in range(2):
        sign("Kept", 1)
        sign(path(0), 0)
        sign(path(1), 1)

    purge()
    bundles.append(keys.create("KEPT"))
    sign("Kept", 2)
    sign(path(0), "KeyNotFound")
    for connection in connections:
        connection.close()
