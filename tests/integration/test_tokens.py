"""Tokens that must not be accepted, and the few forms that must.

The authority under test is a JWKS file whose private keys the test holds, so
every wrong token below is wrong in one respect only.
"""

import base64
import hashlib
import hmac
import json
import re
import time
import uuid

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from support.checks import refused, succeeded
from support.server import API
from support.tokens import Issuer, base64url, public_jwk, public_pem

AKV = re.compile(r"AKV\d{5}: .+", re.DOTALL)


@pytest.fixture(scope="module")
def oid(server):
    """A principal that may do everything."""
    server.set("guarded", "the value")
    value = str(uuid.uuid4())
    server.allow(value, "all")
    return value


def use(server, token):
    return server.call("GET", f"/secrets/guarded?{API}", token=token)


def accepted(server, token):
    assert succeeded(use(server, token))["value"] == "the value"


def rejected(server, token, message=AKV):
    # twice: the second time the outcome of the first could be remembered
    for _ in range(2):
        answer = use(server, token)
        refused(answer, 401, "Unauthorized", None, message)
        assert answer.header("WWW-Authenticate").startswith("Bearer ")
        assert "the value" not in answer.body.decode()


def now():
    return int(time.time())


# --- what must be accepted ------------------------------------------------------

@pytest.mark.parametrize("algorithm", ["RS256", "PS256"])
def test_rsa_signatures(server, oid, algorithm):
    accepted(server, server.issuer.token(oid, algorithm=algorithm))


def test_elliptic_curve_signatures(server, oid):
    issuer = server.issuer
    accepted(server, issuer.token(oid, {"kid": "test-ec256"}, issuer.ec256,
                                  "ES256"))
    accepted(server, issuer.token(oid, {"kid": "test-ec384"}, issuer.ec384,
                                  "ES384"))


@pytest.mark.parametrize("claims", [
    {"aud": ["https://elsewhere.test", "{audience}"]},
    {"aud": "{audience}/"},
    {"nbf": None, "iat": None},
    {"groups": [str(uuid.UUID(int=i)) for i in range(20)]},
    {"exp": now() + 3600.25, "nbf": now() - 0.75},
    {"appid": None, "azp": str(uuid.UUID(int=5))},
    {"name": "Grüße 🔑", "nested": {"a": [1, {"b": None}]}},
], ids=["audience list", "audience with slash", "without nbf", "groups",
        "fractional times", "azp", "more claims"])
def test_good_tokens(server, oid, claims):
    text = json.dumps(claims).replace("{audience}", server.resource)
    accepted(server, server.issuer.token(oid, **json.loads(text)))


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER"])
def test_scheme_without_regard_to_case(server, oid, scheme):
    headers = server.headers(token=None)
    headers["Authorization"] = f"{scheme} {server.issuer.token(oid)}"
    with server.connect() as connection:
        succeeded(connection.request("GET", f"/secrets/guarded?{API}",
                                     headers))


def test_permissions_of_a_group(server):
    group = str(uuid.uuid4())
    server.allow(group, "get")
    member = server.issuer.token(str(uuid.uuid4()), groups=[group])
    accepted(server, member)
    stranger = server.issuer.token(str(uuid.uuid4()),
                                   groups=[str(uuid.uuid4())])
    refused(use(server, stranger), 403, "Forbidden", "AccessDenied")


def test_token_of_12_kilobytes(server, oid):
    accepted(server, server.issuer.token(oid, padding="x" * 8500))


# --- no token ---------------------------------------------------------------------

@pytest.mark.parametrize("header", [
    None, "", "Bearer", "Bearer ", "Basic YTpi", "Bearer-x y",
    "Negotiate abc"])
def test_no_token(server, header):
    headers = server.headers(token=None)
    if header is not None:
        headers["Authorization"] = header
    with server.connect() as connection:
        answer = connection.request("GET", f"/secrets/guarded?{API}", headers)
    refused(answer, 401, "Unauthorized", None,
            "AKV10000: Request is missing a Bearer or PoP token.")
    # as long as the recorded one
    assert len(answer.body) == 97


