"""Release of keys: which keys can have a policy, how it is kept and changed;
an attested environment gets its key, and nobody else does."""

import json
import time

import jwt
import pytest
from cryptography.hazmat.primitives import hashes, keywrap
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.serialization import load_der_private_key

from support.checks import bad_parameter, refused, succeeded
from support.keys import (Keys, base64url, ec_jwk, new_ec, new_rsa, oct_jwk,
                          rsa_jwk, unbase64url)
from support.server import API, VaultServer
from support.tokens import Issuer

ATTESTER = "https://attest.test/"
POLICY = {"version": "1.0.0", "anyOf": [{
    "authority": "https://attest.test",
    "allOf": [{"claim": "x", "equals": "y"}]}]}
RELEASE_POLICY = {"contentType": "application/json; charset=utf-8",
                  "data": base64url(json.dumps(POLICY).encode())}



class Environment:
    """What is attested: its key, and tokens about it."""

    def __init__(self, server, attester):
        self.server = server
        self.attester = attester
        self.private = new_rsa()

    def key(self, **changes):
        jwk = {k: v for k, v in rsa_jwk(self.private).items()
               if k in ("kty", "n", "e")}
        return {**jwk, "kid": "inside", "key_ops": ["encrypt"], **changes}

    def claims(self, **changes):
        now = int(time.time())
        return {"iss": ATTESTER, "iat": now, "nbf": now, "exp": now + 600,
                "x": "y", "x-ms-runtime": {"keys": [self.key()]}, **changes}

    def token(self, header=None, key=None, algorithm="RS256", **changes):
        members = {"alg": algorithm, "typ": "JWT", "kid": self.attester.kid,
                   "jku": "https://attest.test/certs", **(header or {})}
        return Issuer.compact(members, self.claims(**changes),
                              key or self.attester.rsa, algorithm)

    def unwrap(self, answer, enc, hash_):
        """The material that a release holds; its signature is checked."""
        token = answer["value"]
        signer = self.signer(jwt.get_unverified_header(token)["kid"])
        released = jwt.decode(token, signer, algorithms=["RS256"],
                              options={"verify_aud": False})
        request, bundle = released["request"], released["response"]["key"]
        assert request["enc"] == enc
        file = json.loads(unbase64url(bundle["key"].pop("key_hsm")))
        assert file["header"]["enc"] == enc
        assert file["header"]["kid"] == bundle["key"]["kid"]
        data = unbase64url(file["ciphertext"])
        aes = self.private.decrypt(data[:256], padding.OAEP(
            padding.MGF1(hash_), hash_, None))
        return request, bundle, keywrap.aes_key_unwrap_with_padding(
            aes, data[256:])

    def signer(self, kid):
        with self.server.connect() as connection:
            found = connection.request(
                "GET", f"/{self.server.tenant}/discovery/v2.0/keys",
                {"Host": f"login.localhost:{self.server.port}"})
        return next(jwt.PyJWK(jwk).key for jwk in found.json["keys"]
                    if jwk["kid"] == kid)


@pytest.fixture(scope="module")
def server():
    """A server that believes one attestation service."""
    directive = (f"vault_attestation issuer={ATTESTER} "
                 "jwks=%%PREFIX%%/attester.json algorithms=RS256,ES256;")
    with VaultServer(values={"HTTP": directive}, start=False) as running:
        running.attester = Issuer(running.tenant, None, ATTESTER)
        running.attester.write_jwks(running.prefix / "attester.json")
        running.start()
        yield running


@pytest.fixture(scope="module")
def keys(server):
    return Keys(server)


@pytest.fixture(scope="module")
def environment(server):
    return Environment(server, server.attester)


# --- policies -------------------------------------------------------------------


def test_release_policy_and_exportable_go_together(keys):
    """The documented words for either without the other."""
    for body, words in (
            ({"attributes": {"exportable": True}},
             "AKV.SKR.1004: Exportable keys must have release policy."),
            ({"release_policy": RELEASE_POLICY},
             "AKV.SKR.1005: Non-exportable keys must not have release "
             "policy")):
        for method, path, more in (
                ("POST", "/keys/unreleased/create", {"kty": "EC"}),
                ("PUT", "/keys/unreleased",
                 {"key": ec_jwk(new_ec("P-256"), "P-256")})):
            bad_parameter(keys.call(method, path, {**more, **body}), words)
    refused(keys.call("GET", "/keys/unreleased"), 404, "KeyNotFound")
    keys.create("plain")
    bad_parameter(keys.call("PATCH", "/keys/plain/",
                            {"release_policy": RELEASE_POLICY}),
                  "AKV.SKR.1005: Non-exportable keys must not have release "
                  "policy")


def test_release_of_a_key_that_is_not_exportable(keys):
    keys.create("kept-in")
    answer = keys.call("POST", "/keys/kept-in/release", {"target": "a.b.c"})
    assert answer.status in (400, 403), answer
    assert "release" in answer.message or "export" in answer.message


