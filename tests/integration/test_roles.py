"""Vaults in which roles decide, on a real nginx: who has a role where, and
that one that is taken away is gone with the next request."""

import time
import uuid

import pytest

from support.load import Load
from support.server import API
from support.waiting import wait_until

ADMINISTRATOR = "Key Vault Administrator"
READER = "Key Vault Reader"
SECRETS_USER = "Key Vault Secrets User"
ROUNDS = 5


class Roles:
    """Roles of principals of the test issuer."""

    def __init__(self, server):
        self.server = server

    def assign(self, role, oid, *where):
        return self.server.ctl("role", "assign", "--role", role,
                               "--principal", oid, *where)["id"]

    def unassign(self, role, oid, *where):
        self.server.ctl("role", "unassign", "--role", role, "--principal", oid,
                        *where)

    def get(self, name, token, vault="roles"):
        return self.server.call("GET", f"/secrets/{name}?{API}", token=token,
                                vault=vault)


@pytest.fixture(scope="module")
def roles(server):
    """The vaults roles and other, with the secrets guarded and second."""
    roles = Roles(server)
    server.ctl("vault", "create", "roles", "--rbac")
    server.ctl("vault", "create", "other", "--rbac")
    oid = str(uuid.uuid4())
    roles.assign(ADMINISTRATOR, oid, "--scope", "/")
    roles.owner = server.issuer.token(oid)
    for vault in ("roles", "other"):
        for name in ("guarded", "second"):
            answer = server.call("PUT", f"/secrets/{name}?{API}",
                                 {"value": f"{vault} {name}"},
                                 token=roles.owner, vault=vault)
            assert answer.status == 200, answer
    roles.subscription = f"/subscriptions/{server.ctl('status')['installation']}"
    assert len(server.workers()) == 2
    return roles


@pytest.fixture
def caller(roles):
    """A principal without a role: its object id and its token."""
    oid = str(uuid.uuid4())
    return oid, roles.server.issuer.token(oid)


def header(answer):
    return answer.header("x-ms-keyvault-rbac-assignment-id")


def test_nobody_without_a_role(roles, caller):
    oid, token = caller
    answer = roles.get("guarded", token)
    assert answer.status == 403
    assert answer.json["error"]["code"] == "Forbidden"
    assert answer.json["error"]["innererror"] == {"code": "ForbiddenByRbac"}
    message = answer.json["error"]["message"]
    assert message.startswith(
        "Caller is not authorized to perform action on resource.\r\n")
    assert f"oid={oid};" in message
    assert ("\r\nAction: 'Microsoft.KeyVault/vaults/secrets/getSecret/action'"
            f"\r\nResource: '{roles.subscription}/resourcegroups/default"
            "/providers/microsoft.keyvault/vaults/roles/secrets/guarded'\r\n"
            ) in message
    assert header(answer) is None


def test_access_policies_are_ignored(roles, caller):
    oid, token = caller
    roles.server.allow(oid, "all", vault="roles")
    assert roles.get("guarded", token).status == 403


def test_roles_are_ignored_where_policies_decide(roles, caller):
    oid, token = caller
    roles.assign(ADMINISTRATOR, oid, "--vault", "demo")
    answer = roles.get("guarded", token, vault="demo")
    assert answer.status == 403
    assert answer.json["error"]["innererror"]["code"] == "AccessDenied"


