"""The real Azure client for cryptography, for Python: every algorithm, with
`cryptography` on the other side.  What one protects or signs, the other opens
or verifies.

The client computes by itself what it can, and asks the server for the rest.
`remote` is one that may not read the key and has to ask for everything.
"""

import hashlib
import hmac
import os

import pytest
from azure.keyvault.keys import JsonWebKey
from azure.keyvault.keys.crypto import (CryptographyClient,
                                        EncryptionAlgorithm,
                                        KeyWrapAlgorithm, SignatureAlgorithm)
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, keywrap
from cryptography.hazmat.primitives.asymmetric import ec, padding, utils
from cryptography.hazmat.primitives.ciphers import (Cipher, aead, algorithms,
                                                    modes)
from cryptography.hazmat.primitives.padding import PKCS7

from support.local_keys import ec_jwk, ec_key, oct_jwk, rsa_jwk, rsa_key
from support.sdk import name, refusal

pytestmark = pytest.mark.usefixtures("trust")

MESSAGE = "what is signed, Grüße 🔑".encode()
HASHES = {"256": hashes.SHA256(), "384": hashes.SHA384(),
          "512": hashes.SHA512()}
OAEP = {"RSA-OAEP": hashes.SHA1(), "RSA-OAEP-256": hashes.SHA256()}


@pytest.fixture(scope="module")
def clients(keys, credential, computing):
    """Imports a JWK: a client that has to ask, and one of an application."""
    made = []

    def import_key(jwk):
        key = keys.import_key(name("crypto"), jwk)
        made.append(CryptographyClient(key.id, computing))
        made.append(CryptographyClient(key, credential))
        return made[-2:]

    yield import_key
    for one in made:
        one.close()


@pytest.fixture(scope="module")
def rsa_clients(clients):
    return clients(rsa_jwk(rsa_key()))


@pytest.fixture(scope="module", params=[128, 192, 256])
def aes(request, clients):
    """The size in bits, the key, the two clients."""
    jwk = oct_jwk(request.param // 8)
    return request.param, jwk.k, *clients(jwk)


def changed(data, at=0):
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1:]


def digest_of(size):
    return hashlib.new(f"sha{size}", MESSAGE).digest()


# --- RSA ---------------------------------------------------------------------

PAIRS = {
    "encrypt": (
        EncryptionAlgorithm,
        lambda who, alg, text: who.encrypt(alg, text).ciphertext,
        lambda who, alg, text: who.decrypt(alg, text).plaintext),
    "wrap": (
        KeyWrapAlgorithm,
        lambda who, alg, text: who.wrap_key(alg, text).encrypted_key,
        lambda who, alg, text: who.unwrap_key(alg, text).key),
}


@pytest.mark.parametrize("pair", list(PAIRS))
@pytest.mark.parametrize("algorithm, most", [
    ("RSA1_5", 245), ("RSA-OAEP", 214), ("RSA-OAEP-256", 190)])
def test_rsa_encryption(rsa_clients, algorithm, most, pair):
    kind, close, open_ = PAIRS[pair]
    local = rsa_key()
    pad = padding.PKCS1v15() if algorithm == "RSA1_5" else padding.OAEP(
        padding.MGF1(OAEP[algorithm]), OAEP[algorithm], None)
    algorithm = kind(algorithm)
    remote, application = rsa_clients
    for size in (1, 32, most):
        text = os.urandom(size)
        for who in (remote, application):
            theirs = close(who, algorithm, text)
            assert len(theirs) == 256 and local.decrypt(theirs, pad) == text
            assert open_(application, algorithm, theirs) == text
        ours = local.public_key().encrypt(text, pad)
        assert open_(remote, algorithm, ours) == text
    with refusal(400, "BadParameter"):
        close(remote, algorithm, os.urandom(most + 1))
    if algorithm != kind.rsa1_5:
        with refusal(400, "BadParameter"):
            open_(remote, algorithm, changed(ours, 200))


@pytest.mark.parametrize("size", list(HASHES))
@pytest.mark.parametrize("scheme", ["RS", "PS"])
def test_rsa_signatures(rsa_clients, scheme, size):
    algorithm = SignatureAlgorithm(scheme + size)
    digest = digest_of(size)
    chosen = utils.Prehashed(HASHES[size])
    pad = padding.PKCS1v15() if scheme == "RS" else padding.PSS(
        padding.MGF1(HASHES[size]), len(digest))
    local = rsa_key()
    ours = local.sign(digest, pad, chosen)
    for who in rsa_clients:
        theirs = who.sign(algorithm, digest).signature
        local.public_key().verify(theirs, digest, pad, chosen)
        assert who.verify(algorithm, digest, ours).is_valid is True
        assert who.verify(algorithm, digest, changed(ours)).is_valid is False
        assert who.verify(algorithm, changed(digest), ours).is_valid is False


