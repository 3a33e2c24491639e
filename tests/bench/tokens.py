"""Tokens by the thousand, signed by an issuer of our own."""

from vault import SIGNED_OID

DAY = 86400


def write(vault, name, count, algorithm="ES256"):
    """Writes `count` different tokens of one principal to a file, a line
    each; returns its path."""
    issuer = vault.issuer
    key, kid = ((issuer.rsa, issuer.kid) if algorithm == "RS256"
                else (issuer.ec256, "test-ec256"))
    expires = issuer.claims(SIGNED_OID)["iat"] + DAY
    path = vault.prefix / name
    path.write_text("\n".join(
        issuer.token(SIGNED_OID, {"kid": kid}, key, algorithm, exp=expires,
                     uti=f"{number:032x}") for number in range(count)))
    return str(path)