def test_two_authorization_headers(server, oid):
    good = f"Bearer {server.issuer.token(oid)}"
    for pair in (("Bearer x", good), (good, "Bearer x")):
        headers = list(server.host_header().items())
        headers += [("Authorization", value) for value in pair]
        with server.connect() as connection:
            answer = connection.request("GET", f"/secrets/guarded?{API}",
                                        headers)
        assert answer.status in (400, 401), answer


@pytest.mark.parametrize("place", ["query", "cookie"])
def test_token_elsewhere_is_not_looked_at(server, oid, place):
    token = server.issuer.token(oid)
    headers = server.headers(token=None)
    target = f"/secrets/guarded?{API}"
    if place == "query":
        target += f"&access_token={token}"
    else:
        headers["Cookie"] = f"Authorization=Bearer {token}"
    with server.connect() as connection:
        refused(connection.request("GET", target, headers), 401,
                "Unauthorized")


# --- times --------------------------------------------------------------------------

def test_expired(server, oid):
    rejected(server, server.issuer.token(oid, exp=now() - 400))


def test_from_the_future(server, oid):
    rejected(server, server.issuer.token(oid, nbf=now() + 400))


@pytest.mark.parametrize("exp", [
    None, 0, -1, "tomorrow", str(now() + 3600), [], {}, True])
def test_exp_that_says_nothing(server, oid, exp):
    rejected(server, server.issuer.token(oid, exp=exp))


@pytest.mark.parametrize("nbf", ["yesterday", [], {}, True])
def test_nbf_that_is_no_time(server, oid, nbf):
    rejected(server, server.issuer.token(oid, nbf=nbf))


def test_a_token_expires_while_it_is_remembered(server, oid):
    # one minute of leeway: expires in about two seconds from now
    token = server.issuer.token(oid, exp=now() - 58)
    accepted(server, token)
    end = time.monotonic() + 15
    while use(server, token).status == 200:
        assert time.monotonic() < end, "an expired token still works"
        time.sleep(0.1)
    rejected(server, token)


# --- who and for whom -------------------------------------------------------------

def test_wrong_audience(server, oid):
    wrong = "https://management.azure.com/"
    rejected(server, server.issuer.token(oid, aud=wrong),
             f"AKV10022: Invalid audience. Expected {server.resource}, "
             f"found: {wrong}.")


@pytest.mark.parametrize("audience", [
    None, "", [], ["https://elsewhere.test"], 1, {}, [1], [None],
    "https://vault.localhost", "{resource}//", "{resource}.evil.test",
    "{resource}/secrets", "{resource}\u0000"])
def test_other_audiences(server, oid, audience):
    if isinstance(audience, str):
        audience = audience.replace("{resource}", server.resource)
    rejected(server, server.issuer.token(oid, aud=audience))


def test_wrong_issuer(server, oid):
    answer = use(server, server.issuer.token(oid, iss="https://evil.test/"))
    refused(answer, 401, "Unauthorized", None, re.compile(
        r"AKV10032: Invalid issuer\. Expected one of "
        r".*https://issuer\.test/.*, found https://evil\.test/\."))


@pytest.mark.parametrize("issuer", [
    None, "", "https://issuer.test", "https://ISSUER.test/", 1, [],
    ["https://issuer.test/"], "https://issuer.test/\u0000x",
    "https://issuer.test/x"])
def test_other_issuers(server, oid, issuer):
    rejected(server, server.issuer.token(oid, iss=issuer))


@pytest.mark.parametrize("tenant", [
    "", "00000000-0000-4000-8000-000000000000", 1, [], "x"])
def test_wrong_tenant(server, oid, tenant):
    rejected(server, server.issuer.token(oid, tid=tenant))


@pytest.mark.parametrize("who", [1, [], {}, True, "x" * 5000])
def test_object_id_that_is_none(server, who):
    answer = use(server, server.issuer.token(who))
    assert answer.status in (401, 403), answer