def test_digest_of_the_wrong_size(rsa_clients):
    remote, _ = rsa_clients
    with refusal(400, "BadParameter", None,
                 "Invalid length of 'value': 10 bytes. RS256 requires 32"):
        remote.sign("RS256", os.urandom(10))
    with refusal(400, "BadParameter"):
        remote.verify("PS512", os.urandom(32), os.urandom(256))


@pytest.mark.parametrize("algorithm", ["ES256", "HS256"])
def test_algorithm_of_another_key(rsa_clients, algorithm):
    with refusal(400, "BadParameter"):
        rsa_clients[0].sign(algorithm, digest_of("256"))


def test_client_with_the_public_key_alone(rsa_clients):
    public = rsa_jwk(rsa_key())
    alone = CryptographyClient.from_jwk(JsonWebKey(
        kty="RSA", n=public.n, e=public.e,
        key_ops=["encrypt", "wrapKey", "verify"]))
    remote, _ = rsa_clients
    text = os.urandom(32)
    for algorithm in ("RSA1_5", "RSA-OAEP", "RSA-OAEP-256"):
        wrapped = alone.wrap_key(
            KeyWrapAlgorithm(algorithm), text).encrypted_key
        assert remote.unwrap_key(algorithm, wrapped).key == text
    signature = remote.sign("PS384", digest_of("384")).signature
    assert alone.verify(SignatureAlgorithm.ps384, digest_of("384"),
                        signature).is_valid


def test_key_as_cryptography_takes_it(rsa_clients):
    _, application = rsa_clients
    private = application.create_rsa_private_key()
    assert private.key_size == 2048
    chosen = padding.PSS(padding.MGF1(hashes.SHA256()), 32)
    signature = private.sign(MESSAGE, chosen, hashes.SHA256())
    rsa_key().public_key().verify(signature, MESSAGE, chosen, hashes.SHA256())
    private.public_key().verify(signature, MESSAGE, chosen, hashes.SHA256())
    with pytest.raises(InvalidSignature):
        private.public_key().verify(signature, MESSAGE + b"!", chosen,
                                    hashes.SHA256())
    pad = padding.OAEP(padding.MGF1(hashes.SHA256()), hashes.SHA256(), None)
    ours = rsa_key().public_key().encrypt(b"text", pad)
    assert private.decrypt(ours, pad) == b"text"


# --- elliptic curves ---------------------------------------------------------

@pytest.mark.parametrize("algorithm, curve, size, length", [
    ("ES256", "P-256", "256", 32), ("ES384", "P-384", "384", 48),
    ("ES512", "P-521", "512", 66), ("ES256K", "P-256K", "256", 32)])
def test_ec_signatures(clients, algorithm, curve, size, length):
    local = ec_key(curve)
    remote, application = clients(ec_jwk(local, curve))
    algorithm = SignatureAlgorithm(algorithm)
    digest = digest_of(size)
    scheme = ec.ECDSA(utils.Prehashed(HASHES[size]))
    r, s = utils.decode_dss_signature(local.sign(digest, scheme))
    ours = r.to_bytes(length, "big") + s.to_bytes(length, "big")
    for who in (remote, application):
        theirs = who.sign(algorithm, digest).signature
        assert len(theirs) == 2 * length
        local.public_key().verify(utils.encode_dss_signature(
            int.from_bytes(theirs[:length], "big"),
            int.from_bytes(theirs[length:], "big")), digest, scheme)
        assert who.verify(algorithm, digest, ours).is_valid is True
        assert who.verify(algorithm, digest, changed(ours, 5)).is_valid is (
            False)
        assert who.verify(algorithm, changed(digest), ours).is_valid is False
    with refusal(400, "BadParameter"):
        remote.sign(algorithm, os.urandom(20))
    with refusal(400, "BadParameter"):
        remote.sign("ES256K" if algorithm == "ES256" else "ES256",
                    digest_of("256"))
    with refusal(400, "BadParameter"):
        remote.encrypt("RSA-OAEP", digest)


# --- symmetric keys ----------------------------------------------------------

@pytest.mark.parametrize("aad", [None, b"what belongs to it"])
def test_gcm(aes, aad):
    bits, key, remote, application = aes
    algorithm = EncryptionAlgorithm(f"A{bits}GCM")
    text = os.urandom(1000)
    ivs = set()
    for who in (remote, application):
        closed = who.encrypt(algorithm, text,
                             additional_authenticated_data=aad)
        ivs.add(closed.iv)
        assert len(closed.iv) == 12 and len(closed.tag) == 16
        assert closed.aad == aad
        assert aead.AESGCM(key).decrypt(
            closed.iv, closed.ciphertext + closed.tag, aad) == text
    assert len(ivs) == 2
    iv = os.urandom(12)
    ours = aead.AESGCM(key).encrypt(iv, text, aad)
    good = {"ciphertext": ours[:-16], "iv": iv,
            "authentication_tag": ours[-16:],
            "additional_authenticated_data": aad}
    assert remote.decrypt(algorithm, **good).plaintext == text
    for member, value in good.items():
        with refusal(400, "BadParameter"):
            remote.decrypt(algorithm, **{
                **good, member: changed(value or b"more")})
    with refusal(400, "BadParameter"):
        remote.decrypt(algorithm, **{**good, "authentication_tag": ours[-4:]})