@pytest.fixture(scope="module")
def released(keys):
    return keys.create("released", attributes={"exportable": True},
                       release_policy=RELEASE_POLICY)


def test_bundle_with_a_release_policy(keys, released):
    assert list(released) == ["key", "attributes", "release_policy"]
    assert released["attributes"]["exportable"] is True
    assert released["release_policy"]["data"] == RELEASE_POLICY["data"]
    assert released["release_policy"]["contentType"] == (
        RELEASE_POLICY["contentType"])
    assert succeeded(keys.call("GET", "/keys/released")) == released


def test_update_of_a_release_policy(keys, released):
    """It is replaced, until it is immutable."""
    other = {**RELEASE_POLICY, "data": base64url(json.dumps(
        {**POLICY, "anyOf": POLICY["anyOf"] * 2}).encode()),
        "immutable": True}
    bundle = succeeded(keys.call("PATCH", "/keys/released/",
                                 {"release_policy": other}))
    assert bundle["release_policy"]["data"] == other["data"]
    assert bundle["release_policy"]["immutable"] is True
    answer = keys.call("PATCH", "/keys/released/",
                       {"release_policy": RELEASE_POLICY})
    assert answer.status in (400, 403), answer
    again = succeeded(keys.call("GET", "/keys/released"))
    assert again["release_policy"] == bundle["release_policy"]


@pytest.mark.parametrize("target", ["", "x", "a.b", "a.b.c", "e30.e30.",
                                    "." * 1000, 1, None])
def test_targets_that_attest_nothing(keys, released, target):
    """Wrong targets are answered, never with the key."""
    answer = keys.call("POST", "/keys/released/release", {"target": target})
    assert answer.status in (400, 403), answer
    assert answer.message and "value" not in answer.json


# --- release ------------------------------------------------------------------

EXPORTABLE = {"attributes": {"exportable": True},
              "release_policy": RELEASE_POLICY}
ENCRYPTIONS = {None: ("CKM_RSA_AES_KEY_WRAP", hashes.SHA1()),
               "CKM_RSA_AES_KEY_WRAP": ("CKM_RSA_AES_KEY_WRAP",
                                        hashes.SHA1()),
               "RSA_AES_KEY_WRAP_256": ("RSA_AES_KEY_WRAP_256",
                                        hashes.SHA256()),
               "RSA_AES_KEY_WRAP_384": ("RSA_AES_KEY_WRAP_384",
                                        hashes.SHA384())}


def release(keys, name, token, **more):
    return keys.call("POST", f"/keys/{name}/release",
                     {"target": token, **more})


@pytest.mark.parametrize("enc", ENCRYPTIONS)
def test_an_attested_environment_gets_its_key(keys, environment, enc):
    """The very key, of each type, wrapped for the environment alone."""
    rsa, ec, octets = new_rsa(), new_ec("P-384"), bytes(range(32))
    more = {"enc": enc, "nonce": "n-1"} if enc else {"nonce": "n-1"}
    for name, jwk in (("leaving-rsa", rsa_jwk(rsa)),
                      ("leaving-ec", ec_jwk(ec, "P-384")),
                      ("leaving-oct", oct_jwk(octets))):
        bundle = keys.take(name, jwk, **EXPORTABLE)
        answer = succeeded(release(keys, name, environment.token(), **more))
        assert list(answer) == ["value"]
        request, shown, material = environment.unwrap(answer,
                                                      *ENCRYPTIONS[enc])
        assert request["kid"] == bundle["key"]["kid"]
        assert request["nonce"] == "n-1" and request["api-version"] == "7.6"
        assert shown == bundle
        if jwk["kty"] == "oct":
            assert material == octets
        else:
            key = load_der_private_key(material, None)
            assert key.private_numbers() == {
                "RSA": rsa, "EC": ec}[jwk["kty"]].private_numbers()


def test_release_does_not_ask_for_the_time(keys, environment):
    """Allowed before nbf and after exp, refused while disabled."""
    now = int(time.time())
    for attributes in ({"nbf": now + 3600}, {"exp": now - 3600}):
        keys.create("timed", release_policy=RELEASE_POLICY,
                    attributes={"exportable": True, **attributes})
        succeeded(release(keys, "timed", environment.token()))
    succeeded(keys.call("PATCH", "/keys/timed/",
                        {"attributes": {"enabled": False}}))
    refused(release(keys, "timed", environment.token()), 403, "Forbidden",
            "KeyDisabled",
            "Operation release is not allowed on a disabled key.")


@pytest.fixture(scope="module")
def leaving(keys):
    keys.create("leaving", **EXPORTABLE)
    return "leaving"


