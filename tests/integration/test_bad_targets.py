"""Names, targets and api-versions that clients must not send, those that look
odd and must work, and the documented answer to each."""

import urllib.parse

import pytest

from support.checks import KEPT_VALUE, bad_parameter, refused, succeeded
from support.server import API

# after every case the secret that was there before still has its value, and the
# workers are those that were running before
pytestmark = pytest.mark.usefixtures("nothing_lost")


# --- names ------------------------------------------------------------------

LEGAL = set(b"0123456789abcdefghijklmnopqrstuvwxyz"
            b"ABCDEFGHIJKLMNOPQRSTUVWXYZ-")
ILLEGAL = [byte for byte in range(1, 256) if byte not in LEGAL]
# these separate the parts of a target unless they are percent-encoded, and
# nginx refuses the others in a request line by itself
NEVER_LITERAL = set(b"/?#%&") | set(range(0x21)) | {0x7f}
INVALID_NAME = "The request URI contains an invalid name: "


def invalid_name(answer, name):
    bad_parameter(answer, INVALID_NAME + name)


@pytest.mark.parametrize("byte", ILLEGAL, ids=lambda b: f"{b:02x}")
def test_illegal_character_percent_encoded(server, byte):
    target = f"/secrets/na%{byte:02X}me?{API}"
    for method, body in (("GET", None), ("PUT", {"value": "x"})):
        answer = server.call(method, target, body)
        if 0x20 <= byte < 0x7f:
            invalid_name(answer, f"na{chr(byte)}me")
        else:
            bad_parameter(answer)


@pytest.mark.parametrize(
    "byte", [b for b in ILLEGAL if b not in NEVER_LITERAL],
    ids=lambda b: f"{b:02x}")
def test_illegal_character_as_it_is(server, byte):
    target = b"/secrets/na" + bytes([byte]) + f"me?{API}".encode()
    bad_parameter(server.call("GET", target))


@pytest.mark.parametrize("byte", [0x00, 0x01, 0x0b, 0x7f, 0x20],
                         ids=lambda b: f"{b:02x}")
def test_control_character_in_the_request_line(server, byte):
    # nginx refuses some of these before the module sees the request
    target = b"/secrets/na" + bytes([byte]) + f"me?{API}".encode()
    assert server.call("GET", target).status in (400, 404, 505)


def test_percent_encoded_nul(server):
    assert server.call("GET", f"/secrets/na%00me?{API}").status == 400


@pytest.mark.parametrize("name", ["a%2Fb", "a%2fb", "%2F", "kept%2F",
                                  "a%2Fversions", "%2e%2e%2fkept"])
def test_percent_encoded_slash_never_separates(server, name):
    invalid_name(server.call("GET", f"/secrets/{name}?{API}"),
                 urllib.parse.unquote(name))


def test_percent_encoded_slash_between_collection_and_name(server):
    refused(server.call("GET", f"/secrets%2Fkept?{API}"), 404, "NotFound")


@pytest.mark.parametrize("name", ["a.b", "%2e", "%2e%2e", "...", "a%2e",
                                  "kept.json"])
def test_dots(server, name):
    invalid_name(server.call("GET", f"/secrets/{name}?{API}"),
                 urllib.parse.unquote(name))


@pytest.mark.parametrize("path", [
    "/secrets/../secrets/kept", "/secrets/./kept", "/secrets/x/../kept",
    "/../../etc/passwd", "/secrets/../../etc/passwd"])
def test_dot_segments_are_not_resolved(server, path):
    answer = server.call("GET", f"{path}?{API}")
    assert answer.status in (400, 404), answer
    assert KEPT_VALUE not in answer.body.decode()


@pytest.mark.parametrize("length, allowed", [(1, True), (127, True),
                                             (128, False), (2000, False)])
def test_name_length(server, length, allowed):
    name = "n" * length
    answer = server.call("PUT", f"/secrets/{name}?{API}", {"value": "x"})
    if allowed:
        assert succeeded(answer)["value"] == "x"
    else:
        bad_parameter(answer)


@pytest.mark.parametrize("name", ["0", "-", "-a-", "123", "restore",
                                  "versions", "backup", "recover"])
