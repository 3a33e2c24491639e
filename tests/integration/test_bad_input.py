"""What clients must not send, and the documented answer to each of it: lists,
methods, routes, states, and the token endpoint."""

import urllib.parse

import pytest

from support.checks import bad_parameter, refused, succeeded
from support.server import API
from support.wire import request_bytes

# after every case the secret that was there before still has its value, and the
# workers are those that were running before
pytestmark = pytest.mark.usefixtures("nothing_lost")


# --- lists --------------------------------------------------------------------

@pytest.mark.parametrize("count", ["0", "26", "x", "-1", "", "1.5", "1x",
                                   "0x10", "%20", "9" * 30])
@pytest.mark.parametrize("path", ["/secrets", "/secrets/kept/versions",
                                  "/deletedsecrets"])
def test_max_results_outside_1_to_25(server, path, count):
    bad_parameter(server.call("GET", f"{path}?{API}&maxresults={count}"))


@pytest.mark.parametrize("count", [1, 25])
def test_max_results_at_its_ends(server, count):
    answer = server.call("GET", f"/secrets?{API}&maxresults={count}")
    assert 1 <= len(succeeded(answer)["value"]) <= count


@pytest.fixture(scope="module")
def next_link(server):
    """The path and query of a genuine second page."""
    server.set("page-a")
    server.set("page-b")
    page = succeeded(server.call("GET", f"/secrets?{API}&maxresults=1"))
    link = urllib.parse.urlsplit(page["nextLink"])
    succeeded(server.call("GET", f"{link.path}?{link.query}"))
    return link


def with_skip_token(link, token):
    query = urllib.parse.parse_qsl(link.query)
    query = [(k, token if k == "$skiptoken" else v) for k, v in query]
    return f"{link.path}?{urllib.parse.urlencode(query)}"


def test_skip_token_altered_anywhere(server, next_link):
    token = dict(urllib.parse.parse_qsl(next_link.query))["$skiptoken"]
    for place in range(len(token)):
        # the last character can hold bits that mean nothing
        letter = "A" if token[place] != "A" else "z"
        altered = token[:place] + letter + token[place + 1:]
        bad_parameter(server.call("GET", with_skip_token(next_link, altered)))
    for other in (token[:-4], token + "AAAA", token * 2, "x", "%%%",
                  "A" * 5000, "eyJOZXh0TWFya2VyIjoiYSJ9"):
        bad_parameter(server.call("GET", with_skip_token(next_link, other)))


def test_skip_token_of_another_list(server, next_link):
    for path in ("/deletedsecrets", "/secrets/kept/versions"):
        bad_parameter(server.call("GET", f"{path}?{next_link.query}"))


def test_skip_token_of_another_vault(server, next_link):
    server.ctl("vault", "create", "neighbour")
    token = server.grant(vault="neighbour")
    answer = server.call("GET", f"/secrets?{next_link.query}", token=token,
                         vault="neighbour")
    bad_parameter(answer)


# --- methods and routes ---------------------------------------------------------

WRONG_METHODS = [
    ("DELETE", "/secrets", {"GET"}),
    ("PUT", "/secrets", {"GET"}),
    ("POST", "/secrets/kept", {"GET", "PUT", "DELETE"}),
    ("OPTIONS", "/secrets/kept", {"GET", "PUT", "DELETE"}),
    ("PROPFIND", "/secrets/kept", {"GET", "PUT", "DELETE"}),
    ("LIST", "/secrets", {"GET"}),
    ("DELETE", "/secrets/kept/0123456789abcdef0123456789abcdef",
     {"GET", "PATCH"}),
    ("PUT", "/secrets/kept/0123456789abcdef0123456789abcdef",
     {"GET", "PATCH"}),
    ("POST", "/secrets/kept/versions", {"GET"}),
    ("GET", "/secrets/kept/backup", {"POST"}),
    ("PATCH", "/secrets/kept/backup", {"POST"}),
    ("POST", "/deletedsecrets", {"GET"}),
    ("PUT", "/deletedsecrets/kept", {"GET", "DELETE"}),
    ("GET", "/deletedsecrets/kept/recover", {"POST"}),
]


