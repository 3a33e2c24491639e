"""Answers: the challenge, headers, the order of members, and the documents of
the authority."""

import re
from urllib.parse import urlencode

import pytest

from support.checks import GUID, JSON_TYPE, VERSION, refused, succeeded
from support.server import API


# --- the challenge ----------------------------------------------------------------

@pytest.mark.parametrize("method, path", [
    ("GET", "/secrets/x"), ("PUT", "/secrets/x"), ("POST", "/secrets/restore"),
    ("PATCH", "/secrets/x/"), ("DELETE", "/secrets/x"), ("GET", "/secrets"),
    ("GET", "/no/such/route"), ("PUT", "/secrets/a.b"), ("FOO", "/secrets"),
    ("GET", "/secrets/x?api-version=nonsense")])
def test_challenge_comes_first(server, method, path):
    """No token and no body, as the clients send their first request."""
    target = path if "?" in path else f"{path}?{API}"
    answer = server.call(method, target, token=None, headers={
        "Content-Length": "0", "Content-Type": "application/json"})
    refused(answer, 401, "Unauthorized")
    challenges = answer.all("WWW-Authenticate")
    assert len(challenges) == 1
    match = re.fullmatch(
        r'Bearer authorization="(https://[^ ",]+)", resource="([^ ",]+)"',
        challenges[0])
    assert match, challenges[0]
    assert match[1] == f"{server.login}/{server.tenant}"
    assert match[2] == server.resource


def test_challenge_beside_a_wrong_token(server):
    answer = server.call("GET", f"/secrets/x?{API}", token="a.b.c")
    assert 'resource="' in answer.header("WWW-Authenticate")


# --- headers of every answer --------------------------------------------------------

def check_headers(server, answer, client_request_id):
    expected = {
        "Cache-Control": "no-cache", "Pragma": "no-cache", "Expires": "-1",
        "X-Content-Type-Options": "nosniff",
        "Strict-Transport-Security": "max-age=31536000;includeSubDomains",
        "x-ms-keyvault-network-info":
            "conn_type=Ipv4;addr=127.0.0.1;act_addr_fam=InterNetwork;",
    }
    for name, value in expected.items():
        assert answer.all(name) == [value], (name, answer)
    assert GUID.fullmatch(answer.header("x-ms-request-id"))
    assert answer.header("x-ms-keyvault-region")
    assert answer.header("x-ms-keyvault-service-version")
    assert answer.header("Date")
    assert answer.header("x-ms-client-request-id") == client_request_id
    if answer.status == 204:
        assert answer.header("Content-Type") is None
    else:
        assert answer.all("Content-Type") == [JSON_TYPE]
        assert int(answer.header("Content-Length")) == len(answer.body)
    for absent in ("ETag", "Last-Modified", "Accept-Ranges",
                   "Content-Encoding", "X-Powered-By"):
        assert answer.header(absent) is None, absent


def test_headers_of_every_kind_of_answer(server):
    name = "headers"
    steps = [
        (200, "PUT", f"/secrets/{name}", {"value": "x"}, True),
        (200, "GET", f"/secrets/{name}", None, True),
        (200, "GET", "/secrets", None, True),
        (400, "PUT", f"/secrets/{name}", b"x", True),
        (400, "GET", "/secrets/a.b", None, True),
        (401, "GET", f"/secrets/{name}", None, None),
        (403, "GET", f"/secrets/{name}", None, server.issuer.token("x")),
        (404, "GET", "/secrets/absent", None, True),
        (404, "GET", "/no/such", None, True),
        (405, "POST", f"/secrets/{name}", None, True),
        (200, "DELETE", f"/secrets/{name}", None, True),
        (409, "PUT", f"/secrets/{name}", {"value": "x"}, True),
        (204, "DELETE", f"/deletedsecrets/{name}", None, True),
    ]
    for number, (status, method, path, body, token) in enumerate(steps):
        for request_id in (None, f"request-{number}",
                           "6b2d9a10-5a07-4c8e-a4a6-3f7d6e7b8c90"):
            if request_id is not None and method in ("DELETE",):
                continue
            headers = ({"x-ms-client-request-id": request_id}
                       if request_id else {})
            answer = server.call(method, f"{path}?{API}", body, token,
                                 headers=headers)
            assert answer.status == status, (method, path, answer)
            check_headers(server, answer, request_id)


def test_request_ids_differ(server):
    ids = {server.call("GET", f"/secrets?{API}").header("x-ms-request-id")
           for _ in range(20)}
    assert len(ids) == 20


@pytest.mark.parametrize("value", ["x" * 5000, 'a"b\\c', "é", "a\tb"])
def test_odd_client_request_id(server, value):
    answer = server.call("GET", f"/secrets?{API}",
                         headers={"x-ms-client-request-id": value})
    succeeded(answer)
    echoed = answer.header("x-ms-client-request-id")
    assert echoed is None or echoed.encode("latin-1") == value.encode()


# --- bodies as they are written ------------------------------------------------------

def test_order_of_members_and_no_blanks(server):
    bundle = server.call(
        "PUT", f"/secrets/ordered?{API}",
        {"value": "v", "contentType": "text/plain", "tags": {"k": "w"},
         "attributes": {"enabled": True, "nbf": 1, "exp": 2}})
    version = VERSION.search(bundle.json["id"])[0]
    created = bundle.json["attributes"]["created"]
    expected = (
        '{"value":"v","contentType":"text/plain",'
        f'"id":"{server.base_url()}/secrets/ordered/{version}",'
        '"attributes":{"enabled":true,"nbf":1,"exp":2,'
        f'"created":{created},"updated":{created},'
        '"recoveryLevel":"Recoverable+Purgeable","recoverableDays":90},'
        '"tags":{"k":"w"}}')
    assert bundle.body.decode() == expected
    assert server.get("ordered").body.decode() == expected


