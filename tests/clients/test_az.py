"""The current Azure CLI against the server of `make run`.

Each test is what somebody does with it; those of one file share the vaults that
the first of them makes, as a session at a terminal does.
"""

import base64
import hashlib
import json
import os
import re
import socket
import subprocess

import pytest

from support.azure_cli import AZ, AzureCli
from support.paths import ROOT

pytestmark = [
    pytest.mark.skipif(bool(os.environ.get("SANITIZE")),
                       reason="make run starts what is not instrumented"),
]

# once a day the CLI looks there for a newer one of itself, and goes on without
UPDATES = "CONNECT azcliprod.blob.core.windows.net:443 HTTP/1.0"

GROUP, POLICIES, ROLES = "shop", "shop-policies", "shop-roles"
SOMEBODY = "7d2f1a40-36c5-4a8e-9a52-0b6a9c1d4e10"
DIGEST = base64.b64encode(hashlib.sha256(b"words").digest()).decode()


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


def tool(name, env):
    return subprocess.run([str(ROOT / "tools" / name)], cwd=ROOT, env=env,
                          capture_output=True, text=True, timeout=120)


@pytest.fixture(scope="module")
def running(tmp_path_factory):
    """What run/env says, of a folder and a port of the test's own."""
    folder = tmp_path_factory.mktemp("run")
    env = {**os.environ, "RUN_DIR": str(folder / "run"),
           "VAULT_PORT": str(free_port())}
    env.pop("NGINX", None)
    done = tool("run", env)
    assert done.returncode == 0, done.stdout + done.stderr
    text = (folder / "run" / "env").read_text()
    yield dict(re.findall(r"^export (\w+)='(.*)'$", text, re.M)), folder
    assert tool("stop", env).returncode == 0


@pytest.fixture(scope="module")
def az(running, tmp_path_factory):
    assert AZ.exists(), "make build/az/ready"
    cli = AzureCli(tmp_path_factory.mktemp("az"), running[0])
    subscription, = cli.login()
    assert subscription["id"] == running[0]["SUBSCRIPTION_ID"]
    yield cli
    cli.close()
    assert set(cli.elsewhere.asked) <= {UPDATES}, "somebody else was asked"


def vault_id(az, name):
    return (f"/subscriptions/{az.server['SUBSCRIPTION_ID']}/resourceGroups/"
            f"{GROUP}/providers/Microsoft.KeyVault/vaults/{name}")


def test_vaults_are_made_and_found(az):
    assert az("group", "create", "-n", GROUP, "-l", "local")["name"] == GROUP
    made = az("keyvault", "create", "-n", POLICIES, "-g", GROUP, "-l", "local",
              "--enable-rbac-authorization", "false", "--retention-days", "7")
    assert made["properties"]["enableRbacAuthorization"] is False
    assert made["properties"]["softDeleteRetentionInDays"] == 7
    made = az("keyvault", "create", "-n", ROLES, "-g", GROUP, "-l", "local",
              "--enable-rbac-authorization", "true")
    assert made["properties"]["enableRbacAuthorization"] is True
    assert made["id"] == vault_id(az, ROLES)
    names = {vault["name"] for vault in az("keyvault", "list")}
    assert names >= {"demo", POLICIES, ROLES}
    names = {vault["name"] for vault in az("keyvault", "list", "-g", GROUP)}
    assert names == {POLICIES, ROLES}
    # without its group: it is looked for
    assert az("keyvault", "show", "-n", POLICIES)["id"] == vault_id(
        az, POLICIES)
    changed = az("keyvault", "update", "-n", POLICIES, "--set", "tags.a=b")
    assert changed["tags"] == {"a": "b"}


def test_bad_names_and_taken_ones(az):
    assert "VaultNameNotValid" in az.fails(
        "keyvault", "create", "-n", "no--name", "-g", GROUP, "-l", "local")
    assert "already" in az.fails("keyvault", "create", "-n", POLICIES,
                                 "-g", GROUP, "-l", "local").lower()


def test_access_policies(az):
    given = az("keyvault", "set-policy", "-n", POLICIES,
               "--spn", az.server["CLIENT_ID"],
               "--secret-permissions", "all", "purge",
               "--key-permissions", "all", "purge")
    assert given["properties"]["accessPolicies"]
    given = az("keyvault", "set-policy", "-n", POLICIES,
               "--object-id", SOMEBODY, "--secret-permissions", "get", "list")
    assert SOMEBODY in {entry["objectId"]
                        for entry in given["properties"]["accessPolicies"]}
    left = az("keyvault", "delete-policy", "-n", POLICIES,
              "--object-id", SOMEBODY)
    assert SOMEBODY not in {entry["objectId"]
                            for entry in left["properties"]["accessPolicies"]}


