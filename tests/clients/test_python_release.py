"""Keys that may leave: released by the real Azure client for Python to
whoever is attested, and opened there."""

import base64
import json
import os
import ssl
import urllib.request

import jwt
import pytest
from azure.keyvault.keys import (ApiVersion, JsonWebKey, KeyClient,
                                 KeyReleasePolicy)
from azure.keyvault.keys.crypto import CryptographyClient, KeyWrapAlgorithm
from cryptography.hazmat.primitives import hashes, keywrap, serialization
from cryptography.hazmat.primitives.asymmetric import padding

from support.local_keys import public_key, rsa_key
from support.sdk import name, refusal
from support.tokens import public_jwk

ATTESTATION = "https://attestation.test"
VALUES = {"HTTP": f"vault_attestation issuer={ATTESTATION} jwks=%%JWKS%%;"}
POLICY = {"version": "1.0.0", "anyOf": [{
    "authority": ATTESTATION, "allOf": [
        {"claim": "x-ms-isolation-tee.x-ms-attestation-type",
         "equals": "sevsnpvm"}]}]}
WRAPS = {"CKM_RSA_AES_KEY_WRAP": hashes.SHA1(),
         "RSA_AES_KEY_WRAP_256": hashes.SHA256(),
         "RSA_AES_KEY_WRAP_384": hashes.SHA384()}


@pytest.fixture(scope="module")
def signing_keys(server, trust):
    """By `kid`, what the service signs releases with."""
    context = ssl.create_default_context(cafile=str(server.ca_file))

    def document(url):
        with urllib.request.urlopen(url, context=context) as answer:
            return json.load(answer)

    keys_url = document(f"{server.login}/{server.tenant}/v2.0/.well-known/"
                        "openid-configuration")["jwks_uri"]
    return {jwk["kid"]: jwt.PyJWK(jwk).key
            for jwk in document(keys_url)["keys"]}


def policy(immutable=False):
    return KeyReleasePolicy(json.dumps(POLICY).encode(), immutable=immutable)


def attested(server, kind="sevsnpvm", issuer=ATTESTATION, **changes):
    """A token for an environment that holds rsa_key(2)."""
    runtime = {"keys": [{**public_jwk(rsa_key(2), "inside"), "use": "enc"}]}
    return server.issuer.token("unused", **{
        "iss": issuer, "aud": None, "x-ms-runtime": runtime,
        "x-ms-isolation-tee": {"x-ms-attestation-type": kind}, **changes})


