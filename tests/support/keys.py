"""The Keys API as tests use it, and JWKs of keys that the tests hold."""

import base64
import json

from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding, PublicFormat)

from .checks import succeeded
from .tokens import base64url

# name: (the class of cryptography, bytes of a coordinate, algorithm)
CURVES = {
    "P-256": (ec.SECP256R1, 32, "ES256"),
    "P-384": (ec.SECP384R1, 48, "ES384"),
    "P-521": (ec.SECP521R1, 66, "ES512"),
    "P-256K": (ec.SECP256K1, 32, "ES256K"),
}
DIGESTS = {"256": 32, "384": 48, "512": 64}
RSA_PRIVATE = ("d", "p", "q", "dp", "dq", "qi")


def unbase64url(text):
    assert "=" not in text and "+" not in text and "/" not in text, text
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def number(value, size=None):
    """An integer as JWKs hold it (RFC 7518, Base64urlUInt)."""
    size = size or max(1, (value.bit_length() + 7) // 8)
    return base64url(value.to_bytes(size, "big"))


def integer(text):
    return int.from_bytes(unbase64url(text), "big")


def rsa_jwk(key):
    """The private JWK of an RSA key of cryptography's."""
    secret = key.private_numbers()
    public = secret.public_numbers
    return {"kty": "RSA", "n": number(public.n), "e": number(public.e),
            "d": number(secret.d), "p": number(secret.p),
            "q": number(secret.q), "dp": number(secret.dmp1),
            "dq": number(secret.dmq1), "qi": number(secret.iqmp)}


def ec_jwk(key, curve):
    """The private JWK of an EC key of cryptography's."""
    size = CURVES[curve][1]
    secret = key.private_numbers()
    public = secret.public_numbers
    return {"kty": "EC", "crv": curve, "x": number(public.x, size),
            "y": number(public.y, size),
            "d": number(secret.private_value, size)}


def oct_jwk(data):
    return {"kty": "oct", "k": base64url(data)}


def new_rsa(bits=2048, exponent=65537):
    return rsa.generate_private_key(exponent, bits)


def new_ec(curve):
    return ec.generate_private_key(CURVES[curve][0]())


def public_key(key):
    """cryptography's public key of a bundle's `key`."""
    if key["kty"] == "RSA":
        return rsa.RSAPublicNumbers(integer(key["e"]),
                                    integer(key["n"])).public_key()
    return ec.EllipticCurvePublicNumbers(
        integer(key["x"]), integer(key["y"]),
        CURVES[key["crv"]][0]()).public_key()


def public_key_pem(key):
    return public_key(key).public_bytes(Encoding.PEM,
                                        PublicFormat.SubjectPublicKeyInfo)


def version_of(bundle):
    """The version of a key, from its bundle."""
    return bundle["key"]["kid"].rsplit("/", 1)[1]


class Keys:
    """The keys of one vault, for one caller."""

    def __init__(self, server, token=True, vault="demo", version="7.6"):
        self.server = server
        self.token = token
        self.vault = vault
        self.version = version

    def call(self, method, path, body=None, version=None, **options):
        return self.server.call(
            method, f"{path}?api-version={version or self.version}", body,
            self.token, self.vault, **options)

    def create(self, name, kty="EC", **members):
        return succeeded(self.call("POST", f"/keys/{name}/create",
                                   {"kty": kty, **members}))

    def take(self, name, jwk, **members):
        """Imports a JWK."""
        return succeeded(self.call("PUT", f"/keys/{name}",
                                   {"key": jwk, **members}))

    def use(self, name, operation, alg, value, **members):
        """One computation; bytes go as base64url.  name may be
        name/version."""
        body = {"alg": alg, "value": value, **members}
        body = {k: base64url(v) if isinstance(v, bytes) else v
                for k, v in body.items()}
        return self.call("POST", f"/keys/{name}/{operation}", body)

    def result(self, name, operation, alg, value, **members):
        """The bytes that a computation answers."""
        answer = succeeded(self.use(name, operation, alg, value, **members))
        return unbase64url(answer["value"])

    def verify(self, name, alg, digest, signature):
        """What verify answers: a boolean."""
        answer = succeeded(self.use(name, "verify", alg, signature,
                                    digest=digest))
        assert set(answer) == {"value"}
        return answer["value"]


def raw_body(jwk, **replaced):
    """An import's body whose members may be anything, also repeated:
    a list stands for a member that often."""
    pairs = []
    for name, value in {**jwk, **replaced}.items():
        for one in value if isinstance(value, list) else [value]:
            pairs.append(f"{json.dumps(name)}:{json.dumps(one)}")
    return ('{"key":{' + ",".join(pairs) + "}}").encode()
