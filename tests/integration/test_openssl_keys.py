"""Keys and OpenSSL's command: what one signs, encrypts or wraps the other
verifies, decrypts or unwraps, for every algorithm that the command has (all
but AES-GCM)."""

import hashlib
import secrets
import subprocess

import pytest
from cryptography.hazmat.primitives.asymmetric import utils
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from support.checks import succeeded
from support.keys import (CURVES, DIGESTS, Keys, ec_jwk, oct_jwk,
                          public_key_pem, rsa_jwk)

MESSAGE = b"what is signed, encrypted or wrapped"
OPENSSL_CURVES = {"P-256": "prime256v1", "P-384": "secp384r1",
                  "P-521": "secp521r1", "P-256K": "secp256k1"}
OAEP = ["-pkeyopt", "rsa_padding_mode:oaep"]


class OpenSSL:
    """The command, in a folder with the files of its keys."""

    def __init__(self, folder):
        self.folder = folder

    def run(self, *arguments, stdin=b"", check=True):
        done = subprocess.run(["openssl", *arguments], input=stdin,
                              cwd=self.folder, capture_output=True,
                              check=False, timeout=60)
        assert done.returncode == 0 or not check, (arguments, done.stderr)
        return done.stdout if check else done.returncode

    def file(self, name, data):
        (self.folder / name).write_bytes(data)
        return name

    def verifies(self, *arguments, signature, stdin):
        """Whether dgst or pkeyutl verifies."""
        self.file("signature", signature)
        return self.run(*arguments, stdin=stdin, check=False) == 0


