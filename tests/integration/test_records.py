"""Access records: one line of JSON an operation, whatever its outcome."""

import json
import re
import uuid
from datetime import datetime, timezone

import pytest

from support.checks import succeeded
from support.server import API
from support.waiting import wait_until
from support.wire import request_bytes

ORDER = ["time", "category", "operationName", "resultType",
         "resultDescription", "correlationId", "callerIpAddress", "identity",
         "properties", "resourceId", "operationVersion", "resultSignature",
         "durationMs"]
PROPERTIES = {"id", "clientInfo", "httpStatusCode", "requestUri",
              "isAccessPolicyMatch", "tlsVersion"}
SIGNATURES = {200: "OK", 204: "No Content", 400: "Bad Request",
              401: "Unauthorized", 403: "Forbidden", 404: "Not Found",
              405: "Method Not Allowed", 409: "Conflict"}


def recorded(server, method, target, body=None, token=True, **options):
    """Makes a request and returns (its answer, its one record)."""
    correlation_id = str(uuid.uuid4())
    headers = {"x-ms-client-request-id": correlation_id,
               "User-Agent": 'tests/1.0 (a "quoted" \\ name)'}
    answer = server.call(method, target, body, token, headers=headers,
                         **options)
    # the record of a mutation is written before its answer; those of reads
    # with the turn of the event loop
    wait_until(lambda: server.records(correlation_id), f"record of {target}")
    records = server.records(correlation_id)
    assert len(records) == 1, records
    check_record(server, records[0], answer)
    return answer, records[0]


def check_record(server, record, answer):
    assert list(record) == [m for m in ORDER if m in record], list(record)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{7}Z",
                        record["time"])
    when = datetime.fromisoformat(record["time"][:26] + "+00:00")
    assert abs((datetime.now(timezone.utc) - when).total_seconds()) < 60
    assert record["category"] == "AuditEvent"
    assert record["resultType"] == "Success"
    assert record["resultSignature"] == SIGNATURES[answer.status]
    assert isinstance(record["durationMs"], str)
    assert 0 <= int(record["durationMs"]) < 60000
    assert record["callerIpAddress"] == "127.0.0.1"
    properties = record["properties"]
    assert set(properties) <= PROPERTIES, properties
    assert properties["httpStatusCode"] == answer.status
    assert properties["clientInfo"] == 'tests/1.0 (a "quoted" \\ name)'
    assert properties["requestUri"].startswith(f"{server.base_url()}/")
    if answer.status >= 400:
        assert record["resultDescription"] == answer.message
    else:
        assert "resultDescription" not in record


OPERATIONS = [
    ("SecretSet", "PUT", "/secrets/recorded", {"value": "x"}, 200),
    ("SecretSet", "PUT", "/secrets/recorded", {"value": "y"}, 200),
    ("SecretGet", "GET", "/secrets/recorded", None, 200),
    ("SecretUpdate", "PATCH", "/secrets/recorded/",
     {"contentType": "a"}, 200),
    ("SecretList", "GET", "/secrets", None, 200),
    ("SecretListVersions", "GET", "/secrets/recorded/versions", None, 200),
    ("SecretBackup", "POST", "/secrets/recorded/backup", None, 200),
    ("SecretDelete", "DELETE", "/secrets/recorded", None, 200),
    ("SecretGetDeleted", "GET", "/deletedsecrets/recorded", None, 200),
    ("SecretListDeleted", "GET", "/deletedsecrets", None, 200),
    ("SecretRecover", "POST", "/deletedsecrets/recorded/recover", None, 200),
    ("SecretDelete", "DELETE", "/secrets/recorded", None, 200),
    ("SecretPurge", "DELETE", "/deletedsecrets/recorded", None, 204),
    ("SecretRestore", "POST", "/secrets/restore", "the backup", 200),
]


