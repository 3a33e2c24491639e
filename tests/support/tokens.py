"""A token issuer under the tests' own control.

Its public key stands in a JWKS file that the configuration under test trusts,
so that a test can sign any token, the wrong ones first of all.
"""

import base64
import json
import time
import uuid

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives import hashes, serialization

ISSUER = "https://issuer.test/"


def base64url(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def public_jwk(key, kid, **more):
    """The public JWK of an RSA or EC private key."""
    if isinstance(key, rsa.RSAPrivateKey):
        text = jwt.algorithms.RSAAlgorithm.to_jwk(key.public_key())
    else:
        text = jwt.algorithms.ECAlgorithm.to_jwk(key.public_key())
    jwk = json.loads(text)
    jwk.pop("key_ops", None)
    jwk.update(kid=kid, use="sig", **more)
    return jwk


def public_pem(key):
    return key.public_key().public_bytes(
        serialization.Encoding.PEM,
        serialization.PublicFormat.SubjectPublicKeyInfo)


class Issuer:
    """Signs tokens; `tenant` and `audience` are those that are accepted."""

    def __init__(self, tenant, audience, issuer=ISSUER):
        self.tenant = tenant
        self.audience = audience
        self.issuer = issuer
        self.rsa = rsa.generate_private_key(65537, 2048)
        self.ec256 = ec.generate_private_key(ec.SECP256R1())
        self.ec384 = ec.generate_private_key(ec.SECP384R1())
        self.kid = "test-rsa"

    def jwks(self):
        return {"keys": [public_jwk(self.rsa, self.kid),
                         public_jwk(self.ec256, "test-ec256"),
                         public_jwk(self.ec384, "test-ec384")]}

    def write_jwks(self, path):
        path.write_text(json.dumps(self.jwks()))

    def claims(self, oid, **changes):
        """The claims of a good token; a change to None leaves one out."""
        now = int(time.time())
        claims = {
            "iss": self.issuer, "aud": self.audience, "tid": self.tenant,
            "oid": oid, "sub": oid, "appid": oid, "idtyp": "app",
            "iat": now, "nbf": now, "exp": now + 3600,
            "uti": uuid.uuid4().hex,
        }
        claims.update(changes)
        return {k: v for k, v in claims.items() if v is not None}

    def token(self, oid, header=None, key=None, algorithm="RS256", **changes):
        """A signed token; header adds to or (with None) takes from it."""
        members = {"alg": algorithm, "typ": "JWT", "kid": self.kid}
        members.update(header or {})
        members = {k: v for k, v in members.items() if v is not None}
        return self.compact(members, self.claims(oid, **changes),
                            key or self.rsa, algorithm)

    @staticmethod
    def compact(header, claims, key, algorithm):
        """Any header and claims (dicts, or bytes as they are), signed."""
        parts = []
        for part in (header, claims):
            if not isinstance(part, bytes):
                part = json.dumps(part).encode()
            parts.append(base64url(part))
        signed = ".".join(parts).encode()
        return signed.decode() + "." + base64url(sign(key, algorithm, signed))


def sign(key, algorithm, data):
    """A JWS signature (RFC 7518) by any of the asymmetric algorithms."""
    digest = {"256": hashes.SHA256(), "384": hashes.SHA384(),
              "512": hashes.SHA512()}[algorithm[2:]]
    if algorithm.startswith("RS"):
        return key.sign(data, padding.PKCS1v15(), digest)
    if algorithm.startswith("PS"):
        return key.sign(data, padding.PSS(padding.MGF1(digest),
                                          digest.digest_size), digest)
    return jwt.algorithms.ECAlgorithm(type(digest)).sign(data, key)
