"""Tokens by the thousand, signed by an issuer of our own."""

import multiprocessing
import os

from vault import SIGNED_OID

DAY = 86400


class Signer:
    """Signs many tokens, on all cores.  Keys cannot be sent to another
    process, so the processes are forked with the issuer in hand."""

    issuer = None
    algorithm = None

    @classmethod
    def one(cls, number):
        key, kid = ((cls.issuer.rsa, cls.issuer.kid)
                    if cls.algorithm == "RS256"
                    else (cls.issuer.ec256, "test-ec256"))
        now = cls.issuer.claims(SIGNED_OID)["iat"]
        return cls.issuer.token(
            SIGNED_OID, {"kid": kid}, key, cls.algorithm, exp=now + DAY,
            uti=f"{number:032x}")


def write(vault, name, count, algorithm="ES256"):
    """Writes `count` different tokens of one principal to a file, a line
    each; returns its path."""
    Signer.issuer, Signer.algorithm = vault.issuer, algorithm
    path = vault.prefix / name
    with multiprocessing.get_context("fork").Pool(os.cpu_count()) as pool:
        path.write_text("\n".join(pool.map(Signer.one, range(count), 500)))
    return str(path)