def test_every_operation(server):
    backup = None
    for name, method, path, body, status in OPERATIONS:
        if body == "the backup":
            body = backup
        answer, record = recorded(server, method, f"{path}?{API}", body)
        assert answer.status == status, answer
        assert record["operationName"] == name
        assert record["operationVersion"] == "7.5"
        assert record["properties"]["requestUri"] == (
            f"{server.base_url()}{path}?{API}")
        assert record["properties"]["isAccessPolicyMatch"] is True
        assert re.fullmatch(
            r"/SUBSCRIPTIONS/[0-9A-F-]{36}/RESOURCEGROUPS/[^/]+/PROVIDERS/"
            r"MICROSOFT\.KEYVAULT/VAULTS/DEMO", record["resourceId"])
        if name == "SecretBackup":
            backup = answer.json
        if name in ("SecretList", "SecretListDeleted"):
            assert "id" not in record["properties"]
        elif name in ("SecretSet", "SecretGet", "SecretUpdate",
                      "SecretDelete", "SecretRecover", "SecretRestore"):
            assert record["properties"]["id"] == answer.json["id"]


def test_identity(server):
    oid = str(uuid.uuid4())
    server.allow(oid, "get", "set")
    token = server.issuer.token(oid, upn="somebody@issuer.test")
    _, record = recorded(server, "PUT", f"/secrets/who?{API}",
                         {"value": "x"}, token)
    claim = record["identity"]["claim"]
    for name, value in (("oid", oid), ("appid", oid), ("idtyp", "app"),
                        ("iss", server.issuer.issuer),
                        ("aud", server.resource)):
        assert claim[name] == value, name
    assert claim["uti"]
    for name in ("iat", "nbf", "exp"):
        assert re.fullmatch(r"\d+", str(claim[name])), name


def test_refusals(server):
    server.set("refusing", attributes={"enabled": False})
    stranger = server.issuer.token(str(uuid.uuid4()))
    cases = [
        ("Authentication", "GET", "/secrets/x", None, None, 401, None),
        ("Authentication", "PUT", "/secrets/x", {"value": "v"}, None, 401,
         None),
        ("Authentication", "GET", "/secrets/x", None, "a.b.c", 401, None),
        ("SecretGet", "GET", "/secrets/x", None, stranger, 403, False),
        ("SecretSet", "PUT", "/secrets/x", {"value": "v"}, stranger, 403,
         False),
        ("SecretGet", "GET", "/secrets/absent", None, True, 404, True),
        ("SecretGet", "GET", "/secrets/refusing", None, True, 403, True),
        ("SecretGet", "GET", "/secrets/a.b", None, True, 400, None),
        ("SecretSet", "PUT", "/secrets/x", b"not JSON", True, 400, True),
    ]
    for name, method, path, body, token, status, match in cases:
        answer, record = recorded(server, method, f"{path}?{API}", body,
                                  token)
        assert answer.status == status, answer
        assert record["operationName"] == name, (path, record)
        properties = record["properties"]
        assert properties.get("isAccessPolicyMatch") is match, (path, record)
        if status == 401:
            assert record["identity"] == {"claim": {}}
        else:
            assert record["identity"]["claim"]["oid"]
        if status in (403, 404):
            # with its version where that is known
            assert properties["id"].startswith(f"{server.base_url()}{path}")


def test_unknown_routes_and_methods_leave_a_record(server):
    answer, record = recorded(server, "GET", f"/no/such/route?{API}")
    assert answer.status == 404 and record["operationName"]
    answer, record = recorded(server, "POST", f"/secrets/x?{API}")
    assert answer.status == 405 and record["operationName"]


def test_unknown_vault_leaves_a_record(server):
    correlation_id = str(uuid.uuid4())
    answer = server.call("GET", f"/secrets/x?{API}", token=server.admin(),
                         vault="nosuch",
                         headers={"x-ms-client-request-id": correlation_id})
    assert answer.status == 404
    wait_until(lambda: server.records(correlation_id), "the record")
    assert server.records(correlation_id)[0]["resourceId"].endswith("/NOSUCH")


def test_correlation_id_is_the_clients_only_if_it_is_a_guid(server):
    answer = server.call("GET", f"/secrets?{API}",
                         headers={"x-ms-client-request-id": "no guid"})
    request_id = answer.header("x-ms-request-id")
    wait_until(lambda: server.records(request_id), "the record")
    answer = server.call("GET", f"/secrets?{API}")
    request_id = answer.header("x-ms-request-id")
    wait_until(lambda: server.records(request_id), "the record")


@pytest.mark.parametrize("method, path, body", [
    ("PUT", "/secrets/first-{id}", {"value": "x"}),
    ("DELETE", "/secrets/order", None)])
