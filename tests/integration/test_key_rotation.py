"""Rotation of keys by hand, and the policies; what time does with them is in
test_key_schedule.py."""

import pytest

from support.checks import bad_parameter, refused, succeeded
from support.keys import (Keys, ec_jwk, integer, new_ec, oct_jwk,
                          version_of)

DAY = 86400
NOTIFY = {"trigger": {"timeBeforeExpiry": "P30D"},
          "action": {"type": "Notify"}}


@pytest.fixture(scope="module")
def keys(server):
    return Keys(server)


def rotate_after(duration, **attributes):
    return {"lifetimeActions": [{"trigger": {"timeAfterCreate": duration},
                                 "action": {"type": "Rotate"}}],
            "attributes": attributes}


def set_policy(keys, name, policy):
    return succeeded(keys.call("PUT", f"/keys/{name}/rotationpolicy", policy))


def versions(keys, name):
    return succeeded(keys.call("GET", f"/keys/{name}/versions"))["value"]


# --- by hand ------------------------------------------------------------------

@pytest.mark.parametrize("kty, members", [
    ("RSA", {"key_size": 3072, "key_ops": ["sign", "verify"]}),
    ("RSA", {}), ("EC", {"crv": "P-384"}), ("EC", {"crv": "P-256K"}),
    ("EC", {"key_ops": ["sign"], "tags": {"a": "b"}})])
def test_rotate_now(keys, kty, members):
    """A new version like the one before, with material of its own; it is
    enabled and does not expire, without a policy."""
    old = keys.create("by-hand", kty, attributes={"exp": 4070908800},
                      **members)
    new = succeeded(keys.call("POST", "/keys/by-hand/rotate"))
    assert version_of(new) != version_of(old)
    assert list(new) == [m for m in old]
    assert new.get("tags") == old.get("tags")
    for member in ("kty", "key_ops", "crv"):
        assert new["key"].get(member) == old["key"].get(member)
    secret = "n" if kty == "RSA" else "x"
    assert new["key"][secret] != old["key"][secret]
    if kty == "RSA":
        assert (integer(new["key"]["n"]).bit_length()
                == integer(old["key"]["n"]).bit_length())
    assert new["attributes"]["enabled"] is True
    assert "exp" not in new["attributes"]
    assert succeeded(keys.call("GET", "/keys/by-hand")) == new
    assert succeeded(keys.call(
        "GET", f"/keys/by-hand/{version_of(old)}")) == old


def test_new_versions_expire_as_the_policy_says(keys):
    """exp is creation and expiryTime; the version before stays as it is."""
    old = keys.create("expiring")
    set_policy(keys, "expiring", {"attributes": {"expiryTime": "P30D"}})
    new = succeeded(keys.call("POST", "/keys/expiring/rotate"))["attributes"]
    assert new["exp"] == new["created"] + 30 * DAY
    path = f"/keys/expiring/{version_of(old)}"
    assert succeeded(keys.call("GET", path)) == old


def test_what_was_signed_before_is_verified_by_its_version(keys):
    old = keys.create("signing")
    digest = bytes(32)
    signature = keys.result("signing", "sign", "ES256", digest)
    succeeded(keys.call("POST", "/keys/signing/rotate"))
    assert keys.verify(f"signing/{version_of(old)}", "ES256", digest,
                       signature) is True
    assert keys.verify("signing", "ES256", digest, signature) is False


@pytest.mark.parametrize("jwk", [ec_jwk(new_ec("P-256"), "P-256"),
                                 oct_jwk(bytes(32))],
                         ids=lambda jwk: jwk["kty"])
def test_imported_keys_are_not_rotated(keys, jwk):
    """Neither by hand nor by a policy; a policy that only notifies is one."""
    keys.take("imported", jwk)
    bad_parameter(keys.call("POST", "/keys/imported/rotate"))
    bad_parameter(keys.call("PUT", "/keys/imported/rotationpolicy",
                            rotate_after("P90D")))
    set_policy(keys, "imported", {"lifetimeActions": [NOTIFY]})
    assert len(versions(keys, "imported")) >= 1


def test_rotation_of_a_key_that_is_not_there(keys):
    keys.create("gone")
    succeeded(keys.call("DELETE", "/keys/gone"))
    for name in ("gone", "absent"):
        for method, path, body in (
                ("POST", "rotate", None), ("GET", "rotationpolicy", None),
                ("PUT", "rotationpolicy", rotate_after("P90D"))):
            refused(keys.call(method, f"/keys/{name}/{path}", body), 404,
                    "KeyNotFound")


# --- policies -----------------------------------------------------------------

def test_the_default_policy(server, keys):
    """One Notify, 30 days before the end, and no expiryTime."""
    keys.create("plain")
    policy = succeeded(keys.call("GET", "/keys/plain/rotationpolicy"))
    assert policy["id"] == f"{server.base_url()}/keys/plain/rotationpolicy"
    assert policy["lifetimeActions"] == [NOTIFY]
    assert "expiryTime" not in policy["attributes"]