def test_the_local_issuers_name_on_a_foreign_signature(server, oid):
    principal = server.create_principal("impersonated")
    server.allow(principal.object_id, "get")
    good = server.local_token(principal)
    accepted(server, good)
    header, claims, _ = good.split(".")
    claims = json.loads(base64.urlsafe_b64decode(claims + "=="))
    header = json.loads(base64.urlsafe_b64decode(header + "=="))
    rejected(server, Issuer.compact(header, claims, server.issuer.rsa,
                                    "RS256"))
    header["kid"] = server.issuer.kid
    rejected(server, Issuer.compact(header, claims, server.issuer.rsa,
                                    "RS256"))


def test_local_key_for_the_other_issuer(server, oid):
    """A key verifies for its own authority only."""
    principal = server.create_principal("elsewhere")
    header = server.local_token(principal).split(".")[0]
    kid = json.loads(base64.urlsafe_b64decode(header + "=="))["kid"]
    rejected(server, server.issuer.token(oid, {"kid": kid}))


# --- keys and algorithms -------------------------------------------------------------

def test_unknown_key(server, oid):
    stranger = rsa.generate_private_key(65537, 2048)
    answer = use(server, server.issuer.token(oid, {"kid": "unknown"},
                                             stranger))
    refused(answer, 401, "Unauthorized", None, re.compile(
        r"AKV10046: Unable to resolve the key used for signature "
        r"validation\..*"))


@pytest.mark.parametrize("kid", [None, "", 1, [], "x" * 5000, "test-rsa\0",
                                 "../../etc/passwd", "TEST-RSA"])
def test_other_key_ids(server, oid, kid):
    rejected(server, server.issuer.token(oid, {"kid": kid}))


def test_known_key_id_with_another_key(server, oid):
    stranger = rsa.generate_private_key(65537, 2048)
    rejected(server, server.issuer.token(oid, key=stranger))


def test_key_of_another_kind(server, oid):
    issuer = server.issuer
    rejected(server, issuer.token(oid, {"kid": "test-ec256"}))
    rejected(server, issuer.token(oid, key=issuer.ec256, algorithm="ES256"))
    rejected(server, issuer.token(oid, {"kid": "test-ec384"}, issuer.ec256,
                                  "ES256"))
    p521 = ec.generate_private_key(ec.SECP521R1())
    rejected(server, issuer.token(oid, {"kid": "test-ec256"}, p521, "ES512"))


@pytest.mark.parametrize("algorithm", ["RS384", "RS512", "PS384", "PS512"])
def test_algorithm_that_the_configuration_does_not_name(server, oid,
                                                        algorithm):
    rejected(server, server.issuer.token(oid, algorithm=algorithm))


@pytest.mark.parametrize("named", ["none", "None", "NONE", "nOnE", "", None])
@pytest.mark.parametrize("signature", ["", "AAAA", "good"])
def test_unsigned(server, oid, named, signature):
    issuer = server.issuer
    header = {"typ": "JWT", "kid": issuer.kid}
    if named is not None:
        header["alg"] = named
    token = issuer.compact(header, issuer.claims(oid), issuer.rsa, "RS256")
    if signature != "good":
        token = token.rpartition(".")[0] + "." + signature
    rejected(server, token)


@pytest.mark.parametrize("named", ["rs256", "RS256 ", "RS1", "EdDSA", "dir",
                                   "RSA-OAEP", 256, ["RS256"], True])
def test_algorithm_that_is_none(server, oid, named):
    rejected(server, server.issuer.token(oid, {"alg": named}))


def test_algorithm_exchanged_under_a_good_signature(server, oid):
    rejected(server, server.issuer.token(oid, {"alg": "PS256"}))
    rejected(server, server.issuer.token(oid, {"alg": "RS256"},
                                         algorithm="PS256"))


@pytest.mark.parametrize("algorithm, digest", [
    ("HS256", hashlib.sha256), ("HS384", hashlib.sha384),
    ("HS512", hashlib.sha512)])
