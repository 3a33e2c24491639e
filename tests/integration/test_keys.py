"""Keys as objects, by raw HTTP: what create, import, get, update and lists
answer, to the order of the members; which paths and api-versions there are."""

import re
import urllib.parse

import pytest

from support.checks import VERSION, bad_parameter, refused, succeeded
from support.keys import (CURVES, RSA_PRIVATE, Keys, ec_jwk, integer, new_ec,
                          new_rsa, oct_jwk, rsa_jwk, unbase64url, version_of)
from support.server import API

RSA_OPERATIONS = ["encrypt", "decrypt", "sign", "verify", "wrapKey",
                  "unwrapKey"]
KEY_NOT_FOUND = (
    "A key with (name/id) {} was not found in this key vault. If you recently "
    "deleted this key you may be able to recover it using the correct "
    "recovery command. For help resolving this issue, please see "
    "https://go.microsoft.com/fwlink/?linkid=2125182")
NO_HARDWARE = re.compile(r".*This service has no hardware security module\b.*",
                         re.DOTALL)
ALL_VERSIONS = ["2015-06-01", "2016-10-01", "7.0", "7.1", "7.2", "7.3", "7.4",
                "7.5", "7.6", "2025-07-01"]


@pytest.fixture(scope="module")
def keys(server):
    return Keys(server)


@pytest.fixture(scope="module")
def rsa_key(keys):
    """One RSA key for all tests that only need one: making it is slow."""
    keys.create("rsa", "RSA")
    return "rsa"


# --- bundles, as they are written ---------------------------------------------

def test_bundle_of_an_ec_key_to_the_byte(server, keys):
    """Order of members, no blanks, nothing else: create and get agree."""
    answer = keys.call("POST", "/keys/ordered/create", {
        "kty": "EC", "tags": {"k": "w"},
        "attributes": {"enabled": True, "nbf": 1, "exp": 4070908800}},
        version="7.5")
    bundle = succeeded(answer)
    key, created = bundle["key"], bundle["attributes"]["created"]
    expected = (
        f'{{"key":{{"kid":"{server.base_url()}/keys/ordered/'
        f'{version_of(bundle)}","kty":"EC","key_ops":["sign","verify"],'
        f'"crv":"P-256","x":"{key["x"]}","y":"{key["y"]}"}},'
        '"attributes":{"enabled":true,"nbf":1,"exp":4070908800,'
        f'"created":{created},"updated":{created},'
        '"recoveryLevel":"Recoverable+Purgeable","recoverableDays":90,'
        '"exportable":false,"hsmPlatform":"0"},"tags":{"k":"w"}}')
    assert answer.body.decode() == expected
    answer = keys.call("GET", "/keys/ordered", version="7.5")
    assert answer.body.decode() == expected


def test_bundle_of_an_rsa_key(keys, rsa_key):
    """The defaults of RSA: 2048 bits, 65537, the six operations."""
    bundle = succeeded(keys.call("GET", f"/keys/{rsa_key}"))
    assert list(bundle) == ["key", "attributes"]
    key = bundle["key"]
    assert list(key) == ["kid", "kty", "key_ops", "n", "e"]
    assert key["kty"] == "RSA" and key["e"] == "AQAB"
    assert key["key_ops"] == RSA_OPERATIONS
    assert integer(key["n"]).bit_length() == 2048
    assert VERSION.fullmatch(version_of(bundle))


@pytest.mark.parametrize("size", [2048, 3072, 4096])
def test_sizes_of_rsa(keys, size):
    key = keys.create(f"size-{size}", "RSA", key_size=size)["key"]
    assert integer(key["n"]).bit_length() == size
    assert len(unbase64url(key["n"])) == size // 8


@pytest.mark.parametrize("curve", CURVES)
def test_curves(keys, curve):
    """Coordinates have the length of the field, also if they begin with 0."""
    for _ in range(8):
        key = keys.create(f"curve-{curve}", "EC", crv=curve)["key"]
        assert list(key) == ["kid", "kty", "key_ops", "crv", "x", "y"]
        assert key["crv"] == curve
        for member in ("x", "y"):
            assert len(unbase64url(key[member])) == CURVES[curve][1]


def test_the_key_of_an_import_is_that_of_its_jwk(keys):
    for name, jwk in (("import-rsa", rsa_jwk(new_rsa())),
                      ("import-ec", ec_jwk(new_ec("P-384"), "P-384"))):
        for bundle in (keys.take(name, jwk),
                       succeeded(keys.call("GET", f"/keys/{name}"))):
            public = {k: v for k, v in jwk.items()
                      if k not in RSA_PRIVATE}
            key = bundle["key"]
            assert set(key) == set(public) | {"kid", "key_ops"}
            assert {k: key[k] for k in public} == public


