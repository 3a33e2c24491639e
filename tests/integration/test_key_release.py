"""Release of keys: which keys can have a policy, how it is kept and changed,
and targets that attest nothing."""

import json

import pytest

from support.checks import bad_parameter, refused, succeeded
from support.keys import Keys, base64url, ec_jwk, new_ec

POLICY = {"version": "1.0.0", "anyOf": [{
    "authority": "https://attest.test",
    "allOf": [{"claim": "x", "equals": "y"}]}]}
RELEASE_POLICY = {"contentType": "application/json; charset=utf-8",
                  "data": base64url(json.dumps(POLICY).encode())}


@pytest.fixture(scope="module")
def keys(server):
    return Keys(server)


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