def decoded(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def opened(bundle, digest):
    """What is in the transfer file of a released bundle."""
    file = json.loads(decoded(bundle["key"]["key_hsm"]))
    ciphertext = decoded(file["ciphertext"])
    wrapping = rsa_key(2).decrypt(ciphertext[:256], padding.OAEP(
        padding.MGF1(digest), digest, None))
    return keywrap.aes_key_unwrap_with_padding(wrapping, ciphertext[256:])


def released(signing_keys, result):
    kid = jwt.get_unverified_header(result.value)["kid"]
    return jwt.decode(result.value, signing_keys[kid],
                      algorithms=["RS256", "PS256", "ES256"])


@pytest.mark.parametrize("enc", list(WRAPS))
@pytest.mark.parametrize("kind, options", [
    ("RSA", {}), ("EC", {"curve": "P-384"}), ("oct", {"size": 256})])
def test_release(keys, server, signing_keys, kind, options, enc, credential):
    key = keys.create_key(name(), kind, exportable=True,
                          release_policy=policy(), **options)
    assert key.properties.exportable is True
    assert json.loads(key.properties.release_policy.encoded_policy) == POLICY
    assert not key.properties.release_policy.immutable
    result = keys.release_key(key.name, attested(server), algorithm=enc,
                              nonce="once")
    claims = released(signing_keys, result)
    assert claims["request"]["nonce"] == "once"
    assert claims["request"]["enc"] == enc
    bundle = claims["response"]["key"]
    assert bundle["key"]["kid"] == key.id
    material = opened(bundle, WRAPS[enc])
    if kind == "oct":
        text = os.urandom(32)
        with CryptographyClient(key, credential) as crypto:
            wrapped = crypto.wrap_key(KeyWrapAlgorithm.aes_256, text)
        assert keywrap.aes_key_unwrap(material,
                                      wrapped.encrypted_key) == text
    else:
        private = serialization.load_der_private_key(material, None)
        assert private.public_key() == public_key(key.key)


def test_release_of_an_older_version(keys, server, signing_keys):
    one = name()
    first = keys.create_rsa_key(one, exportable=True, release_policy=policy())
    last = keys.rotate_key(one)
    assert last.properties.exportable is True
    for version, key in ((first.properties.version, first), (None, last)):
        result = keys.release_key(one, attested(server), version=version)
        bundle = released(signing_keys, result)["response"]["key"]
        assert bundle["key"]["kid"] == key.id
        private = serialization.load_der_private_key(
            opened(bundle, hashes.SHA1()), None)
        assert private.public_key() == public_key(key.key)


@pytest.mark.parametrize("what", [
    {"kind": "nothing"},
    {"issuer": "https://somebody.test"},
    {"issuer": "https://issuer.test/"},
    {"exp": 1},
    {"x-ms-isolation-tee": None},
])
def test_who_does_not_meet_the_policy(keys, server, what):
    key = keys.create_ec_key(name(), exportable=True, release_policy=policy())
    with refusal(403, "Forbidden", "AccessDenied"):
        keys.release_key(key.name, attested(server, **what))


@pytest.mark.parametrize("what", [
    {"token": "a.b.c"},
    {"token": ""},
    {"x-ms-runtime": {"keys": []}},
    {"algorithm": "ROT13"},
])
def test_what_cannot_be_asked_for(keys, server, what):
    key = keys.create_ec_key(name(), exportable=True, release_policy=policy())
    options = {k: what[k] for k in what.keys() & {"algorithm"}}
    claims = {k: what[k] for k in what.keys() & {"x-ms-runtime"}}
    with refusal(400, "BadParameter"):
        keys.release_key(
            key.name, what.get("token", attested(server, **claims)),
            **options)


def test_disabled_key(keys, server):
    key = keys.create_ec_key(name(), exportable=True, release_policy=policy(),
                             enabled=False)
    with refusal(403, "Forbidden", "KeyDisabled"):
        keys.release_key(key.name, attested(server))


def test_policies_of_keys(keys):
    with refusal(400, "BadParameter", None, "AKV.SKR.1004"):
        keys.create_ec_key(name(), exportable=True)
    with refusal(400, "BadParameter", None, "AKV.SKR.1005"):
        keys.create_ec_key(name(), release_policy=policy())
    with refusal(400, "BadParameter"):
        keys.create_ec_key(name(), exportable=True,
                           release_policy=KeyReleasePolicy(b"{}"))


@pytest.mark.parametrize("immutable", [False, True])
def test_changed_policy(keys, server, immutable):
    key = keys.create_ec_key(name(), exportable=True,
                             release_policy=policy(immutable))
    other = json.loads(json.dumps(POLICY).replace("sevsnpvm", "tdxvm"))
    changed = KeyReleasePolicy(json.dumps(other).encode())
    if immutable:
        with refusal(400, "BadParameter", None, "immutable"):
            keys.update_key_properties(key.name, release_policy=changed)
        keys.release_key(key.name, attested(server))
        return
    keys.update_key_properties(key.name, release_policy=changed)
    with refusal(403, "Forbidden", "AccessDenied"):
        keys.release_key(key.name, attested(server))
    keys.release_key(key.name, attested(server, "tdxvm"))


def test_imported_key_and_an_older_api(server, credential, signing_keys):
    secret = os.urandom(32)
    with KeyClient(server.vault_url(), credential,
                   api_version=ApiVersion.V7_3) as keys:
        key = keys.import_key(name(), JsonWebKey(kty="oct", k=secret),
                              exportable=True, release_policy=policy())
        result = keys.release_key(key.name, attested(server))
    bundle = released(signing_keys, result)["response"]["key"]
    assert opened(bundle, hashes.SHA1()) == secret