def test_secrets(az, tmp_path):
    vault = ("--vault-name", POLICIES, "-n", "greeting")
    az("keyvault", "secret", "set", *vault, "--value", "hello")
    assert az("keyvault", "secret", "show", *vault)["value"] == "hello"
    assert len(az("keyvault", "secret", "list", "--vault-name", POLICIES)) == 1
    assert len(az("keyvault", "secret", "list-versions", *vault)) == 1
    az("keyvault", "secret", "set-attributes", *vault, "--enabled", "false")
    assert "disabled" in az.fails("keyvault", "secret", "show", *vault)
    az("keyvault", "secret", "set-attributes", *vault, "--enabled", "true")
    az("keyvault", "secret", "backup", *vault, "-f", str(tmp_path / "backup"))
    az("keyvault", "secret", "download", *vault, "-f", str(tmp_path / "value"))
    assert (tmp_path / "value").read_text() == "hello"
    az("keyvault", "secret", "delete", *vault)
    assert az("keyvault", "secret", "list-deleted", "--vault-name", POLICIES)
    assert az("keyvault", "secret", "show-deleted", *vault)["recoveryId"]
    az("keyvault", "secret", "recover", *vault)
    az("keyvault", "secret", "delete", *vault)
    az("keyvault", "secret", "purge", *vault)
    az("keyvault", "secret", "restore", "--vault-name", POLICIES,
       "-f", str(tmp_path / "backup"))
    assert az("keyvault", "secret", "show", *vault)["value"] == "hello"


def test_keys(az, tmp_path):
    vault = ("--vault-name", POLICIES, "-n", "signing")
    made = az("keyvault", "key", "create", *vault, "--kty", "RSA")
    assert made["key"]["kty"] == "RSA"
    assert az("keyvault", "key", "show", *vault)["key"] == made["key"]
    assert len(az("keyvault", "key", "list", "--vault-name", POLICIES)) == 1
    az("keyvault", "key", "set-attributes", *vault, "--tags", "a=b")
    sealed = az("keyvault", "key", "encrypt", *vault, "--algorithm",
                "RSA-OAEP-256", "--value", "aGVsbG8=")["result"]
    assert az("keyvault", "key", "decrypt", *vault, "--algorithm",
              "RSA-OAEP-256", "--value", sealed)["result"] == "aGVsbG8="
    signature = az("keyvault", "key", "sign", *vault, "--algorithm", "RS256",
                   "--digest", DIGEST)["signature"]
    assert az("keyvault", "key", "verify", *vault, "--algorithm", "RS256",
              "--digest", DIGEST, "--signature", signature)["isValid"] is True
    assert az("keyvault", "key", "get-policy-template")["anyOf"]
    (tmp_path / "policy.json").write_text(json.dumps({
        "lifetimeActions": [{"trigger": {"timeAfterCreate": "P90D"},
                             "action": {"type": "Rotate"}}],
        "attributes": {"expiryTime": "P2Y"}}))
    az("keyvault", "key", "rotation-policy", "update", *vault,
       "--value", str(tmp_path / "policy.json"))
    assert az("keyvault", "key", "rotation-policy", "show",
              *vault)["expiresIn"] == "P2Y"
    assert az("keyvault", "key", "rotate",
              *vault)["key"]["kid"] != made["key"]["kid"]
    assert len(az("keyvault", "key", "list-versions", *vault)) == 2
    az("keyvault", "key", "backup", *vault, "-f", str(tmp_path / "backup"))
    az("keyvault", "key", "download", *vault, "-f", str(tmp_path / "pem"))
    assert "PUBLIC KEY" in (tmp_path / "pem").read_text()
    az("keyvault", "key", "delete", *vault)
    assert az("keyvault", "key", "list-deleted", "--vault-name", POLICIES)
    az("keyvault", "key", "recover", *vault)
    az("keyvault", "key", "delete", *vault)
    assert az("keyvault", "key", "show-deleted", *vault)["recoveryId"]
    az("keyvault", "key", "purge", *vault)
    az("keyvault", "key", "restore", "--vault-name", POLICIES,
       "-f", str(tmp_path / "backup"))
    subprocess.run(["openssl", "genrsa", "-out", str(tmp_path / "key.pem"),
                    "2048"], check=True, capture_output=True)
    assert az("keyvault", "key", "import", "--vault-name", POLICIES,
              "-n", "brought", "--pem-file", str(tmp_path / "key.pem"))


def test_roles(az):
    secret = ("--vault-name", ROLES, "-n", "name")
    assert "ForbiddenByRbac" in az.fails("keyvault", "secret", "set", *secret,
                                         "--value", "v")
    role = "Key Vault Secrets Officer"
    definition, = az("role", "definition", "list", "--name", role)
    assert definition["name"] == "b86a8fe4-44ce-4948-aee5-eccb2c155cd7"
    given = az("role", "assignment", "create", "--role", role,
               "--assignee", az.server["CLIENT_ID"],
               "--scope", vault_id(az, ROLES))
    assert given["scope"] == vault_id(az, ROLES)
    az("keyvault", "secret", "set", *secret, "--value", "v")
    listed = az("role", "assignment", "list", "--scope", vault_id(az, ROLES))
    assert [entry["roleDefinitionName"] for entry in listed] == [role]
    az("role", "assignment", "delete", "--role", role,
       "--assignee", az.server["CLIENT_ID"], "--scope", vault_id(az, ROLES))
    assert "ForbiddenByRbac" in az.fails("keyvault", "secret", "show", *secret)


