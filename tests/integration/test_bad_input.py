"""What clients must not send, and the documented answer to each of it.

After every case the secret that was there before still has its value and the
workers are those that were running before.
"""

import json
import urllib.parse

import pytest

from support.checks import bad_parameter, refused, succeeded
from support.server import API
from support.wire import request_bytes

KEPT_VALUE = "kept through everything"


@pytest.fixture(scope="module")
def kept(server):
    server.set("kept", KEPT_VALUE)
    return server


@pytest.fixture(autouse=True)
def nothing_lost(kept):
    yield
    assert succeeded(kept.get("kept"))["value"] == KEPT_VALUE


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


# --- dates --------------------------------------------------------------------

@pytest.mark.parametrize("member", ["nbf", "exp"])
@pytest.mark.parametrize("date", [0, 1, -1, -2147483648, 2147483647,
                                  2147483648, 4070908800, 253402300799])
def test_dates_that_are_kept(server, member, date):
    bundle = server.set("dated", attributes={member: date})
    assert bundle["attributes"][member] == date
    assert succeeded(server.get("dated"))["attributes"][member] == date


@pytest.mark.parametrize("member", ["nbf", "exp"])
@pytest.mark.parametrize("date", [
    '"tomorrow"', '"1"', "1.5", "1e400", "true", "[]", "{}",
    "9223372036854775808", "-9223372036854775809", "1" + "0" * 400])
def test_dates_that_are_not_integers(server, member, date):
    body = '{"value":"x","attributes":{"%s":%s}}' % (member, date)
    bad_parameter(server.call("PUT", f"/secrets/undated?{API}", body.encode()))
    server.set("undated-kept")
    body = '{"attributes":{"%s":%s}}' % (member, date)
    bad_parameter(server.call("PATCH", f"/secrets/undated-kept/?{API}",
                              body.encode()))


# --- values -------------------------------------------------------------------

@pytest.mark.parametrize("value", [
    "a" * 25600, "é" * 12800, "\U0001F511" * 6400, "\u0001" * 25600,
    "\"" * 25600, "\\" * 25600, "\u007f\u0080\u2028\ufeff\uffff", " ", "",
    "</script>", "\ud7ff\ue000", "\t\r\n\b\f"],
    ids=["ascii", "two-byte", "four-byte", "control", "quotes", "backslashes",
         "edges", "blank", "empty", "markup", "around surrogates", "short"])
def test_values_that_are_kept(server, value):
    assert server.set("sized", value)["value"] == value
    assert succeeded(server.get("sized"))["value"] == value


@pytest.mark.parametrize("value", [
    "a" * 25601, "a" + "é" * 12800, "\U0001F511" * 6400 + "a",
    "\u0001" * 25601, "a" * 100000],
    ids=["ascii", "two-byte", "four-byte", "control", "long"])
def test_values_too_long(server, value):
    bad_parameter(server.call("PUT", f"/secrets/oversized?{API}",
                              {"value": value}))
    refused(server.get("oversized"), 404, "SecretNotFound")


# --- bodies -------------------------------------------------------------------

DEEP = 100000
BODIES = {
    "empty": b"",
    "blank": b"   ",
    "text": b"value=x",
    "cut": b'{"value":"x"',
    "cut in a string": b'{"value":"x',
    "array": b'["value"]',
    "string": b'"value"',
    "null": b"null",
    "number": b"1",
    "two documents": b'{"value":"x"}{"value":"y"}',
    "something behind": b'{"value":"x"} x',
    "comment": b'{"value":"x"/**/}',
    "comma at the end": b'{"value":"x",}',
    "single quotes": b"{'value':'x'}",
    "no value": b"{}",
    "value null": b'{"value":null}',
    "value number": b'{"value":1}',
    "value object": b'{"value":{}}',
    "value array": b'{"value":["x"]}',
    "value in another case": b'{"Value":"x"}',
    "not UTF-8": b'{"value":"\xff"}',
    "cut UTF-8": b'{"value":"\xe2\x82"}',
    "overlong UTF-8": b'{"value":"\xc0\xaf"}',
    "surrogate as UTF-8": b'{"value":"\xed\xa0\x80"}',
    "not UTF-8 in a name": b'{"value":"x","\xff":1}',
    "lone surrogate": b'{"value":"\\ud800"}',
    "swapped surrogates": b'{"value":"\\udc00\\ud800"}',
    "UTF-16": '{"value":"x"}'.encode("utf-16"),
    "bad escape": b'{"value":"\\x41"}',
    "raw control": b'{"value":"a\nb"}',
    "raw NUL": b'{"value":"a\0b"}',
    "escaped NUL": b'{"value":"a\\u0000b"}',
    "NUL in a tag": b'{"value":"x","tags":{"k":"a\\u0000b"}}',
    "NUL in a tag's name": b'{"value":"x","tags":{"a\\u0000b":"v"}}',
    "NUL behind": b'{"value":"x"}\0',
    "deep arrays": b'{"value":"x","tags":' + b"[" * DEEP,
    "deep arrays, closed":
        b'{"value":"x","tags":' + b"[" * DEEP + b"]" * DEEP + b"}",
    "deep objects":
        b'{"a":' * 20000 + b'{"value":"x"}' + b"}" * 20000,
    "deep unknown member":
        b'{"value":"x","z":' + b"[" * 40 + b"]" * 40 + b"}",
    "value twice": b'{"value":"a","value":"b"}',
    "value twice, escaped": b'{"value":"a","valu\\u0065":"b"}',
    "attribute twice":
        b'{"value":"a","attributes":{"enabled":true,"enabled":false}}',
    "tag twice": b'{"value":"a","tags":{"k":"1","k":"2"}}',
    "attributes array": b'{"value":"a","attributes":[]}',
    "enabled string": b'{"value":"a","attributes":{"enabled":"yes"}}',
    "enabled number": b'{"value":"a","attributes":{"enabled":1}}',
    "tags array": b'{"value":"a","tags":[]}',
    "tags string": b'{"value":"a","tags":"k"}',
    "tag number": b'{"value":"a","tags":{"k":1}}',
    "tag object": b'{"value":"a","tags":{"k":{}}}',
    "tag name too long":
        b'{"value":"a","tags":{"' + b"k" * 513 + b'":"v"}}',
    "tag value too long":
        b'{"value":"a","tags":{"k":"' + b"v" * 513 + b'"}}',
    "16 tags": json.dumps({
        "value": "a", "tags": {f"k{i}": "v" for i in range(16)}}).encode(),
    "contentType number": b'{"value":"a","contentType":1}',
    "contentType too long":
        b'{"value":"a","contentType":"' + b"c" * 256 + b'"}',
}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES.keys())
def test_bodies_that_are_refused(server, body):
    bad_parameter(server.call("PUT", f"/secrets/never?{API}", body))
    refused(server.get("never"), 404, "SecretNotFound")


