"""The states of a key: deleted, recovered, purged, backed up, restored; and
the routes beside it: attestation and random bytes."""

import re

import pytest

from support.checks import bad_parameter, refused, succeeded
from support.keys import (Keys, base64url, ec_jwk, new_ec, unbase64url,
                          version_of)

DAY = 86400
COUNT_WORDS = ("GetRandomBytesRequest: count cannot be greater than 128 or "
               "less than 1")


@pytest.fixture(scope="module")
def keys(server):
    return Keys(server)


# --- deletion -----------------------------------------------------------------

def test_the_bundle_of_a_deletion(server, keys):
    """Its three members come first, then the bundle with the full id."""
    keys.create("deleted")
    bundle = keys.create("deleted", tags={"a": "b"})
    answer = succeeded(keys.call("DELETE", "/keys/deleted"))
    assert list(answer) == ["recoveryId", "deletedDate",
                            "scheduledPurgeDate", "key", "attributes", "tags"]
    assert answer["recoveryId"] == f"{server.base_url()}/deletedkeys/deleted"
    assert answer["scheduledPurgeDate"] == answer["deletedDate"] + 90 * DAY
    assert answer["key"] == bundle["key"]
    assert answer["attributes"] == bundle["attributes"]
    assert succeeded(keys.call("GET", "/deletedkeys/deleted")) == answer
    item = [item for item in succeeded(keys.call("GET", "/deletedkeys"))[
        "value"] if item["recoveryId"] == answer["recoveryId"]][0]
    assert list(item)[:3] == ["recoveryId", "deletedDate",
                              "scheduledPurgeDate"]
    assert item["kid"] == f"{server.base_url()}/keys/deleted"
    assert "key" not in item and item["tags"] == {"a": "b"}


def test_a_deleted_key_is_gone_until_it_is_recovered(keys):
    """Nothing of the live key answers; its name is taken; all versions
    return and compute again."""
    first = keys.create("returns")
    keys.create("returns")
    digest = bytes(32)
    path = f"returns/{version_of(first)}"
    signature = keys.result(path, "sign", "ES256", digest)
    succeeded(keys.call("DELETE", "/keys/returns"))
    for method, target, body in (
            ("GET", "/keys/returns", None),
            ("GET", "/keys/returns/versions", None),
            ("PATCH", "/keys/returns/", {}),
            ("POST", "/keys/returns/sign",
             {"alg": "ES256", "value": base64url(digest)}),
            ("POST", f"/keys/{path}/verify",
             {"alg": "ES256", "digest": base64url(digest),
              "value": base64url(signature)}),
            ("POST", "/keys/returns/backup", None),
            ("POST", "/keys/returns/rotate", None),
            ("DELETE", "/keys/returns", None)):
        refused(keys.call(method, target, body), 404, "KeyNotFound")
    words = ("Key returns is currently in a deleted but recoverable state, "
             "and its name cannot be reused; in this state, the key can only "
             "be recovered or purged.")
    for method, target, body in (
            ("POST", "/keys/returns/create", {"kty": "EC"}),
            ("PUT", "/keys/returns",
             {"key": ec_jwk(new_ec("P-256"), "P-256")})):
        refused(keys.call(method, target, body), 409, "Conflict",
                "ObjectIsDeletedButRecoverable", words)
    succeeded(keys.call("POST", "/deletedkeys/returns/recover"))
    assert keys.verify(path, "ES256", digest, signature) is True
    assert len(succeeded(keys.call(
        "GET", "/keys/returns/versions"))["value"]) == 2
    refused(keys.call("GET", "/deletedkeys/returns"), 404, "KeyNotFound")


def test_purge(keys):
    """What is purged is gone, and the name is free."""
    old = keys.create("purged")
    succeeded(keys.call("DELETE", "/keys/purged"))
    succeeded(keys.call("DELETE", "/deletedkeys/purged"), 204)
    for method, path in (("GET", "/deletedkeys/purged"),
                         ("POST", "/deletedkeys/purged/recover"),
                         ("DELETE", "/deletedkeys/purged")):
        refused(keys.call(method, path), 404, "KeyNotFound", None,
                "Deleted Key not found: purged")
    new = keys.create("purged")
    assert new["key"]["x"] != old["key"]["x"]
    refused(keys.call("GET", f"/keys/purged/{version_of(old)}"), 404,
            "KeyNotFound")


def test_purge_protection(server):
    server.ctl("vault", "create", "protected", "--purge-protection")
    keys = Keys(server, server.grant(vault="protected"), "protected")
    keys.create("kept")
    bundle = succeeded(keys.call("DELETE", "/keys/kept"))
    assert bundle["attributes"]["recoveryLevel"] == "Recoverable"
    refused(keys.call("DELETE", "/deletedkeys/kept"), 403, "Forbidden", None,
            'Operation "purge" is not allowed because purge protection is '
            "enabled for this vault. Key Vault service will automatically "
            "purge it after the retention period has passed.")