def test_network_rules(az):
    rule = ("-n", POLICIES, "--ip-address")
    az("keyvault", "network-rule", "add", *rule, "203.0.113.0/24")
    rules = az("keyvault", "network-rule", "list", "-n", POLICIES)
    assert rules["ipRules"] == [{"value": "203.0.113.0/24"}]
    az("keyvault", "update", "-n", POLICIES, "--default-action", "Deny")
    show = ("keyvault", "secret", "show", "--vault-name", POLICIES,
            "-n", "greeting")
    assert "ForbiddenByFirewall" in az.fails(*show)
    az("keyvault", "network-rule", "add", *rule, "127.0.0.0/8")
    assert az(*show)["value"] == "hello"
    az("keyvault", "update", "-n", POLICIES, "--default-action", "Allow")
    for address in ("127.0.0.0/8", "203.0.113.0/24"):
        az("keyvault", "network-rule", "remove", *rule, address)


def test_diagnostic_settings(az, running):
    setting = ("--resource", vault_id(az, POLICIES))
    logs = json.dumps([{"category": "AuditEvent", "enabled": True}])
    create = ("monitor", "diagnostic-settings", "create", "-n", "copy",
              *setting, "--logs", logs, "--storage-account")
    assert "configured" in az.fails(
        *create, "/subscriptions/x/resourceGroups/x/providers/"
        "Microsoft.Storage/storageAccounts/elsewhere")
    az(*create, "/subscriptions/local/resourceGroups/local/providers/"
       "Microsoft.Storage/storageAccounts/audit")
    assert [entry["name"] for entry in az(
        "monitor", "diagnostic-settings", "list", *setting)] == ["copy"]
    az("keyvault", "secret", "show", "--vault-name", POLICIES, "-n", "greeting")
    destination, = [path for path in (running[1] / "run" / "logs").iterdir()
                    if path.name not in ("audit.log", "error.log")
                    and POLICIES.upper() in path.read_text()]
    record, = [line for line in destination.read_text().splitlines()
               if '"SecretGet"' in line]
    assert f"/RESOURCEGROUPS/{GROUP.upper()}/" in record
    az("monitor", "diagnostic-settings", "show", "-n", "copy", *setting)
    az("monitor", "diagnostic-settings", "delete", "-n", "copy", *setting)


def test_locks_deletion_and_purge(az):
    az("lock", "create", "-n", "keep", "--lock-type", "CanNotDelete",
       "--resource-group", GROUP)
    assert [lock["name"] for lock in az("lock", "list")] == ["keep"]
    assert "ScopeLocked" in az.fails("keyvault", "delete", "-n", ROLES)
    az("lock", "delete", "-n", "keep", "--resource-group", GROUP)
    az("keyvault", "delete", "-n", ROLES)
    assert [vault["name"] for vault in az("keyvault", "list-deleted")] == [
        ROLES]
    assert az("keyvault", "show-deleted", "-n", ROLES)["name"] == ROLES
    az("keyvault", "recover", "-n", ROLES)
    assert az("keyvault", "show", "-n", ROLES)["name"] == ROLES
    az("keyvault", "delete", "-n", ROLES)
    az("keyvault", "purge", "-n", ROLES)
    assert az("keyvault", "list-deleted") == []


def test_a_group_is_deleted_with_its_vaults(az):
    """And each can be had back, in a group of that name."""
    az("group", "create", "-n", "brief", "-l", "local", "--tags", "a=b")
    made, name = ("-g", "brief", "-l", "local"), "brief-vault"
    az("keyvault", "create", "-n", name, *made)
    assert [group["name"] for group in az("group", "list", "--tag", "a=b")] \
        == ["brief"]
    lock = ("lock", "create", "-n", "keep", "--lock-type", "ReadOnly")
    az(*lock, "--resource-group", "brief", "--resource-name", name,
       "--resource-type", "Microsoft.KeyVault/vaults")
    delete = ("group", "delete", "-n", "brief", "--yes")
    assert "ScopeLocked" in az.fails(*delete)
    az("lock", "delete", "-n", "keep", "--resource-group", "brief",
       "--resource-name", name, "--resource-type", "Microsoft.KeyVault/vaults")
    az(*delete)
    assert az("group", "exists", "-n", "brief") is False
    assert [vault["name"] for vault in az("keyvault", "list-deleted")] == [name]
    az("group", "create", "-n", "brief", "-l", "local")
    az("keyvault", "recover", "-n", name)
    assert az("keyvault", "show", "-n", name)["resourceGroup"] == "brief"
    az(*delete)
    az("keyvault", "purge", "-n", name)


def test_private_endpoints(az):
    links = ("private-link-resource", "list")
    assert az("keyvault", *links, "--vault-name", POLICIES, "-g", GROUP) == []
    assert "ResourceNotFound" in az.fails(
        "keyvault", "private-endpoint-connection", "show", "-n", "mine",
        "--vault-name", POLICIES, "-g", GROUP)
