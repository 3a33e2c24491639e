"""Bodies that clients must not send, those that look odd and must work, and the
documented answer to each."""

import json

import pytest

from support.checks import bad_parameter, refused, succeeded
from support.server import API

# after every case the secret that was there before still has its value, and the
# workers are those that were running before
pytestmark = pytest.mark.usefixtures("nothing_lost")


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