def test_an_oct_key_shows_nothing_of_itself(keys):
    for size in (16, 24, 32):
        key = keys.take("octets", oct_jwk(bytes(range(size))))["key"]
        assert list(key) == ["kid", "kty"] and key["kty"] == "oct"
    for path in ("/keys/octets", "/keys/octets/versions"):
        text = keys.call("GET", path).body
        assert b'"k"' not in text and b"AAECAwQF" not in text


@pytest.mark.parametrize("flag", ["Hsm", "hsm"])
def test_the_flag_for_hardware(keys, flag):
    """False is what there is, and true is refused by name."""
    jwk = ec_jwk(new_ec("P-256"), "P-256")
    keys.take(f"flag-{flag}", jwk, **{flag: False})
    answer = keys.call("PUT", f"/keys/flagged-{flag}",
                       {"key": jwk, flag: True})
    bad_parameter(answer, NO_HARDWARE)
    refused(keys.call("GET", f"/keys/flagged-{flag}"), 404, "KeyNotFound")


@pytest.mark.parametrize("kty", ["RSA-HSM", "EC-HSM", "oct-HSM"])
def test_hardware_types_are_refused_by_name(keys, kty):
    """The answer says that no HSM is configured."""
    bad_parameter(keys.call("POST", "/keys/hard/create", {"kty": kty}),
                  NO_HARDWARE)
    bad_parameter(keys.call("PUT", "/keys/hard", {
        "key": {**ec_jwk(new_ec("P-256"), "P-256"), "kty": kty}}),
                  NO_HARDWARE)
    refused(keys.call("GET", "/keys/hard"), 404, "KeyNotFound")


def test_key_ops_are_kept(keys):
    """As they are given; those of a JWK too."""
    key = keys.create("ops", key_ops=["verify"])["key"]
    assert key["key_ops"] == ["verify"]
    jwk = {**ec_jwk(new_ec("P-256"), "P-256"), "key_ops": ["sign"]}
    assert keys.take("ops", jwk)["key"]["key_ops"] == ["sign"]
    key = succeeded(keys.call("GET", "/keys/ops"))["key"]
    assert key["key_ops"] == ["sign"]


@pytest.mark.parametrize("version", ALL_VERSIONS)
def test_members_by_api_version(keys, rsa_key, version):
    """Soft delete came with 2016-10-01, recoverableDays with 7.1, exportable
    with 7.3, hsmPlatform with 7.5."""
    number = ALL_VERSIONS.index(version)
    attributes = succeeded(keys.call("GET", f"/keys/{rsa_key}",
                                     version=version))["attributes"]
    expected = ["enabled", "created", "updated"]
    for member, since in (("recoveryLevel", "2016-10-01"),
                          ("recoverableDays", "7.1"), ("exportable", "7.3"),
                          ("hsmPlatform", "7.5")):
        if number >= ALL_VERSIONS.index(since):
            expected.append(member)
    assert list(attributes) == expected


# --- names and versions -------------------------------------------------------

def test_names_keep_their_first_form(keys):
    keys.create("FirstForm")
    bundle = keys.create("firstform")
    assert "/keys/FirstForm/" in bundle["key"]["kid"]
    again = succeeded(keys.call("GET", "/keys/FIRSTFORM"))
    assert again == bundle


@pytest.mark.parametrize("name", [
    "create", "restore", "versions", "sign", "rotate", "0", "-", "n" * 127])
def test_names_that_look_odd_and_are_legal(keys, name):
    keys.create(name)
    for path in (f"/keys/{name}", f"/keys/{name}/"):
        kid = succeeded(keys.call("GET", path))["key"]["kid"]
        assert f"/keys/{name}/" in kid
    assert len(succeeded(keys.call(
        "GET", f"/keys/{name}/versions"))["value"]) == 1


@pytest.mark.parametrize("name", ["a.b", "a_b", "n" * 128, "%C3%BC", "a%2Fb"])
def test_names_that_are_none(keys, name):
    plain = urllib.parse.unquote(name)
    for method, path, body in (
            ("POST", f"/keys/{name}/create", {"kty": "EC"}),
            ("PUT", f"/keys/{name}", {"key": {"kty": "EC"}}),
            ("GET", f"/keys/{name}", None),
            ("POST", f"/keys/{name}/sign", {"alg": "ES256", "value": ""}),
            ("GET", f"/keys/{name}/rotationpolicy", None)):
        answer = keys.call(method, path, body)
        bad_parameter(answer)
        if plain.isascii():
            assert answer.message.startswith(
                "The request URI contains an invalid name: "), answer