@pytest.mark.parametrize("method, path, allowed", WRONG_METHODS)
def test_wrong_method(server, method, path, allowed):
    answer = server.call(method, f"{path}?{API}")
    refused(answer, 405, "MethodNotAllowed")
    named = {part.strip() for part in answer.header("Allow").split(",")}
    assert allowed <= named and method not in named


@pytest.mark.parametrize("path", [
    "/", "/secret", "/secrets/kept/0123456789abcdef0123456789abcdef/more",
    "/secrets/kept/versions/more", "/deletedsecrets/kept/0123456789abcdef",
    "/deletedsecrets/kept/recover/now", "/healthz", "/.well-known/x",
    "/secrets/kept/pending/x/y/z"])
def test_unknown_route(server, path):
    refused(server.call("GET", f"{path}?{API}"), 404, "NotFound")
    refused(server.call("GET", f"{path}?{API}", token=None), 401,
            "Unauthorized")


@pytest.mark.parametrize("vault", ["nosuch", "x", "ab", "de-", "a--b", "-ab",
                                   "0abc", "a" * 25, "a" * 63, "demo.more",
                                   "demo2", "dem"])
def test_vault_that_does_not_exist(server, vault):
    answer = server.call("GET", f"/secrets/kept?{API}", vault=vault,
                         token=server.admin())
    refused(answer, 404, "VaultNotFound")
    answer = server.call("GET", f"/secrets/kept?{API}", vault=vault,
                         token=None)
    refused(answer, 401, "Unauthorized")


def test_deleted_vault(server):
    server.ctl("vault", "create", "passing")
    token = server.grant(vault="passing")
    path = f"/secrets/here?{API}"
    succeeded(server.call("PUT", path, {"value": "x"}, token, "passing"))
    server.ctl("vault", "delete", "passing")
    refused(server.call("GET", path, None, token, "passing"), 404,
            "VaultNotFound")
    server.ctl("vault", "recover", "passing")
    answer = server.call("GET", path, None, token, "passing")
    assert succeeded(answer)["value"] == "x"


# --- states ---------------------------------------------------------------------

def test_version_that_does_not_exist(server):
    for version in ("0" * 32, "f" * 32):
        refused(server.call("GET", f"/secrets/kept/{version}?{API}"), 404,
                "SecretNotFound")
        refused(server.call("PATCH", f"/secrets/kept/{version}?{API}", {}),
                404, "SecretNotFound")


@pytest.mark.parametrize("version", ["x", "0" * 31, "0" * 33, "g" * 32,
                                     "%2e%2e", "..%2F", "\xff", "0" * 5000])
def test_version_that_is_none(server, version):
    answer = server.call("GET", f"/secrets/kept/{version}?{API}")
    assert answer.status in (400, 404), answer
    assert answer.error[0] in ("BadParameter", "SecretNotFound")


def test_without_permission(server):
    token = server.issuer.token("5a1d4a0e-0c0e-4a77-9f29-aaaaaaaaaaaa")
    for method, path, body in (
            ("GET", "/secrets/kept", None), ("GET", "/secrets/absent", None),
            ("PUT", "/secrets/kept", {"value": "taken"}),
            ("DELETE", "/secrets/kept", None), ("GET", "/secrets", None),
            ("POST", "/secrets/kept/backup", None),
            ("PUT", "/secrets/kept", b"not JSON")):
        refused(server.call(method, f"{path}?{API}", body, token), 403,
                "Forbidden", "AccessDenied")


def test_disabled_secret(server):
    server.set("disabled", attributes={"enabled": False})
    refused(server.get("disabled"), 403, "Forbidden", "SecretDisabled")