def test_names_that_look_odd_and_are_legal(server, name):
    succeeded(server.call("PUT", f"/secrets/{name}?{API}", {"value": name}))
    assert succeeded(server.get(name))["value"] == name


@pytest.mark.parametrize("percent", ["%", "%4", "%zz", "%u0041"])
def test_broken_percent_encoding(server, percent):
    answer = server.call("GET", f"/secrets/a{percent}?{API}")
    assert answer.status == 400, answer


# --- targets that clients really send, which must work ------------------------

@pytest.mark.parametrize("target", [
    "/secrets/kept/?{api}", "/secrets/kept?{api}", "//secrets/kept?{api}",
    "//secrets/kept/?{api}", "/secrets/kept//?{api}",
    "/secrets/KEPT?{api}", "/secrets/Kept/?{api}",
    "/secrets/kept?api%2Dversion=7.5", "/secrets/kept?api%2dversion=7.5",
    "/secrets/kept?%61pi-version=7%2E5", "/secrets/%6bept?{api}",
    "/secrets/kept?unknown=1&{api}&another", "/secrets/kept?&{api}&",
    "/secrets/kept/?{api}&=x"])
def test_targets_that_work(server, target):
    answer = server.call("GET", target.format(api=API))
    bundle = succeeded(answer)
    assert bundle["value"] == KEPT_VALUE
    assert "/secrets/kept/" in bundle["id"]


def test_trailing_slash_means_the_current_version_for_patch(server):
    server.set("patched", "one")
    answer = server.call("PATCH", f"/secrets/patched/?{API}",
                         {"contentType": "text/plain"})
    assert succeeded(answer)["contentType"] == "text/plain"
    assert succeeded(server.get("patched"))["contentType"] == "text/plain"


@pytest.mark.parametrize("host", [
    "DEMO.VAULT.LOCALHOST", "Demo.vault.localhost"])
def test_host_names_without_regard_to_case(server, host):
    answer = server.call("GET", f"/secrets/kept?{API}",
                         headers={"Host": f"{host}:{server.port}"})
    assert succeeded(answer)["value"] == KEPT_VALUE


def test_absolute_form_of_the_target(server):
    url = f"{server.base_url()}/secrets/kept?{API}"
    assert succeeded(server.call("GET", url))["value"] == KEPT_VALUE


def test_method_override(server):
    server.set("overridden", "one")
    answer = server.call("POST", f"/secrets/overridden/?{API}",
                         {"contentType": "a"},
                         headers={"X-HTTP-METHOD": "PATCH"})
    assert succeeded(answer)["contentType"] == "a"


# --- api-version --------------------------------------------------------------

@pytest.mark.parametrize("version", [
    "2015-06-01", "2016-10-01", "7.0", "7.1", "7.2", "7.3", "7.4", "7.5",
    "7.6", "2025-07-01"])
def test_listed_api_versions(server, version):
    answer = server.call("GET", f"/secrets/kept?api-version={version}")
    assert succeeded(answer)["value"] == KEPT_VALUE


@pytest.mark.parametrize("query", [
    "", "?", "?api-version", "?api-version=", "?API=7.5", "?maxresults=1"])
def test_no_api_version(server, query):
    bad_parameter(server.call("GET", f"/secrets/kept{query}"))


@pytest.mark.parametrize("version", [
    "7.9", "7", "7.50", "8.0", "1", "latest", "7.5%00", "7.5%20", "x" * 3000,
    "2025-07-02", "7.5/", "%C3%BC", "%22%5C", "%FF", "%0D%0A"])
def test_unknown_api_version(server, version):
    answer = server.call("GET", f"/secrets/kept?api-version={version}")
    bad_parameter(answer)
    if version == "7.9":
        assert answer.message.startswith(
            "The specified version (7.9) is not recognized. "
            "Consider using the latest supported version (")


@pytest.mark.parametrize("query", [
    "api-version=7.4&api-version=7.5", "api-version=7.5&api-version=7.5",
    "api-version=7.5&api%2Dversion=7.4", "api-version=7.5&api-version="])
def test_repeated_api_version(server, query):
    bad_parameter(server.call("GET", f"/secrets/kept?{query}"))