def test_hmac_with_the_public_key(server, oid, algorithm, digest):
    issuer = server.issuer
    jwk = public_jwk(issuer.rsa, issuer.kid)
    keys = [public_pem(issuer.rsa), public_pem(issuer.rsa).strip(),
            json.dumps(jwk).encode(), jwk["n"].encode(),
            base64.urlsafe_b64decode(jwk["n"] + "=="), b""]
    for key in keys:
        header = {"alg": algorithm, "typ": "JWT", "kid": issuer.kid}
        signed = ".".join(base64url(json.dumps(part).encode())
                          for part in (header, issuer.claims(oid)))
        mac = hmac.new(key, signed.encode(), digest).digest()
        rejected(server, f"{signed}.{base64url(mac)}")


# --- headers that point elsewhere ------------------------------------------------------

@pytest.mark.parametrize("member, signer", [
    ("jku", "stranger"), ("jku", "issuer"), ("x5u", "stranger"),
    ("x5u", "issuer"), ("jwk", "stranger"), ("jwk", "issuer"),
    ("x5c", "stranger")])
def test_header_that_brings_its_own_key(server, oid, member, signer):
    """Refused also when the signature itself is good; but x5c beside a good
    signature says nothing new about a key that is known."""
    stranger = rsa.generate_private_key(65537, 2048)
    key = stranger if signer == "stranger" else server.issuer.rsa
    value = {
        "jku": f"http://127.0.0.1:{server.port}/keys",
        "x5u": f"http://127.0.0.1:{server.port}/certificate",
        "jwk": public_jwk(key, server.issuer.kid),
        "x5c": [base64.b64encode(b"certificate").decode()],
    }[member]
    rejected(server, server.issuer.token(oid, {member: value}, key))
    rejected(server, server.issuer.token(
        oid, {member: value, "kid": "stranger"}, key))
    log = (server.prefix / "logs" / "access.log").read_text()
    assert "/keys" not in log and "/certificate" not in log


@pytest.mark.parametrize("header", [
    {"crit": ["exp"], "exp": 1}, {"crit": []}, {"crit": ["b64"], "b64": True},
    {"crit": "exp"}, {"crit": ["unknown"], "unknown": 1}, {"b64": False},
    {"zip": "DEF"}, {"enc": "A256GCM"}])
def test_header_that_changes_the_rules(server, oid, header):
    token = server.issuer.token(oid, header)
    if "crit" in header or "b64" in header:
        rejected(server, token)
    else:
        assert use(server, token).status in (200, 401)


# --- form -----------------------------------------------------------------------------

def test_truncated(server, oid):
    token = server.issuer.token(oid)
    for length in (1, 10, token.index("."), token.index(".") + 1,
                   token.rindex("."), token.rindex(".") + 1, len(token) - 1,
                   len(token) - 2, len(token) - 40):
        rejected(server, token[:length])


def test_every_part_altered(server, oid):
    token = server.issuer.token(oid)
    for place in range(0, len(token), 7):
        if token[place] == ".":
            continue
        letter = "A" if token[place] != "A" else "B"
        answer = use(server, token[:place] + letter + token[place + 1:])
        assert answer.status == 401, (place, answer)


@pytest.mark.parametrize("change", [
    lambda t: t + ".", lambda t: t + ".x", lambda t: "." + t,
    lambda t: t.replace(".", ".."), lambda t: t.replace(".", ""),
    lambda t: t + "=", lambda t: t + "AAAA", lambda t: t.swapcase(),
    lambda t: t + " x", lambda t: t + ", Bearer " + t, lambda t: "..",
    lambda t: ".", lambda t: "a.b.c", lambda t: "\u00e9" * 10,
    lambda t: "." + t.split(".")[1] + "." + t.split(".")[2],
    lambda t: t.split(".")[0] + ".e30." + t.split(".")[2],
    lambda t: t.replace("-", "+").replace("_", "/") + "+/"])
def test_malformed(server, oid, change):
    rejected(server, change(server.issuer.token(oid)))


