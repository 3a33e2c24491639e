"""The module's variables in nginx's own directives."""

import json

from support.checks import succeeded
from support.server import API
from support.waiting import wait_until

CONFIG = """
load_module %%MODULE%%;
worker_processes 1;
pid %%PREFIX%%/nginx.pid;
error_log %%PREFIX%%/logs/error.log info;

events {
    worker_connections 128;
}

http {
    log_format facts escape=json
        '{"vault":"$vault_name","operation":"$vault_operation",'
        '"object":"$vault_object","version":"$vault_object_version",'
        '"principal":"$vault_principal","tenant":"$vault_tenant",'
        '"result":"$vault_result","correlation":"$vault_correlation_id",'
        '"status":"$status"}';
    access_log %%PREFIX%%/logs/facts.log facts;
    client_body_temp_path %%PREFIX%%/temp/body;

    # a budget for each principal; writes alone count
    map $vault_operation $write_budget {
        SecretSet $vault_principal;
        default "";
    }
    limit_req_zone $write_budget zone=writes:1m rate=1r/m;
    limit_req_status 429;

    vault_store %%STORE%%;
    vault_seal file %%SEAL%%;
    vault_authority issuer=https://issuer.test/ audience=%%RESOURCE%%
                    jwks=%%JWKS%% tenant=%%TENANT%%;

    server {
        listen 127.0.0.1:%%PORT%%;
        server_name *.vault.localhost;

        location / {
            limit_req zone=writes burst=3 nodelay;
            vault %%RESOURCE%%;
            add_header X-Operation $vault_operation always;
            add_header X-Result $vault_result always;
        }
    }

    # the same without a vault: variables are empty, nothing fails
    server {
        listen 127.0.0.1:%%PORT%%;
        server_name plain.localhost;

        location / {
            return 200 "[$vault_name$vault_operation$vault_principal]\\n";
        }
    }
}
"""


def facts(server, correlation_id):
    def find():
        lines = (server.prefix / "logs" / "facts.log").read_text().splitlines()
        found = [json.loads(line) for line in lines]
        return [f for f in found if f["correlation"] == correlation_id]
    return wait_until(find, "the access log has the request")[0]


def test_log_format(server):
    oid = "0c5b0f76-3a4e-4a52-9d3e-111111111111"
    server.allow(oid, "all")
    token = server.issuer.token(oid)
    number = 0

    def ask(method, path, body=None, token=token):
        nonlocal number
        number += 1
        correlation_id = f"0c5b0f76-3a4e-4a52-9d3e-{number:012d}"
        answer = server.call(method, f"{path}?{API}", body, token, headers={
            "x-ms-client-request-id": correlation_id})
        return answer, facts(server, correlation_id)

    bundle, fact = ask("PUT", "/secrets/Logged", {"value": "x"})
    assert fact["vault"].lower() == "demo"
    # names are matched without regard to case: one key for limit_req
    assert fact["operation"] == "SecretSet" and fact["object"] == "logged"
    assert fact["version"] == "" and fact["result"] == "OK"
    assert fact["principal"] == oid and fact["tenant"] == server.tenant
    version = bundle.json["id"].rsplit("/", 1)[1]
    _, fact = ask("GET", f"/secrets/Logged/{version}")
    assert fact["operation"] == "SecretGet" and fact["version"] == version
    _, fact = ask("GET", "/secrets/absent")
    assert fact["result"] == "SecretNotFound" and fact["status"] == "404"
    _, fact = ask("GET", "/secrets/Logged", token=None)
    assert fact["result"] == "Unauthorized" and fact["principal"] == ""
    assert fact["operation"] == "SecretGet"
    stranger = server.issuer.token("0c5b0f76-3a4e-4a52-9d3e-222222222222")
    _, fact = ask("GET", "/secrets/Logged", token=stranger)
    assert fact["result"] == "AccessDenied" and fact["status"] == "403"
    assert fact["principal"] == "0c5b0f76-3a4e-4a52-9d3e-222222222222"
    _, fact = ask("GET", "/secrets")
    assert fact["operation"] == "SecretList" and fact["object"] == ""


def test_header_variables(server):
    answer = server.call("GET", f"/secrets?{API}")
    assert answer.header("X-Operation") == "SecretList"
    assert answer.header("X-Result") == "OK"
    answer = server.call("GET", f"/secrets?{API}", token=None)
    assert answer.header("X-Result") == "Unauthorized"


def test_limit_for_each_principal(server):
    def write(token):
        return server.call("PUT", f"/secrets/limited?{API}", {"value": "x"},
                           token).status

    first, second = server.grant("all"), server.grant("all")
    statuses = [write(first) for _ in range(7)]
    assert statuses[:4] == [200] * 4 and statuses[4:] == [429] * 3
    # another principal has its own budget, and reading has none
    assert write(second) == 200
    for _ in range(10):
        succeeded(server.call("GET", f"/secrets/limited?{API}", token=first))


def test_limit_does_not_hide_the_challenge(server):
    for _ in range(10):
        answer = server.call("PUT", f"/secrets/x?{API}", {"value": "x"},
                             token=None)
        assert answer.status == 401


def test_variables_where_there_is_no_vault(server):
    with server.connect() as connection:
        answer = connection.request(
            "GET", "/", {"Host": f"plain.localhost:{server.port}"})
    assert answer.status == 200 and answer.body == b"[]\n"