# --- backup -------------------------------------------------------------------

def test_backup_and_restore(keys):
    """All versions with tags, dates and ids, and the rotation policy."""
    first = keys.create("backed", tags={"a": "b"})
    second = keys.create("backed", "RSA", attributes={"exp": 4070908800})
    policy = succeeded(keys.call("PUT", "/keys/backed/rotationpolicy", {
        "attributes": {"expiryTime": "P2Y"}, "lifetimeActions": [
            {"trigger": {"timeAfterCreate": "P90D"},
             "action": {"type": "Rotate"}}]}))
    blob = succeeded(keys.call("POST", "/keys/backed/backup"))
    assert list(blob) == ["value"] and unbase64url(blob["value"])
    answer = keys.call("POST", "/keys/restore", blob)
    refused(answer, 409, "Conflict")
    assert answer.message.startswith("Conflict while restoring key ")
    digest = bytes(32)
    signature = keys.result("backed", "sign", "RS256", digest)
    succeeded(keys.call("DELETE", "/keys/backed"))
    refused(keys.call("POST", "/keys/restore", blob), 409, "Conflict")
    succeeded(keys.call("DELETE", "/deletedkeys/backed"), 204)
    assert succeeded(keys.call("POST", "/keys/restore", blob)) == second
    for bundle in (first, second):
        path = f"/keys/backed/{version_of(bundle)}"
        assert succeeded(keys.call("GET", path)) == bundle
    assert keys.verify("backed", "RS256", digest, signature) is True
    assert succeeded(keys.call("GET", "/keys/backed/rotationpolicy")) == (
        policy)


def test_backups_of_the_other_kind(server, keys):
    """A secret's backup is no key's, nor the other way round."""
    server.set("kinds")
    keys.create("kinds-2")
    of_secret = succeeded(keys.call("POST", "/secrets/kinds/backup"))
    of_key = succeeded(keys.call("POST", "/keys/kinds-2/backup"))
    for path in ("/secrets/kinds", "/keys/kinds-2"):
        succeeded(keys.call("DELETE", path))
        succeeded(keys.call("DELETE", path.replace("/", "/deleted", 1)), 204)
    bad_parameter(keys.call("POST", "/keys/restore", of_secret))
    bad_parameter(keys.call("POST", "/secrets/restore", of_key))
    succeeded(keys.call("POST", "/keys/restore", of_key))


def test_damaged_backups(keys):
    keys.create("damaged")
    blob = succeeded(keys.call("POST", "/keys/damaged/backup"))["value"]
    succeeded(keys.call("DELETE", "/keys/damaged"))
    succeeded(keys.call("DELETE", "/deletedkeys/damaged"), 204)
    for place in range(0, len(blob) - 1, max(1, len(blob) // 40)):
        letter = "A" if blob[place] != "A" else "B"
        altered = blob[:place] + letter + blob[place + 1:]
        bad_parameter(keys.call("POST", "/keys/restore", {"value": altered}))
        bad_parameter(keys.call("POST", "/keys/restore",
                                {"value": blob[:place]}))
    succeeded(keys.call("POST", "/keys/restore", {"value": blob}))


# --- attestation, random bytes ------------------------------------------------

def test_attestation_of_a_software_key(keys):
    """There is none, and the answer says so."""
    bundle = keys.create("attested")
    for path in ("attested", f"attested/{version_of(bundle)}", "attested/"):
        bad_parameter(keys.call("GET", f"/keys/{path}/attestation"),
                      re.compile(".*attest.*"))


@pytest.mark.parametrize("count", [1, 16, 127, 128])
def test_random_bytes(keys, count):
    answer = succeeded(keys.call("POST", "/rng", {"count": count}))
    assert list(answer) == ["value"]
    assert len(unbase64url(answer["value"])) == count


def test_random_bytes_differ(keys):
    seen = {succeeded(keys.call("POST", "/rng", {"count": 16}))["value"]
            for _ in range(50)}
    assert len(seen) == 50


@pytest.mark.parametrize("count", [0, 129, -1, 2 ** 31, 2 ** 62])
def test_counts_of_random_bytes(keys, count):
    bad_parameter(keys.call("POST", "/rng", {"count": count}), COUNT_WORDS)


@pytest.mark.parametrize("body", [
    b"", b"{}", b"[]", b'{"count":"1"}', b'{"count":1.5}', b'{"count":null}',
    b'{"count":true}', b'{"count":9999999999999999999999}', b'{"count":1'])
def test_bodies_that_ask_for_no_random_bytes(keys, body):
    bad_parameter(keys.call("POST", "/rng", body))