def test_a_policy_is_kept(server, keys):
    """Members in the documented order; an absent Notify is added; setting it
    again keeps `created`; what was read can be written."""
    keys.create("kept")
    answer = keys.call("PUT", "/keys/kept/rotationpolicy",
                       rotate_after("P90D", expiryTime="P2Y"))
    policy = succeeded(answer)
    created = policy["attributes"]["created"]
    assert answer.body.decode() == (
        f'{{"id":"{server.base_url()}/keys/kept/rotationpolicy",'
        '"lifetimeActions":[{"trigger":{"timeAfterCreate":"P90D"},'
        '"action":{"type":"Rotate"}},{"trigger":{"timeBeforeExpiry":"P30D"},'
        '"action":{"type":"Notify"}}],"attributes":{"expiryTime":"P2Y",'
        f'"created":{created},"updated":{created}}}}}')
    assert succeeded(keys.call("GET", "/keys/kept/rotationpolicy")) == policy
    again = set_policy(keys, "kept", policy)
    assert again["attributes"]["created"] == created
    again["attributes"]["updated"] = created
    assert again == policy
    # a new version keeps it
    succeeded(keys.call("POST", "/keys/kept/rotate"))
    keys.create("kept")
    assert succeeded(keys.call("GET", "/keys/kept/rotationpolicy"))[
        "lifetimeActions"] == policy["lifetimeActions"]


@pytest.mark.parametrize("duration", ["P7D", "P30D", "P2M", "P18M", "P1Y",
                                      "P1Y2M", "P1Y6M15D", "P365D"])
def test_durations(keys, duration):
    """They come back as they were written."""
    keys.create("lasting")
    policy = set_policy(keys, "lasting", rotate_after(
        duration, expiryTime="P10Y"))
    assert policy["lifetimeActions"][0]["trigger"] == {
        "timeAfterCreate": duration}


@pytest.mark.parametrize("action", ["Rotate", "rotate", "ROTATE"])
def test_actions_without_regard_to_case(keys, action):
    keys.create("cased")
    policy = rotate_after("P90D")
    policy["lifetimeActions"][0]["action"]["type"] = action
    answer = set_policy(keys, "cased", policy)
    assert answer["lifetimeActions"][0]["action"] == {"type": "Rotate"}


def action(kind, **trigger):
    return {"trigger": trigger, "action": {"type": kind}}


def policy_of(*actions, **attributes):
    return {"lifetimeActions": list(actions), "attributes": attributes}


BAD_DURATIONS = ["", "P", "30D", "P30", "PD", "P-30D", "-P30D", "P6D", "P0D",
                 "PT200H", "P30DT1H", "P1.5Y", "p30d", "P30D ", "P1D1Y",
                 "P99999999999999999999D", "P" + "9" * 400 + "D", "P30\u0000D",
                 30, None, [], {}, True]
BAD_POLICIES = {
    **{f"after {duration!r}": rotate_after(duration)
       for duration in BAD_DURATIONS},
    **{f"expiry {duration!r}": policy_of(expiryTime=duration)
       for duration in BAD_DURATIONS if duration is not None},
    "expiry too early": policy_of(expiryTime="P27D"),
    "no trigger": policy_of(action("Rotate")),
    "two triggers": policy_of(action("Rotate", timeAfterCreate="P30D",
                                     timeBeforeExpiry="P30D"),
                              expiryTime="P1Y"),
    "unknown action": policy_of(action("Fly", timeAfterCreate="P30D")),
    "action number": policy_of(action(1, timeAfterCreate="P30D")),
    "no action": policy_of({"trigger": {"timeAfterCreate": "P30D"}}),
    "trigger text": policy_of({"trigger": "P30D",
                               "action": {"type": "Rotate"}}),
    "two rotations": policy_of(action("Rotate", timeAfterCreate="P30D"),
                               action("Rotate", timeAfterCreate="P60D")),
    "two notices": policy_of(action("Notify", timeBeforeExpiry="P30D"),
                             action("Notify", timeBeforeExpiry="P60D"),
                             expiryTime="P1Y"),
    "notice after creation": policy_of(
        action("Notify", timeAfterCreate="P30D"), expiryTime="P1Y"),
    "before an end that there is not": policy_of(
        action("Rotate", timeBeforeExpiry="P30D")),
    "before its beginning": policy_of(
        action("Rotate", timeBeforeExpiry="P60D"), expiryTime="P30D"),
    "too near to its end": policy_of(
        action("Rotate", timeBeforeExpiry="P6D"), expiryTime="P1Y"),
    "after its end": policy_of(
        action("Rotate", timeAfterCreate="P100D"), expiryTime="P90D"),
    "actions object": {"lifetimeActions": {}},
    "actions text": {"lifetimeActions": "x"},
    "action text": {"lifetimeActions": ["x"]},
    "attributes list": {"attributes": []},
    "list": [], "text": "x", "no JSON": b"{", "empty": b"",
    "deep": b'{"lifetimeActions":' + b"[" * 50000,
    "many": policy_of(*[action("Rotate", timeAfterCreate="P30D")] * 2000),
}


@pytest.mark.parametrize("policy", BAD_POLICIES.values(),
                         ids=BAD_POLICIES.keys())
def test_policies_that_are_refused(keys, policy):
    """And the one that was there stays."""
    keys.create("strict")
    before = set_policy(keys, "strict", rotate_after("P45D"))
    bad_parameter(keys.call("PUT", "/keys/strict/rotationpolicy", policy))
    after = succeeded(keys.call("GET", "/keys/strict/rotationpolicy"))
    assert after == before