@pytest.mark.parametrize("header", [
    b"", b"{}", b"[]", b"null", b'"RS256"', b'{"alg":"RS256"', b"\xff",
    b'{"alg":"RS256","alg":"none","kid":"test-rsa"}',
    b'{"alg":"none","alg":"RS256","kid":"test-rsa"}',
    b'{"alg":"RS256","kid":"test-rsa","x":' + b"[" * 5000 + b"]" * 5000 + b"}",
    b'{"alg":"RS256","kid":"test-rsa\\u0000"}'])
def test_header_that_is_none(server, oid, header):
    issuer = server.issuer
    rejected(server, issuer.compact(header, issuer.claims(oid), issuer.rsa,
                                    "RS256"))


@pytest.mark.parametrize("claims", [
    b"", b"{}", b"[]", b"null", b"\xff\xfe", b"{", b'"x"',
    b'{"a":' * 3000 + b"1" + b"}" * 3000])
def test_claims_that_are_none(server, claims):
    issuer = server.issuer
    header = {"alg": "RS256", "typ": "JWT", "kid": issuer.kid}
    rejected(server, issuer.compact(header, claims, issuer.rsa, "RS256"))


def test_claim_given_twice(server, oid):
    issuer = server.issuer
    header = {"alg": "RS256", "typ": "JWT", "kid": issuer.kid}
    text = json.dumps(issuer.claims(oid))
    for extra in ('"exp":9999999999', f'"oid":"{uuid.uuid4()}"',
                  f'"aud":"{issuer.audience}"'):
        twice = text[:-1] + "," + extra + "}"
        rejected(server, issuer.compact(header, twice.encode(), issuer.rsa,
                                        "RS256"))


@pytest.mark.parametrize("size", [20000, 31000])
def test_large_token(server, oid, size):
    """Above what a token may be and below what nginx takes as a header."""
    token = server.issuer.token(oid, padding="x" * (size * 3 // 4 - 1000))
    assert len(token) > 16384
    rejected(server, token)


def test_token_of_64_kilobytes(server, oid):
    """nginx refuses a header larger than its buffers by itself."""
    token = server.issuer.token(oid, padding="x" * 48000)
    assert len(token) > 64000
    answer = use(server, token)
    assert answer.status in (400, 401, 431), answer
    assert b"the value" not in answer.body
    accepted(server, server.issuer.token(oid))


def test_garbage_of_64_kilobytes_in_small_headers(server):
    headers = list(server.host_header().items())
    headers += [("Authorization", "Bearer " + "x" * 16000)]
    headers += [(f"X-{i}", "y" * 16000) for i in range(3)]
    with server.connect() as connection:
        answer = connection.request("GET", f"/secrets/guarded?{API}", headers)
    assert answer.status in (400, 401), answer


# --- what happens to a principal -----------------------------------------------------

def test_tokens_end_with_their_principal(server):
    principal = server.create_principal("leaving")
    server.allow(principal.object_id, "get")
    token = server.local_token(principal)
    accepted(server, token)
    server.ctl("principal", "delete", "leaving")
    rejected(server, token)
    answer = server.token_request(principal)
    assert answer.status in (400, 401), answer
    # the name again is another principal
    again = server.create_principal("leaving")
    assert again.client_id != principal.client_id
    rejected(server, token)


def test_tokens_end_with_their_secret(server):
    principal = server.create_principal("renewed")
    server.allow(principal.object_id, "get")
    token = server.local_token(principal)
    accepted(server, token)
    answer = server.ctl("principal", "reset-secret", "renewed")
    rejected(server, token)
    assert server.token_request(principal).status == 401
    principal.secret = answer["clientSecret"]
    accepted(server, server.local_token(principal))


def test_rotated_signing_key(server):
    """Tokens signed before a rotation work on; new ones have the new key."""
    principal = server.create_principal("patient")
    server.allow(principal.object_id, "get")
    before = server.local_token(principal)
    server.ctl("authority", "rotate-key")
    after = server.local_token(principal)
    kids = {json.loads(base64.urlsafe_b64decode(t.split(".")[0] + "=="))["kid"]
            for t in (before, after)}
    assert len(kids) == 2
    accepted(server, before)
    accepted(server, after)