@pytest.fixture(scope="module")
def two_versions(keys):
    return [version_of(keys.create("paths")) for _ in range(2)]


@pytest.mark.parametrize("path", [
    "/keys/paths/sign", "/keys/paths//sign", "/keys/paths/{version}/sign",
    "/keys/paths/sign/", "/keys/paths//sign/", "/keys/PATHS/{version}/sign/",
    "//keys/paths/sign", "/keys/paths/SIGN"])
def test_paths_of_a_computation(keys, two_versions, path):
    """The version may be empty or left out; a slash may end the path."""
    old, new = two_versions
    version = old if "{version}" in path else new
    answer = keys.call("POST", path.format(version=old),
                       {"alg": "ES256", "value": "A" * 43})
    assert succeeded(answer)["kid"].endswith(f"/keys/paths/{version}")


def test_versions_are_kept_and_found(keys):
    bundles = [keys.create("versioned", tags={"n": str(i)})
               for i in range(3)]
    for bundle in bundles:
        path = f"/keys/versioned/{version_of(bundle)}"
        assert succeeded(keys.call("GET", path)) == bundle
        assert succeeded(keys.call("GET", path.upper().replace(
            "/KEYS", "/keys"))) == bundle
    for path in ("/keys/versioned", "/keys/versioned/"):
        assert succeeded(keys.call("GET", path)) == bundles[-1]
    items = succeeded(keys.call("GET", "/keys/versioned/versions"))["value"]
    assert [item["kid"] for item in items] == sorted(
        (bundle["key"]["kid"] for bundle in bundles), key=str.upper)


def test_key_not_found(keys):
    """The documented words, whatever was asked of it."""
    version = "0123456789abcdef" * 2
    keys.create("found")
    computation = {"alg": "ES256", "value": "A" * 43}
    for method, path, body, name in (
            ("GET", "/keys/absent", None, "absent"),
            ("GET", f"/keys/found/{version}", None, f"found/{version}"),
            ("PATCH", "/keys/absent/", {}, "absent"),
            ("DELETE", "/keys/absent", None, "absent"),
            ("POST", "/keys/absent/backup", None, "absent"),
            ("POST", "/keys/absent/rotate", None, "absent"),
            ("GET", "/keys/absent/rotationpolicy", None, "absent"),
            ("POST", "/keys/absent/sign", computation, "absent"),
            ("POST", f"/keys/found/{version}/sign", computation,
             f"found/{version}")):
        refused(keys.call(method, path, body), 404, "KeyNotFound", None,
                KEY_NOT_FOUND.format(name))
    refused(keys.call("GET", "/keys/absent/versions"), 404, "KeyNotFound")


@pytest.mark.parametrize("method, path, allowed", [
    ("PUT", "/keys", {"GET"}), ("GET", "/keys/x/create", {"POST"}),
    ("GET", "/keys/x/sign", {"POST"}), ("PUT", "/keys/x/rotate", {"POST"}),
    ("PUT", "/keys/x/" + "0" * 32 + "/sign", {"POST"}),
    ("POST", "/keys/x/rotationpolicy", {"GET", "PUT"}),
    ("POST", "/keys/x", {"GET", "PUT", "DELETE"}), ("GET", "/rng", {"POST"}),
    ("GET", "/deletedkeys/x/recover", {"POST"})])
def test_wrong_methods(keys, method, path, allowed):
    answer = keys.call(method, path)
    refused(answer, 405, "MethodNotAllowed")
    named = {part.strip() for part in answer.header("Allow").split(",")}
    assert allowed <= named and method not in named


# --- attributes, tags, and changes of them ------------------------------------

def test_attributes_of_a_new_key(keys):
    bundle = keys.create("attributes", attributes={
        "enabled": False, "nbf": 1700000000, "exp": 1800000000},
        tags={"a": "1", "b": "ü"})
    attributes = bundle["attributes"]
    assert attributes["enabled"] is False
    assert attributes["nbf"] == 1700000000
    assert attributes["exp"] == 1800000000
    assert attributes["exportable"] is False
    assert attributes["hsmPlatform"] == "0"
    assert bundle["tags"] == {"a": "1", "b": "ü"}
    # a disabled key can be read, listed, changed
    assert succeeded(keys.call("GET", "/keys/attributes")) == bundle