NOW = int(time.time())
STRANGER = Issuer("", None, ATTESTER)
# what is wrong: the changes of a good token
UNTRUSTED = {
    "another issuer": {"iss": "https://other.test/"},
    "no issuer": {"iss": None},
    "expired": {"exp": NOW - 3600},
    "not yet": {"nbf": NOW + 36000},
    "no end": {"exp": None},
    "another key": {"key": STRANGER.rsa},
    "unknown kid": {"header": {"kid": "other"}},
    "alg none": {"header": {"alg": "none"}},
    "another alg": {"header": {"alg": "PS256"}},
    "a key of its own": {"header": {"jwk": {"kty": "RSA"}}},
    "critical": {"header": {"crit": ["exp"]}},
    "claim differs": {"x": "Y"},
    "claim of another type": {"x": 1},
    "claim missing": {"x": None},
    "claim in a list": {"x": ["y"]},
    "no runtime": {"x-ms-runtime": None},
    "no keys": {"x-ms-runtime": {"keys": []}},
    "keys of another type": {"x-ms-runtime": {"keys": "x"}},
    "key number": {"x-ms-runtime": {"keys": [1]}},
}
TARGETS = {
    "cannot encrypt": {"key_ops": ["sign"]},
    "is for signatures": {"use": "sig", "key_ops": None},
    "modulus gone": {"n": None},
    "modulus zero": {"n": "AA"},
    "modulus even": {"n": base64url(b"\xff" * 255 + b"\xfe")},
    "too small": {"n": rsa_jwk(new_rsa(1024))["n"]},
    "too large": {"n": base64url(b"\xff" * 5000)},
    "no base64url": {"n": "*" * 342},
    "exponent 1": {"e": "AQ"},
    "exponent even": {"e": "Ag"},
    "exponent zero": {"e": "AA"},
    "EC": {"kty": "EC"},
    "number": {"n": 1},
}


def refuse(keys, name, token, **more):
    answer = release(keys, name, token, **more)
    assert answer.status in (400, 403), answer
    if answer.status == 403:
        refused(answer, 403, "Forbidden", "AccessDenied")
    else:
        bad_parameter(answer)


@pytest.mark.parametrize("changes", UNTRUSTED.values(), ids=UNTRUSTED.keys())
def test_tokens_that_get_nothing(keys, leaving, environment, changes):
    refuse(keys, leaving, environment.token(**changes))
    succeeded(release(keys, leaving, environment.token()))


@pytest.mark.parametrize("changes", TARGETS.values(), ids=TARGETS.keys())
def test_keys_that_nothing_is_released_to(keys, leaving, environment,
                                          changes):
    jwk = {k: v for k, v in environment.key(**changes).items()
           if v is not None}
    refuse(keys, leaving, environment.token(
        **{"x-ms-runtime": {"keys": [jwk]}}))


def test_the_first_key_that_can_encrypt_is_taken(keys, leaving, environment):
    others = [environment.key(key_ops=["sign"]), {"kty": "EC"}, 1]
    token = environment.token(**{"x-ms-runtime": {
        "keys": [*others, environment.key(), environment.key(n="AA")]}})
    answer = succeeded(release(keys, leaving, token))
    assert environment.unwrap(answer, *ENCRYPTIONS[None])[2]


def test_who_issues_access_tokens_attests_nothing(server, keys, leaving,
                                                  environment):
    """Nor does an attestation give access."""
    for issuer in (server.issuer,):
        claims = environment.claims(iss=issuer.issuer)
        refuse(keys, leaving, Issuer.compact(
            {"alg": "RS256", "kid": issuer.kid}, claims, issuer.rsa, "RS256"))
    token = environment.token(aud=server.resource, tid=server.tenant,
                              oid="7e57ab1e-0000-4000-8000-000000000004")
    refused(server.call("GET", f"/keys?{API}", token=token), 401,
            "Unauthorized")


def test_policies_that_name_another_authority(keys, environment):
    policy = {**POLICY, "anyOf": [{
        **POLICY["anyOf"][0], "authority": "https://other.test"}]}
    keys.create("elsewhere", attributes={"exportable": True}, release_policy={
        "data": base64url(json.dumps(policy).encode())})
    refuse(keys, "elsewhere", environment.token())


@pytest.mark.parametrize("more", [
    {"enc": "RSA-OAEP"}, {"enc": ""}, {"enc": 1}, {"nonce": 1},
    {"nonce": "x" * 100000}], ids=lambda more: str(more)[:20])
def test_other_members_of_a_release(keys, leaving, environment, more):
    bad_parameter(release(keys, leaving, environment.token(), **more))


def test_no_record_holds_a_release(server, keys, leaving, environment):
    """Neither the attestation nor what left is in records or the log."""
    token = environment.token()
    answer = succeeded(release(keys, leaving, token))
    for log in (server.audit_log.read_text(), server.log_text()):
        assert token[-60:] not in log
        assert answer["value"][-60:] not in log