def test_a_mutations_record_is_there_before_its_answer(server, method, path,
                                                       body):
    server.set("order")
    correlation_id = str(uuid.uuid4())
    path = path.format(id=correlation_id)
    succeeded(server.call(method, f"{path}?{API}", body,
                          headers={"x-ms-client-request-id": correlation_id}))
    # at once, without waiting
    assert len(server.records(correlation_id)) == 1


def test_tls_version(server):
    correlation_id = str(uuid.uuid4())
    headers = {"Host": f"demo.vault.localhost:{server.tls_port}",
               "Authorization": f"Bearer {server.admin()}",
               "x-ms-client-request-id": correlation_id}
    with server.connect(tls=True) as connection:
        succeeded(connection.request("GET", f"/secrets?{API}", headers))
    wait_until(lambda: server.records(correlation_id), "the record")
    record = server.records(correlation_id)[0]
    assert record["properties"]["tlsVersion"] == "TLS1_3"
    assert record["properties"]["requestUri"] == (
        f"{server.vault_url()}/secrets?{API}")


def test_token_requests(server):
    principal = server.create_principal("recorded")
    for secret, status in ((principal.secret, 200), ("wrong-hush", 401)):
        before = len(server.records())
        answer = server.token_request(principal, client_secret=secret)
        assert answer.status == status
        wait_until(lambda: len(server.records()) > before, "the record")
        record = server.records()[-1]
        assert record["operationName"] == "TokenIssue"
        assert record["properties"]["httpStatusCode"] == status
        assert record["identity"]["claim"]["appid"] == principal.client_id
        assert secret not in json.dumps(record)


def test_one_line_an_operation(server):
    before = len(server.records())
    with server.connect() as connection:
        for _ in range(200):
            succeeded(server.call("GET", f"/secrets?{API}",
                                  connection=connection))
    wait_until(lambda: len(server.records()) >= before + 200, "all records")
    assert len(server.records()) == before + 200


@pytest.mark.parametrize("odd", [
    b'line\x0bbreak', b'quote" and \\', "é🔑".encode(), b"\xff\xfe",
    b"</script>", b"\x7f"])
def test_no_input_breaks_the_lines(server, odd):
    """Each line stays one JSON document whatever a client sends."""
    before = len(server.records())
    headers = list(server.headers().items())
    headers += [("User-Agent", odd), ("x-ms-client-request-id", odd)]
    with server.connect() as connection:
        connection.request("GET", f"/secrets?{API}", headers)
        connection.request("GET", b"/secrets/a" + odd.replace(b" ", b"")
                           + b"?" + API.encode(), headers)
    wait_until(lambda: len(server.records()) > before, "a record")
    text = server.audit_log.read_bytes()
    assert text.endswith(b"\n")
    for line in text.splitlines():
        assert json.loads(line.decode("utf-8"))["category"] == "AuditEvent"


def test_never_a_value_or_a_token(server):
    value = f"hush-{uuid.uuid4()}"
    tag = "a tag may be recorded, a value never"
    server.set("hush", value, tags={"k": tag})
    server.call("GET", f"/secrets/hush?{API}")
    server.call("PUT", f"/secrets/a.b?{API}", {"value": value})
    server.call("PUT", f"/secrets/hush?{API}", {"value": [value]})
    server.call("PUT", f"/secrets/hush?{API}", {"value": value}, token=None)
    backup = succeeded(server.call("POST", f"/secrets/hush/backup?{API}"))
    server.call("POST", f"/secrets/restore?{API}", backup)
    end = server.call("GET", f"/secrets?{API}").header("x-ms-request-id")
    wait_until(lambda: server.records(end), "the last record")
    text = server.audit_log.read_text()
    assert value not in text
    assert backup["value"][:60] not in text
    token = server.admin()
    assert token not in text and token.rpartition(".")[2] not in text
    log = server.log_text()
    assert value not in log and token.rpartition(".")[2] not in log


def test_half_requests_leave_no_broken_line(server):
    raw = request_bytes("PUT", f"/secrets/half?{API}",
                        server.headers(more={"Content-Length": "50"}),
                        b'{"value":"ha')
    connection = server.connect()
    connection.send(raw)
    connection.close()
    server.set("whole")
    for record in server.records():
        assert record["category"] == "AuditEvent"