def test_name_in_deleted_state(server):
    server.set("gone", "one")
    succeeded(server.call("DELETE", f"/secrets/gone?{API}"))
    refused(server.get("gone"), 404, "SecretNotFound")
    refused(server.call("PUT", f"/secrets/gone?{API}", {"value": "two"}), 409,
            "Conflict", "ObjectIsDeletedButRecoverable")
    refused(server.call("PUT", f"/secrets/GONE?{API}", {"value": "two"}), 409,
            "Conflict", "ObjectIsDeletedButRecoverable")
    refused(server.call("PATCH", f"/secrets/gone/?{API}", {}), 404,
            "SecretNotFound")
    refused(server.call("DELETE", f"/secrets/gone?{API}"), 404,
            "SecretNotFound")
    refused(server.call("POST", f"/secrets/gone/backup?{API}"), 404,
            "SecretNotFound")
    refused(server.call("GET", f"/secrets/gone/versions?{API}"), 404,
            "SecretNotFound")
    succeeded(server.call("POST", f"/deletedsecrets/gone/recover?{API}"))
    assert succeeded(server.get("gone"))["value"] == "one"


def test_recover_and_purge_of_what_is_not_deleted(server):
    for method, path in (("POST", "/deletedsecrets/kept/recover"),
                         ("DELETE", "/deletedsecrets/kept"),
                         ("GET", "/deletedsecrets/kept"),
                         ("POST", "/deletedsecrets/absent/recover")):
        refused(server.call(method, f"{path}?{API}"), 404, "SecretNotFound")


# --- the token endpoint -----------------------------------------------------------

def token_endpoint(server, body, content_type=None, path=None, method="POST"):
    path = path or f"/{server.tenant}/oauth2/v2.0/token"
    headers = {"Host": f"login.localhost:{server.port}",
               "Content-Type":
                   content_type or "application/x-www-form-urlencoded"}
    with server.connect() as connection:
        return connection.request(method, path, headers, body)


@pytest.mark.parametrize("body", [
    b"", b"{}", b"grant_type=password&username=a&password=b",
    b"grant_type=client_credentials",
    b"grant_type=client_credentials&client_id=x&client_secret=%00",
    b"grant_type=client_credentials&client_id=%ff&client_secret=y&scope=z",
    b"grant_type=client_credentials&grant_type=client_credentials",
    b"&&&===%%%", b"a=b" * 5000,
    b"grant_type=client_credentials&client_id=x&scope=y"
    b"&client_assertion=e30.e30.&client_assertion_type="
    b"urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer"])
def test_token_requests_that_are_refused(server, body):
    answer = token_endpoint(server, body)
    assert answer.status in (400, 401), answer
    assert "error" in answer.json and "access_token" not in answer.json


def test_token_request_of_10_megabytes(server):
    answer = token_endpoint(server, b"grant_type=" + b"x" * (10 << 20))
    assert answer.status == 413, answer


def test_token_endpoint_of_another_tenant_or_method(server):
    other = "/00000000-0000-4000-8000-000000000000/oauth2/v2.0/token"
    answer = token_endpoint(server, b"grant_type=client_credentials",
                            path=other)
    assert answer.status in (400, 404), answer
    answer = token_endpoint(server, None, method="GET")
    assert answer.status == 405 and "POST" in answer.header("Allow")


def test_wrong_secret_and_unknown_client(server):
    principal = server.create_principal("refused")
    answer = server.token_request(principal, client_secret="wrong")
    assert answer.status == 401, answer
    assert answer.json["error"] == "invalid_client"
    assert answer.json["error_codes"] == [7000215]
    assert answer.json["error_description"].startswith("AADSTS7000215")
    answer = server.token_request(
        principal, client_id="00000000-0000-4000-8000-000000000001")
    assert answer.status in (400, 401), answer
    assert answer.json["error"] == "unauthorized_client"
    assert answer.json["error_codes"] == [700016]
    answer = server.token_request(principal, scope="https://other/.default")
    assert answer.status in (400, 401), answer
    assert server.token_request(principal).status == 200


def test_bytes_that_are_no_request(server):
    for raw in (b"\x16\x03\x01\x02\x00\x01\x00", b"GET\r\n\r\n", b"\0" * 100,
                request_bytes("GET", "/secrets", {"Host": "a\0b"}),
                b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"):
        with server.connect() as connection:
            connection.send(raw)
            assert connection.at_end() or connection.buffer
