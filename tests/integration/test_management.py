"""The management plane on a running server: roles that are taken away by it,
the planes of tokens, and what the data plane does with what it changes."""

import time
import uuid

import pytest

from support import config
from support.load import Load
from support.server import API

VALUES = {"HTTP": config.MANAGEMENT}

OWNER = "Owner"
SECRETS_USER = "4633458b-17de-408a-b874-0445c86b69e6"
SECRETS_OFFICER = "Key Vault Secrets Officer"
ARM = "api-version=2022-04-01"
ROUNDS = 3


class Management:
    """The plane, as a principal with the role Owner calls it."""

    def __init__(self, server):
        self.server = server
        self.owner = str(uuid.uuid4())
        server.assign(self.owner, OWNER)
        self.token = server.issuer.token(self.owner, aud=server.management)
        self.vaults = (f"/subscriptions/{server.subscription}/resourceGroups/"
                       "default/providers/Microsoft.KeyVault/vaults/")

    def call(self, method, target, body=None, token=None):
        return self.server.call(
            method, target, body, token=token or self.token,
            headers={"Host": f"management.localhost:{self.server.port}"})

    def assignment(self, vault, name):
        return (f"{self.vaults}{vault}/providers/Microsoft.Authorization/"
                f"roleAssignments/{name}?{ARM}")

    def assign(self, vault, name, oid):
        return self.call("PUT", self.assignment(vault, name), {"properties": {
            "roleDefinitionId": f"/subscriptions/{self.server.subscription}"
            "/providers/Microsoft.Authorization/roleDefinitions/"
            + SECRETS_USER,
            "principalId": oid, "principalType": "ServicePrincipal"}})


@pytest.fixture(scope="module")
def management(server):
    management = Management(server)
    server.ctl("vault", "create", "roles", "--rbac")
    officer = str(uuid.uuid4())
    server.assign(officer, SECRETS_OFFICER)
    answer = server.call("PUT", f"/secrets/guarded?{API}", {"value": "v"},
                         token=server.issuer.token(officer), vault="roles")
    assert answer.status == 200, answer
    assert len(server.workers()) == 2
    return management


def test_assignment_deleted_under_load(management, server):
    """From the answer to DELETE on not one more read succeeds."""
    oid, name = str(uuid.uuid4()), str(uuid.uuid4())
    assert management.assign("roles", name, oid).status == 201
    with Load(server, server.issuer.token(oid), vault="roles") as load:
        load.both_workers_answer(200, 0)
        for _ in range(ROUNDS):
            answer = management.call("DELETE",
                                     management.assignment("roles", name))
            assert answer.status == 200, answer
            revoked = time.monotonic()
            load.both_workers_answer(403, revoked)
            load.only(403, revoked)
            assert management.assign("roles", name, oid).status == 201
            granted = time.monotonic()
            load.both_workers_answer(200, granted)
            load.only(200, granted)


def test_tokens_are_for_one_plane(management, server):
    """A token for vaults opens nothing here, nor one for here a vault."""
    vaults = server.issuer.token(management.owner)
    answer = management.call("GET", f"{management.vaults}demo?{ARM}",
                             token=vaults)
    assert answer.status == 401
    answer = server.call("GET", f"/secrets?{API}", token=management.token)
    assert answer.status == 401


def test_firewall_of_a_vault(management, server):
    """A rule that the plane sets decides the next request, and not there."""
    server.admin()
    vault = f"{management.vaults}demo?api-version=2023-07-01"
    assert server.call("GET", f"/secrets?{API}").status == 200
    for rules, status in (([], 403), (["127.0.0.0/8"], 200),
                          (["192.0.2.0/24"], 403)):
        answer = management.call("PATCH", vault, {"properties": {
            "networkAcls": {"defaultAction": "Deny", "bypass": "None",
                            "ipRules": [{"value": rule} for rule in rules]}}})
        assert answer.status == 200, answer
        answer = server.call("GET", f"/secrets?{API}")
        assert answer.status == status, answer
        if status == 403:
            assert answer.error == ("Forbidden", "ForbiddenByFirewall")
    answer = management.call("PATCH", vault, {"properties": {
        "publicNetworkAccess": "Disabled"}})
    assert answer.status == 200, answer
    assert server.call("GET", f"/secrets?{API}").error == (
        "Forbidden", "ForbiddenByConnection")
    answer = management.call("PATCH", vault, {"properties": {
        "publicNetworkAccess": "Enabled",
        "networkAcls": {"defaultAction": "Allow", "bypass": "None"}}})
    assert answer.status == 200, answer
    assert server.call("GET", f"/secrets?{API}").status == 200