@pytest.mark.parametrize("scope, roles_vault, other_vault", [
    ("/", 200, 200),
    ("{s}", 200, 200),
    ("{s}/resourceGroups/default", 200, 200),
    ("{v}/roles", 200, 403),
    ("{v}/roles/secrets/guarded", 200, 403),
    ("{v}/roles/secrets/second", 403, 403),
    ("{v}/other", 403, 200),
    ("{v}/other/secrets/guarded", 403, 200),
])
def test_scopes(roles, caller, scope, roles_vault, other_vault):
    oid, token = caller
    scope = scope.format(
        s=roles.subscription,
        v=f"{roles.subscription}/resourceGroups/default/providers/"
          "Microsoft.KeyVault/vaults")
    given = roles.assign(SECRETS_USER, oid, "--scope", scope)
    for vault, status in (("roles", roles_vault), ("other", other_vault)):
        answer = roles.get("guarded", token, vault)
        assert answer.status == status
        assert header(answer) == (given if status == 200 else None)
        if status == 200:
            assert answer.json["value"] == f"{vault} guarded"
    roles.unassign(SECRETS_USER, oid, "--scope", scope)
    for vault in ("roles", "other"):
        assert roles.get("guarded", token, vault).status == 403


def test_one_secret_only(roles, caller):
    oid, token = caller
    roles.assign(ADMINISTRATOR, oid, "--vault", "roles", "--object",
                 "secrets/guarded")
    assert roles.get("guarded", token).status == 200
    assert roles.get("second", token).status == 403
    assert roles.get("GUARDED", token).status == 200
    for path in ("/secrets", "/deletedsecrets", "/secrets/guarded/versions",
                 "/secrets/second/versions", "/keys"):
        assert roles.server.call("GET", f"{path}?{API}", token=token,
                                 vault="roles").status == 403
    answer = roles.server.call("PUT", f"/secrets/second?{API}", {"value": "x"},
                               token=token, vault="roles")
    assert answer.status == 403


def test_a_reader_sees_no_value(roles, caller):
    oid, token = caller
    roles.assign(READER, oid, "--vault", "roles")
    answer = roles.server.call("GET", f"/secrets?{API}", token=token,
                               vault="roles")
    assert answer.status == 200
    assert len(answer.json["value"]) == 2
    assert roles.get("guarded", token).status == 403


def test_groups(roles):
    group = str(uuid.uuid4())
    roles.assign(SECRETS_USER, group, "--vault", "roles", "--type", "Group")
    token = roles.server.issuer.token(str(uuid.uuid4()),
                                      groups=[str(uuid.uuid4()), group])
    assert roles.get("guarded", token).status == 200
    outside = roles.server.issuer.token(str(uuid.uuid4()),
                                        groups=[str(uuid.uuid4())])
    assert roles.get("guarded", outside).status == 403


def test_records(roles, caller):
    oid, token = caller
    refused, allowed = str(uuid.uuid4()), str(uuid.uuid4())

    def ask(correlation_id):
        roles.server.call("GET", f"/secrets/guarded?{API}", token=token,
                          vault="roles",
                          headers={"x-ms-client-request-id": correlation_id})

    ask(refused)
    given = roles.assign(SECRETS_USER, oid, "--vault", "roles")
    ask(allowed)
    wait_until(lambda: roles.server.records(allowed), "the record")
    [record] = roles.server.records(refused)
    assert record["properties"]["isRbacAuthorized"] is False
    assert "appliedAssignmentId" not in record["properties"]
    [record] = roles.server.records(allowed)
    assert record["properties"]["isRbacAuthorized"] is True
    assert record["properties"]["appliedAssignmentId"] == given
    assert "isAccessPolicyMatch" not in record["properties"]


@pytest.mark.parametrize("where", [
    ["--scope", "/"], ["--vault", "roles"],
    ["--vault", "roles", "--object", "secrets/guarded"]])
def test_role_revoked_under_load(roles, caller, where):
    oid, token = caller
    roles.assign(SECRETS_USER, oid, *where)
    with Load(roles.server, token, vault="roles") as load:
        load.both_workers_answer(200, 0)
        for _ in range(ROUNDS):
            roles.unassign(SECRETS_USER, oid, *where)
            revoked = time.monotonic()
            load.both_workers_answer(403, revoked)
            load.only(403, revoked)
            roles.assign(SECRETS_USER, oid, *where)
            granted = time.monotonic()
            load.both_workers_answer(200, granted)
            load.only(200, granted)