@pytest.mark.parametrize("padded", [False, True])
def test_cbc(aes, padded):
    bits, key, remote, application = aes
    algorithm = EncryptionAlgorithm(
        f"A{bits}CBC" + ("PAD" if padded else ""))
    iv = os.urandom(16)
    for size in ((1, 16, 100) if padded else (16, 160)):
        text = os.urandom(size)
        whole = text
        if padded:
            padder = PKCS7(128).padder()
            whole = padder.update(text) + padder.finalize()
        encryptor = Cipher(algorithms.AES(key), modes.CBC(iv)).encryptor()
        ours = encryptor.update(whole) + encryptor.finalize()
        for who in (remote, application):
            assert who.encrypt(algorithm, text, iv=iv).ciphertext == ours
            assert who.decrypt(algorithm, ours, iv=iv).plaintext == text
    with refusal(400, "BadParameter"):
        remote.decrypt(algorithm, os.urandom(17), iv=iv)
    with refusal(400, "BadParameter"):
        remote.encrypt(algorithm, os.urandom(16), iv=os.urandom(8))
    if not padded:
        with refusal(400, "BadParameter"):
            remote.encrypt(algorithm, os.urandom(17), iv=iv)


@pytest.mark.parametrize("kind, wrap, sizes", [
    ("KW", keywrap.aes_key_wrap, (16, 32, 64)),
    ("CKM_AES_KEY_WRAP", keywrap.aes_key_wrap, (16, 24)),
    ("CKM_AES_KEY_WRAP_PAD", keywrap.aes_key_wrap_with_padding, (1, 20, 32)),
])
def test_key_wrap(aes, kind, wrap, sizes):
    # The client of an application has no material of an oct key, and wraps
    # with random bytes as soon as it believes that it may.
    bits, key, remote, application = aes
    algorithm = KeyWrapAlgorithm(f"A{bits}KW" if kind == "KW" else kind)
    for size in sizes:
        text = os.urandom(size)
        ours = wrap(key, text)
        for who in (remote, application):
            assert who.wrap_key(algorithm, text).encrypted_key == ours
            assert who.unwrap_key(algorithm, ours).key == text
        with refusal(400, "BadParameter"):
            remote.unwrap_key(algorithm, changed(ours))


def test_size_of_the_key(aes):
    bits, _, remote, _ = aes
    other = 128 if bits == 256 else 256
    with refusal(400, "BadParameter"):
        remote.wrap_key(f"A{other}KW", os.urandom(32))
    with refusal(400, "BadParameter"):
        remote.encrypt(f"A{other}GCM", os.urandom(32))


def test_client_with_the_symmetric_key_itself(aes):
    bits, key, remote, _ = aes
    alone = CryptographyClient.from_jwk(JsonWebKey(
        kty="oct", k=key, key_ops=["encrypt", "wrapKey"]))
    text = os.urandom(32)
    wrapped = alone.wrap_key(
        KeyWrapAlgorithm(f"A{bits}KW"), text).encrypted_key
    assert remote.unwrap_key(f"A{bits}KW", wrapped).key == text
    iv = os.urandom(16)
    closed = alone.encrypt(
        EncryptionAlgorithm(f"A{bits}CBCPAD"), text, iv=iv).ciphertext
    assert remote.decrypt(f"A{bits}CBCPAD", closed, iv=iv).plaintext == text


def test_key_made_by_the_server_wraps_there(keys, credential):
    # two clients that know nothing of each other, nor of the key
    key = keys.create_oct_key(name(), size=256)
    text = os.urandom(32)
    with CryptographyClient(key, credential) as one:
        wrapped = one.wrap_key(KeyWrapAlgorithm.aes_256, text).encrypted_key
    with CryptographyClient(key.id, credential) as other:
        assert other.unwrap_key(KeyWrapAlgorithm.aes_256,
                                wrapped).key == text


@pytest.mark.parametrize("bits", ["256", "384", "512"])
def test_hmac(clients, bits):
    jwk = oct_jwk(32)
    digest = digest_of(bits)
    ours = hmac.digest(jwk.k, digest, f"sha{bits}")
    algorithm = SignatureAlgorithm(f"HS{bits}")
    for who in clients(jwk):
        assert who.sign(algorithm, digest).signature == ours
        assert who.verify(algorithm, digest, ours).is_valid is True
        assert who.verify(algorithm, digest, changed(ours)).is_valid is False