def test_unset_members_are_left_out(server):
    bundle = server.set("bare", tags={}, contentType=None, attributes=None)
    assert set(bundle) == {"value", "id", "attributes"}
    assert set(bundle["attributes"]) == {
        "enabled", "created", "updated", "recoveryLevel", "recoverableDays"}


def test_members_by_version(server):
    server.set("versioned")

    def attributes(version):
        path = f"/secrets/versioned?api-version={version}"
        return succeeded(server.call("GET", path))["attributes"]

    assert "recoverableDays" not in attributes("7.0")
    assert attributes("7.1")["recoverableDays"] == 90
    assert "recoverableDays" in attributes("2025-07-01")


def test_empty_list(server):
    server.ctl("vault", "create", "empty")
    token = server.grant(vault="empty")
    for path in ("/secrets", "/deletedsecrets"):
        answer = server.call("GET", f"{path}?{API}", token=token,
                             vault="empty")
        assert answer.body == b'{"value":[],"nextLink":null}'


def test_list_order_and_links(server):
    server.ctl("vault", "create", "paged")
    token = server.grant(vault="paged")
    names = ["b", "A", "a-", "C", "c0", "Z9", "z", "0", "-"]

    def call(method, target, body=None):
        return server.call(method, target, body, token, "paged")

    for name in names:
        succeeded(call("PUT", f"/secrets/{name}?{API}", {"value": "x"}))
    target = f"/secrets?{API}&maxresults=2"
    found = []
    while target:
        page = succeeded(call("GET", target))
        assert len(page["value"]) <= 2
        found += [item["id"].rsplit("/", 1)[1] for item in page["value"]]
        for item in page["value"]:
            assert set(item) == {"id", "attributes"}
        target = page["nextLink"]
        if target:
            base = server.base_url("paged")
            assert target.startswith(f"{base}/secrets?{API}&$skiptoken=")
            assert target.endswith("&maxresults=2")
            target = target[len(base):]
    assert found == sorted(names, key=str.upper)


def test_names_keep_their_first_form(server):
    server.set("FirstForm", "one")
    bundle = server.set("firstform", "two")
    assert "/secrets/FirstForm/" in bundle["id"]
    assert succeeded(server.get("FIRSTFORM"))["value"] == "two"


# --- the authority's documents -------------------------------------------------------------

def login(server, method, target, headers=(), body=None):
    with server.connect() as connection:
        return connection.request(
            method, target, {"Host": f"login.localhost:{server.port}",
                             **dict(headers)}, body)


@pytest.mark.parametrize("path", [
    "/{tenant}/v2.0/.well-known/openid-configuration",
    "/{tenant}/.well-known/openid-configuration",
    "/adfs/.well-known/openid-configuration"])
def test_discovery(server, path):
    answer = login(server, "GET", path.format(tenant=server.tenant))
    document = succeeded_json(answer)
    for name in ("issuer", "authorization_endpoint", "token_endpoint",
                 "jwks_uri"):
        assert document[name].startswith(server.login), name
    if "adfs" in path:
        assert "/adfs/oauth2/token" in document["token_endpoint"]
    else:
        assert document["token_endpoint"] == (
            f"{server.login}/{server.tenant}/oauth2/v2.0/token")
    keys = login(server, "GET", document["jwks_uri"][len(server.login):])
    keys = succeeded_json(keys)["keys"]
    assert keys
    for key in keys:
        assert key["kty"] == "RSA" and key["kid"] and key["n"] and key["e"]
        assert not set(key) & {"d", "p", "q", "dp", "dq", "qi"}


def succeeded_json(answer):
    assert answer.status == 200, answer
    assert answer.header("Content-Type").startswith("application/json")
    return answer.json


def test_token_answer(server):
    principal = server.create_principal("protocol")
    answer = server.token_request(principal)
    document = succeeded_json(answer)
    assert document["token_type"] == "Bearer"
    assert 3000 < document["expires_in"] <= 3600
    assert document["ext_expires_in"] >= document["expires_in"]
    assert "no-store" in answer.header("Cache-Control")


@pytest.mark.parametrize("path", [
    "/{tenant}/oauth2/v2.0/token?client-request-id=x",
    "/{tenant}/oauth2/token", "/adfs/oauth2/token", "/adfs/oauth2/token/",
    "/{upper}/oauth2/v2.0/token"])
def test_token_endpoints(server, path, principal):
    form = {"grant_type": "client_credentials",
            "client_id": principal.client_id,
            "client_secret": principal.secret,
            "scope": f"{server.resource}//.default", "client_info": "1",
            "claims": '{"access_token":{"xms_cc":{"values":["CP1"]}}}'}
    if path.endswith("oauth2/token"):
        form["resource"] = server.resource
    answer = login(server, "POST",
                   path.format(tenant=server.tenant,
                               upper=server.tenant.upper()),
                   {"Content-Type": "application/x-www-form-urlencoded"},
                   urlencode(form).encode())
    token = succeeded_json(answer)["access_token"]
    server.allow(principal.object_id, "list")
    succeeded(server.call("GET", f"/secrets?{API}", token=token))


@pytest.fixture(scope="module")
def principal(server):
    return server.create_principal("endpoints")