class Scene:
    """Keys that the command made, imported, and keys that the vault made;
    for each the files NAME.key (if there is one) and NAME.pub."""

    def __init__(self, server, folder):
        self.keys = Keys(server)
        self.openssl = OpenSSL(folder)
        self.oct = {bits: secrets.token_bytes(bits // 8)
                    for bits in (128, 192, 256)}
        for bits, data in self.oct.items():
            self.keys.take(f"oct-{bits}", oct_jwk(data))
        for bits in (2048, 3072, 4096):
            self.from_openssl(f"rsa-{bits}", "RSA",
                              f"rsa_keygen_bits:{bits}")
        self.keys.create("rsa-ours", "RSA")
        self.write_public("rsa-ours")
        for curve, name in OPENSSL_CURVES.items():
            self.from_openssl(curve, "EC", f"ec_paramgen_curve:{name}", curve)
            self.keys.create(f"{curve}-ours", "EC", crv=curve)
            self.write_public(f"{curve}-ours")

    def from_openssl(self, name, algorithm, option, curve=None):
        pem = self.openssl.run("genpkey", "-algorithm", algorithm, "-pkeyopt",
                               option)
        self.openssl.file(f"{name}.key", pem)
        key = load_pem_private_key(pem, None)
        self.keys.take(name, ec_jwk(key, curve) if curve else rsa_jwk(key))
        self.write_public(name)
        # the command derives the same public key from the private one
        derived = self.openssl.run("pkey", "-in", f"{name}.key", "-pubout")
        assert derived == (self.openssl.folder / f"{name}.pub").read_bytes()

    def write_public(self, name):
        key = succeeded(self.keys.call("GET", f"/keys/{name}"))["key"]
        self.openssl.file(f"{name}.pub", public_key_pem(key))


@pytest.fixture(scope="module")
def scene(server, tmp_path_factory):
    return Scene(server, tmp_path_factory.mktemp("openssl"))


# --- signatures ---------------------------------------------------------------

def hash_of(bits, message=MESSAGE):
    return hashlib.new(f"sha{bits}", message).digest()


def options_of(kind):
    if kind == "PS":
        return ["-sigopt", "rsa_padding_mode:pss", "-sigopt",
                "rsa_pss_saltlen:digest"]
    return []


RSA_KEYS = ["rsa-2048", "rsa-3072", "rsa-4096", "rsa-ours"]
EC_KEYS = [*CURVES, *(f"{curve}-ours" for curve in CURVES)]


@pytest.mark.parametrize("name", RSA_KEYS)
@pytest.mark.parametrize("bits", DIGESTS)
@pytest.mark.parametrize("kind", ["RS", "PS"])
def test_openssl_verifies_rsa(scene, name, bits, kind):
    signature = scene.keys.result(name, "sign", kind + bits, hash_of(bits))
    arguments = ["dgst", f"-sha{bits}", *options_of(kind), "-verify",
                 f"{name}.pub", "-signature", "signature"]
    for message, good in ((MESSAGE, True), (MESSAGE + b"x", False)):
        assert scene.openssl.verifies(*arguments, signature=signature,
                                      stdin=message) is good


@pytest.mark.parametrize("name", ["rsa-2048", "rsa-3072", "rsa-4096"])
@pytest.mark.parametrize("bits", DIGESTS)
@pytest.mark.parametrize("kind", ["RS", "PS"])
def test_openssl_signs_with_rsa(scene, name, bits, kind):
    signature = scene.openssl.run("dgst", f"-sha{bits}", *options_of(kind),
                                  "-sign", f"{name}.key", stdin=MESSAGE)
    for message, good in ((MESSAGE, True), (MESSAGE + b"x", False)):
        assert scene.keys.verify(name, kind + bits, hash_of(bits, message),
                                 signature) is good


@pytest.mark.parametrize("size", [1, 20, 32, 64])
def test_rsnull(scene, size):
    """PKCS#1 v1.5 around the bytes themselves; RSA is deterministic there,
    so both make the same signature."""
    data = secrets.token_bytes(size)
    scene.openssl.file("data", data)
    theirs = scene.openssl.run("pkeyutl", "-sign", "-inkey", "rsa-2048.key",
                               "-in", "data")
    assert scene.keys.result("rsa-2048", "sign", "RSNULL", data) == theirs
    assert scene.keys.verify("rsa-2048", "RSNULL", data, theirs) is True
    assert scene.keys.verify("rsa-2048", "RSNULL", data + b"x",
                             theirs) is False
    ours = scene.keys.result("rsa-ours", "sign", "RSNULL", data)
    assert scene.openssl.verifies(
        "pkeyutl", "-verify", "-pubin", "-inkey", "rsa-ours.pub", "-in",
        "data", "-sigfile", "signature", signature=ours, stdin=b"")


def algorithm_of(name):
    """Its curve, bytes of a number, algorithm, bits of its digest."""
    curve = name.removesuffix("-ours")
    _, size, alg = CURVES[curve]
    return size, alg, alg[2:5]


@pytest.mark.parametrize("name", EC_KEYS)
def test_openssl_verifies_ecdsa(scene, name):
    size, alg, bits = algorithm_of(name)
    raw = scene.keys.result(name, "sign", alg, hash_of(bits))
    der = utils.encode_dss_signature(int.from_bytes(raw[:size], "big"),
                                     int.from_bytes(raw[size:], "big"))
    arguments = ["dgst", f"-sha{bits}", "-verify", f"{name}.pub",
                 "-signature", "signature"]
    for message, good in ((MESSAGE, True), (MESSAGE + b"x", False)):
        assert scene.openssl.verifies(*arguments, signature=der,
                                      stdin=message) is good


@pytest.mark.parametrize("name", CURVES)
def test_openssl_signs_with_ecdsa(scene, name):
    size, alg, bits = algorithm_of(name)
    for _ in range(4):
        der = scene.openssl.run("dgst", f"-sha{bits}", "-sign",
                                f"{name}.key", stdin=MESSAGE)
        raw = b"".join(number.to_bytes(size, "big")
                       for number in utils.decode_dss_signature(der))
        for message, good in ((MESSAGE, True), (MESSAGE + b"x", False)):
            assert scene.keys.verify(name, alg, hash_of(bits, message),
                                     raw) is good


@pytest.mark.parametrize("size", [128, 192, 256])
@pytest.mark.parametrize("bits", DIGESTS)
def test_hmac(scene, size, bits):
    """Over the bytes that were given, which the vault never hashes first."""
    data = hash_of(bits)
    theirs = scene.openssl.run(
        "dgst", f"-sha{bits}", "-mac", "HMAC", "-macopt",
        f"hexkey:{scene.oct[size].hex()}", "-binary", stdin=data)
    name, alg = f"oct-{size}", f"HS{bits}"
    assert scene.keys.result(name, "sign", alg, data) == theirs
    assert scene.keys.verify(name, alg, data, theirs) is True


# --- encryption ---------------------------------------------------------------

RSA_ENCRYPTION = {
    "RSA1_5": [],
    "RSA-OAEP": OAEP,
    "RSA-OAEP-256": [*OAEP, "-pkeyopt", "rsa_oaep_md:sha256", "-pkeyopt",
                     "rsa_mgf1_md:sha256"],
}


@pytest.mark.parametrize("name", RSA_KEYS)
@pytest.mark.parametrize("alg", RSA_ENCRYPTION)
@pytest.mark.parametrize("back", ["decrypt", "unwrapkey"])
def test_openssl_encrypts_with_rsa(scene, name, alg, back):
    sealed = scene.openssl.run("pkeyutl", "-encrypt", "-pubin", "-inkey",
                               f"{name}.pub", *RSA_ENCRYPTION[alg],
                               stdin=MESSAGE)
    assert scene.keys.result(name, back, alg, sealed) == MESSAGE


@pytest.mark.parametrize("name", ["rsa-2048", "rsa-3072", "rsa-4096"])
@pytest.mark.parametrize("alg", RSA_ENCRYPTION)
@pytest.mark.parametrize("forth", ["encrypt", "wrapkey"])
def test_openssl_decrypts_rsa(scene, name, alg, forth):
    sealed = scene.keys.result(name, forth, alg, MESSAGE)
    assert scene.openssl.run("pkeyutl", "-decrypt", "-inkey", f"{name}.key",
                             *RSA_ENCRYPTION[alg], stdin=sealed) == MESSAGE


@pytest.mark.parametrize("bits", [128, 192, 256])
@pytest.mark.parametrize("padded, size", [
    (False, 16), (False, 48), (False, 4096), (True, 1), (True, 15),
    (True, 16), (True, 33), (True, 4096)])
def test_cbc(scene, bits, padded, size):
    """One key and iv give one ciphertext: both make the same."""
    name, alg = f"oct-{bits}", f"A{bits}CBC" + ("PAD" if padded else "")
    text, iv = secrets.token_bytes(size), secrets.token_bytes(16)
    arguments = ["enc", f"-aes-{bits}-cbc", "-K", scene.oct[bits].hex(),
                 "-iv", iv.hex(), *([] if padded else ["-nopad"])]
    theirs = scene.openssl.run(*arguments, stdin=text)
    assert scene.keys.result(name, "encrypt", alg, text, iv=iv) == theirs
    assert scene.keys.result(name, "decrypt", alg, theirs, iv=iv) == text
    assert scene.openssl.run(*arguments, "-d", stdin=theirs) == text


@pytest.mark.parametrize("bits", [128, 192, 256])
@pytest.mark.parametrize("alg, mode, iv, sizes", [
    ("A{}KW", "id-aes{}-wrap", "A6A6A6A6A6A6A6A6", (16, 24, 32, 64)),
    ("CKM_AES_KEY_WRAP", "id-aes{}-wrap", "A6A6A6A6A6A6A6A6", (16, 32)),
    ("CKM_AES_KEY_WRAP_PAD", "id-aes{}-wrap-pad", "A65959A6",
     (1, 9, 16, 33))])
def test_key_wrap(scene, bits, alg, mode, iv, sizes):
    """RFC 3394 and RFC 5649, which are deterministic: both make the same."""
    for size in sizes:
        text = secrets.token_bytes(size)
        arguments = ["enc", "-" + mode.format(bits), "-K",
                     scene.oct[bits].hex(), "-iv", iv]
        theirs = scene.openssl.run(*arguments, stdin=text)
        name, alg = f"oct-{bits}", alg.format(bits)
        assert scene.keys.result(name, "wrapkey", alg, text) == theirs
        assert scene.keys.result(name, "unwrapkey", alg, theirs) == text
        assert scene.openssl.run(*arguments, "-d", stdin=theirs) == text
