"""Keys that `cryptography` makes: the other side of what a vault computes."""

import functools
import os

from azure.keyvault.keys import JsonWebKey
from cryptography.hazmat.primitives.asymmetric import ec, rsa

CURVES = {"P-256": ec.SECP256R1(), "P-384": ec.SECP384R1(),
          "P-521": ec.SECP521R1(), "P-256K": ec.SECP256K1()}


@functools.cache
def rsa_key(number=0):
    """One for each number: they take long to make."""
    del number
    return rsa.generate_private_key(65537, 2048)


def ec_key(curve):
    return ec.generate_private_key(CURVES[curve])


def _bytes(number, size=None):
    return number.to_bytes(size or (number.bit_length() + 7) // 8, "big")


def rsa_jwk(key, **changes):
    private = key.private_numbers()
    public = private.public_numbers
    members = {"n": public.n, "e": public.e, "d": private.d, "p": private.p,
               "q": private.q, "dp": private.dmp1, "dq": private.dmq1,
               "qi": private.iqmp}
    return JsonWebKey(**{
        "kty": "RSA", **{k: _bytes(v) for k, v in members.items()},
        **changes})


def ec_jwk(key, curve, **changes):
    private = key.private_numbers()
    size = (key.key_size + 7) // 8
    members = {"x": private.public_numbers.x, "y": private.public_numbers.y,
               "d": private.private_value}
    return JsonWebKey(**{
        "kty": "EC", "crv": curve,
        **{k: _bytes(v, size) for k, v in members.items()}, **changes})


def oct_jwk(size):
    return JsonWebKey(kty="oct", k=os.urandom(size))


def public_key(key):
    """The public part that a bundle shows, as `cryptography` takes it."""
    def number(member):
        return int.from_bytes(member, "big")

    if key.kty == "RSA":
        return rsa.RSAPublicNumbers(number(key.e), number(key.n)).public_key()
    return ec.EllipticCurvePublicNumbers(
        number(key.x), number(key.y), CURVES[key.crv]).public_key()
