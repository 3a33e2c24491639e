"""vaultctl role: roles, and who has which where."""

import re
import uuid

import pytest

from support.ctl import CONFLICT, NOT_FOUND, USAGE, Ctl

GUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
OWNER = "8e3af657-a8ff-443c-a75c-2fe8c4bcb635"
SECRETS_USER = "4633458b-17de-408a-b874-0445c86b69e6"


@pytest.fixture
def ctl(tmp_path):
    ctl = Ctl(tmp_path)
    ctl.text("init")
    ctl.text("vault", "create", "demo", "--rbac")
    ctl.text("principal", "create", "somebody")
    return ctl


def vault_scope(ctl, vault="demo"):
    return (f"/subscriptions/{ctl.json('status')['installation']}"
            "/resourceGroups/default/providers/Microsoft.KeyVault/vaults/"
            f"{vault}")


def test_list(ctl):
    roles = {role["name"]: role for role in ctl.json("role", "list")}
    assert len(roles) == 18
    assert roles["Owner"]["id"] == OWNER
    assert all(role["builtIn"] and role["description"]
               and re.fullmatch(GUID, role["id"]) for role in roles.values())
    assert "Key Vault Crypto User" in ctl.text("role", "list")


def test_first_administrator(ctl):
    made = ctl.json("role", "assign", "--role", "Owner", "--principal",
                    "somebody", "--scope", "/")
    assert re.fullmatch(GUID, made["id"])
    assert made["created"] > 1700000000
    assert {key: made[key] for key in ("role", "roleId", "name", "scope")} == {
        "role": "Owner", "roleId": OWNER, "name": "somebody", "scope": "/"}
    assert ctl.json("role", "assignments") == [made]


def test_scopes(ctl):
    scope = vault_scope(ctl)
    given = ["--role", "Key Vault Secrets User", "--principal", "somebody"]
    for where, expected in (
            (["--vault", "DEMO"], scope),
            (["--vault", "demo", "--object", "secrets/x"],
             f"{scope}/secrets/x"),
            (["--scope", f"{scope}/keys/x/".upper().replace(
                "/VAULTS/DEMO/KEYS/X/", "/vaults/demo/keys/x/")],
             f"{scope}/keys/x"),
            (["--scope", scope.split("/providers")[0]],
             scope.split("/providers")[0])):
        made = ctl.json("role", "assign", *given, *where)
        assert made["scope"].lower() == expected.lower()
        assert ctl.code("role", "assign", *given, *where) == CONFLICT
    assert len(ctl.json("role", "assignments")) == 4
    assert len(ctl.json("role", "assignments", "--vault", "demo")) == 3
    assert len(ctl.json("role", "assignments", "--vault", "demo",
                        "--object", "secrets/x")) == 1
    assert len(ctl.json("role", "assignments", "--scope", "/")) == 4


def test_principals(ctl):
    outside = str(uuid.uuid4())
    ctl.text("role", "assign", "--role", SECRETS_USER.upper(), "--principal",
             outside.upper(), "--vault", "demo", "--type", "group")
    ctl.text("role", "assign", "--role", SECRETS_USER, "--principal",
             "somebody", "--vault", "demo")
    [of_outside] = ctl.json("role", "assignments", "--principal",
                            outside.upper())
    assert of_outside["principal"] == outside
    assert of_outside["name"] == ""
    [of_somebody] = ctl.json("role", "assignments", "--principal", "somebody")
    assert of_somebody["name"] == "somebody"


def test_unassign(ctl):
    words = ["--role", "owner", "--principal", "somebody", "--vault", "demo"]
    assert ctl.code("role", "unassign", *words) == NOT_FOUND
    ctl.text("role", "assign", *words)
    assert ctl.code("role", "unassign", *words, "--object",
                    "secrets/x") == NOT_FOUND
    assert ctl.text("role", "unassign", *words) == ""
    assert ctl.json("role", "assignments") == []


def test_a_deleted_vault_has_none(ctl):
    words = ["--role", "owner", "--principal", "somebody", "--vault", "demo"]
    ctl.text("role", "assign", *words)
    ctl.text("vault", "delete", "demo")
    assert ctl.json("role", "assignments") == []
    assert ctl.code("role", "assign", *words) == NOT_FOUND
    ctl.text("vault", "recover", "demo")
    assert ctl.json("role", "assignments") == []


@pytest.mark.parametrize("words, code", [
    ("assign --role Owner --principal somebody", USAGE),
    ("assign --role Owner --scope /", USAGE),
    ("assign --principal somebody --scope /", USAGE),
    ("assign --role Owner --principal somebody --scope / --vault demo", USAGE),
    ("assign --role Owner --principal somebody --scope / --object keys/x",
     USAGE),
    ("assign --role Owner --principal somebody --scope demo", USAGE),
    ("assign --role Owner --principal somebody --scope /subscriptions/x",
     USAGE),
    ("assign --role Owner --principal somebody --vault demo --object x",
     USAGE),
    ("assign --role Owner --principal somebody --scope / --type robot", USAGE),
    ("assign --role Emperor --principal somebody --scope /", NOT_FOUND),
    ("assign --role Owner --principal nobody --scope /", NOT_FOUND),
    ("assign --role Owner --principal somebody --vault none", NOT_FOUND),
    ("unassign --role Owner --principal somebody", USAGE),
    ("assignments --vault none", NOT_FOUND),
    ("assignments --principal nobody", NOT_FOUND),
    ("assignments --object secrets/x", USAGE),
])
def test_refusals(ctl, words, code):
    assert ctl.code("role", *words.split()) == code
    assert ctl.json("role", "assignments") == []