def test_no_body_at_all(server):
    bad_parameter(server.call("PUT", f"/secrets/never?{API}"))


@pytest.mark.parametrize("body", [
    b"", b"[]", b"x", b'{"value":1}', b"{}", b'{"value":""}',
    b'{"value":"not a backup"}', b'{"value":"' + b"A" * 5000 + b'"}',
    b'{"value":"\\u0000"}'])
def test_restore_of_what_is_no_backup(server, body):
    bad_parameter(server.call("POST", f"/secrets/restore?{API}", body))


def test_15_tags_and_longest_tags(server):
    tags = {f"k{i}" + "k" * 500: "v" * 512 for i in range(15)}
    assert server.set("tagged", tags=tags)["tags"] == tags
    assert succeeded(server.get("tagged"))["tags"] == tags


def test_unknown_members_are_ignored(server):
    bundle = server.set("more", "x", unknown={"a": [1]}, id="no", managed=True)
    assert bundle["value"] == "x" and "unknown" not in bundle
    assert "managed" not in bundle


def test_longest_content_type(server):
    assert server.set("typed", contentType="c" * 255)["contentType"] == (
        "c" * 255)


@pytest.mark.parametrize("content_type", [
    "text/plain", "application/x-www-form-urlencoded", "",
    "application/json;charset=utf-16"])
def test_content_type_of_the_request(server, content_type):
    answer = server.call("PUT", f"/secrets/typed-request?{API}",
                         {"value": "x"},
                         headers={"Content-Type": content_type})
    assert answer.status in (200, 400, 415), answer


TOO_LARGE = 10 * 1024 * 1024


def test_body_of_10_megabytes(server):
    body = b'{"value":"' + b"x" * TOO_LARGE + b'"}'
    answer = server.call("PUT", f"/secrets/huge?{API}", body)
    refused(answer, 413, "RequestBodyTooLarge")
    refused(server.get("huge"), 404, "SecretNotFound")


def test_body_of_10_megabytes_where_none_is_expected(server):
    with server.connect() as connection:
        answer = server.call("POST", f"/secrets/kept/backup?{API}",
                             b"x" * TOO_LARGE, connection=connection)
        assert answer.status in (200, 413), answer
    with server.connect() as connection:
        answer = server.call("GET", f"/secrets/kept?{API}",
                             b"x" * TOO_LARGE, connection=connection)
        assert answer.status in (200, 413), answer


def chunked(body, size):
    chunks = [body[i:i + size] for i in range(0, len(body), size)]
    return b"".join(b"%x\r\n%s\r\n" % (len(c), c) for c in chunks) + (
        b"0\r\n\r\n")


def put_chunked(server, name, raw):
    headers = server.headers(more={"Transfer-Encoding": "chunked",
                                   "Content-Type": "application/json"})
    with server.connect() as connection:
        return connection.request("PUT", f"/secrets/{name}?{API}", headers,
                                  raw)


@pytest.mark.parametrize("size", [1, 7, 4096, 100000])
def test_chunked_body(server, size):
    value = "chunked " * 1000
    body = json.dumps({"value": value}).encode()
    succeeded(put_chunked(server, f"chunked-{size}", chunked(body, size)))
    assert succeeded(server.get(f"chunked-{size}"))["value"] == value


def test_chunked_body_of_10_megabytes(server):
    raw = chunked(b'{"value":"' + b"x" * TOO_LARGE + b'"}', 65536)
    refused(put_chunked(server, "huge", raw), 413, "RequestBodyTooLarge")


def test_broken_chunks(server):
    answer = put_chunked(server, "never", b"zz\r\n{}\r\n0\r\n\r\n")
    assert answer.status == 400
    refused(server.get("never"), 404, "SecretNotFound")


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
    answer = token_endpoint(server, b"grant_type=" + b"x" * TOO_LARGE)
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