def test_update_merges_attributes_and_replaces_tags(keys):
    made = keys.create("updated", tags={"a": "1"}, attributes={"nbf": 5})
    steps = [
        ({}, {}),
        ({"attributes": {"exp": 4070908800}}, {"exp": 4070908800}),
        ({"attributes": {"enabled": False}}, {"enabled": False}),
        ({"attributes": {"nbf": None, "enabled": True}},
         {"nbf": None, "enabled": True}),
    ]
    expected = dict(made["attributes"])
    for body, changes in steps:
        bundle = succeeded(keys.call("PATCH", "/keys/updated/", body))
        expected.update(changes)
        seen = bundle["attributes"]
        for member in ("enabled", "nbf", "exp", "created"):
            assert seen.get(member) == expected.get(member), (member, body)
        assert seen["updated"] >= seen["created"]
        assert bundle["tags"] == {"a": "1"}
        assert bundle["key"] == made["key"]
    bundle = succeeded(keys.call("PATCH", "/keys/updated/",
                                 {"tags": {"b": "2"}}))
    assert bundle["tags"] == {"b": "2"}
    assert "tags" not in succeeded(keys.call("PATCH", "/keys/updated/",
                                             {"tags": {}}))
    versions = succeeded(keys.call("GET", "/keys/updated/versions"))
    assert len(versions["value"]) == 1


def test_update_of_key_ops(keys):
    """Of the version that is named, and of no other."""
    old, new = (keys.create("update-ops") for _ in range(2))
    path = f"/keys/update-ops/{version_of(old)}"
    key = succeeded(keys.call("PATCH", path, {"key_ops": ["verify"]}))["key"]
    assert key == {**old["key"], "key_ops": ["verify"]}
    assert succeeded(keys.call("GET", path))["key"] == key
    assert succeeded(keys.call("GET", "/keys/update-ops")) == new
    bad_parameter(keys.call("PATCH", path, {"key_ops": ["encrypt"]}))
    bad_parameter(keys.call("PATCH", path, {"key_ops": ["fly"]}))
    assert succeeded(keys.call("GET", path))["key"] == key


# --- lists --------------------------------------------------------------------

def test_lists_and_their_links(server):
    """Order, links, items without material; a vault without keys."""
    server.ctl("vault", "create", "paged")
    keys = Keys(server, server.grant(vault="paged"), "paged")
    for path in ("/keys", "/deletedkeys"):
        assert keys.call("GET", path).body == b'{"value":[],"nextLink":null}'
    names = ["b", "A", "a-", "C", "c0", "Z9", "z"]
    for name in names:
        keys.create(name, tags={"n": name})
    target = f"/keys?{API}&maxresults=3"
    found = []
    while target:
        page = succeeded(server.call("GET", target, token=keys.token,
                                     vault="paged"))
        assert list(page) == ["value", "nextLink"]
        assert len(page["value"]) <= 3
        for item in page["value"]:
            assert list(item) == ["kid", "attributes", "tags"]
            found.append(item["kid"].rsplit("/keys/", 1)[1])
            assert item["tags"] == {"n": found[-1]}
        target = page["nextLink"]
        if target:
            base = server.base_url("paged")
            assert target.startswith(f"{base}/keys?{API}&$skiptoken=")
            target = target[len(base):]
    assert found == sorted(names, key=str.upper)
    for count in ("0", "26", "x"):
        bad_parameter(server.call(
            "GET", f"/keys?{API}&maxresults={count}", token=keys.token,
            vault="paged"))


def test_keys_and_secrets_of_one_name(server, keys):
    """They live side by side: neither sees what happens to the other."""
    server.set("shared", "a secret")
    keys.create("shared")
    succeeded(keys.call("DELETE", "/keys/shared"))
    assert succeeded(server.get("shared"))["value"] == "a secret"
    succeeded(server.call("DELETE", f"/secrets/shared?{API}"))
    succeeded(keys.call("POST", "/deletedkeys/shared/recover"))
    succeeded(keys.call("GET", "/keys/shared"))
    refused(server.get("shared"), 404, "SecretNotFound")
    succeeded(server.call("DELETE", f"/deletedsecrets/shared?{API}"), 204)
    succeeded(keys.call("GET", "/keys/shared"))
    listed = succeeded(server.call("GET", f"/secrets?{API}"))["value"]
    assert not [item for item in listed if "/keys/" in item["id"]]
