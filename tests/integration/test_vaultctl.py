"""vaultctl, as docs/vaultctl.md describes it: commands, output, exit codes."""

import os
import re
import stat
import subprocess
import uuid

import pytest

from support.checks import succeeded
from support.ctl import (
    CONFLICT, FAILED, NOT_FOUND, NOT_OPENED, OK, USAGE, Ctl)
from support.paths import ROOT, VAULTCTL
from support.pki import make_client_certificate
from support.server import VaultServer

GUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
SECRET = re.compile(r"^[A-Za-z0-9_-]{43}$")

COMMANDS = [
    "init", "status", "vault create", "vault list", "vault show",
    "vault delete", "vault recover", "vault purge", "vault rotate-key",
    "principal create", "principal list", "principal delete",
    "principal reset-secret", "principal federate add",
    "principal federate list", "principal federate remove",
    "policy set", "policy delete", "policy show", "role list", "role assign",
    "role unassign", "role assignments", "authority rotate-key",
]


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    """A store for tests that change nothing which others see."""
    ctl = Ctl(tmp_path_factory.mktemp("vaultctl"))
    ctl.text("init")
    ctl.text("vault", "create", "demo")
    ctl.text("principal", "create", "somebody")
    return ctl


@pytest.fixture
def ctl(tmp_path):
    ctl = Ctl(tmp_path)
    ctl.text("init")
    return ctl


# --- the command line

def test_help_of_the_program():
    done = subprocess.run([VAULTCTL, "--help"], capture_output=True, text=True)
    assert done.returncode == OK
    for command in COMMANDS:
        assert f"\n  {command}" in done.stdout
    assert "Exit codes" in done.stdout and "Example" in done.stdout
    assert max(map(len, done.stdout.splitlines())) <= 80


@pytest.mark.parametrize("command", COMMANDS)
def test_help_of_a_command(tmp_path, command):
    # neither store nor operands are needed for it
    done = Ctl(tmp_path).run(*command.split(), "--help", VAULT_STORE="")
    assert done.returncode == OK and done.stderr == ""
    assert done.stdout.startswith(f"Usage: vaultctl {command}")
    assert f"Example:\n  vaultctl {command}" in done.stdout
    for line in done.stdout.splitlines():
        assert len(line) <= 80, line


@pytest.mark.parametrize(
    "noun", ["vault", "principal", "policy", "role", "authority"])
def test_help_of_a_noun(tmp_path, noun):
    done = Ctl(tmp_path).run(noun, "--help")
    assert done.returncode == OK
    assert f"\n  {noun} " in done.stdout and "Example" in done.stdout
    assert Ctl(tmp_path).run("--help", noun).stdout == done.stdout


def test_version(shared):
    assert re.fullmatch(r"vaultctl \d+\.\d+\.\d+\n", shared.text("--version"))
    assert shared.json("status")["version"] in shared.text("--version")


@pytest.mark.parametrize("arguments", [
    "", "nothing", "vault", "vault nothing", "vault create", "vault list more",
    "vault show demo more", "policy set demo", "--unknown status",
    "-h", "status --unknown", "status --json=yes", "vault create x --yes",
    "vault create more --retention-days", "vault create more --retention-days=",
    "vault create more --retention-days 6", "vault create more --retention-days 91",
    "vault create more --retention-days 30d", "vault create more --retention-days -7",
    "vault create more --retention-days 30 --retention-days 31",
    "vault create ab", "vault create 1abc", "vault create a--b",
    "vault create more --group a/b", "vault create more --group a.",
    "vault create more --location a_b", "vault create more --rbac=yes",
    "vault create -- --help", "vault create abcdefghijklmnopqrstuvwxy",
    "policy set demo somebody", "policy set demo somebody --secrets get,fly",
    "policy set demo somebody --secrets get,,list",
    "policy set demo somebody --keys get --application nobody",
    "principal create x --no-secret --output file",
    "init --max-size 0", "init --max-size 16x", "init --max-size g",
    "init --max-size 99999999999999999999", "init --max-size 9999999t",
    "init --tenant 1234",
])
def test_wrong_usage(shared, arguments):
    before = shared.json("status")
    assert shared.code(*arguments.split()) == USAGE
    assert shared.json("status") == before
    assert not (shared.folder / "file").exists()


@pytest.mark.parametrize("missing", ["VAULT_STORE", "VAULT_SEAL"])
def test_store_and_seal_must_be_named(shared, missing):
    done = shared.run("status", **{missing: ""})
    assert done.returncode == USAGE
    assert missing in done.stderr


def test_options_go_before_the_environment(shared, tmp_path):
    nowhere = str(tmp_path / "nowhere")
    done = shared.run("--store", shared.store, f"--seal={shared.seal}",
                      "vault", "--json", VAULT_STORE=nowhere,
                      VAULT_SEAL=nowhere)
    assert done.returncode == USAGE, "--json is no verb"
    done = shared.run("--store", shared.store, f"--seal={shared.seal}",
                      "vault", "list", VAULT_STORE=nowhere, VAULT_SEAL=nowhere)
    assert done.returncode == OK
    assert shared.run("--store", nowhere, "status").returncode == NOT_OPENED


@pytest.mark.parametrize("arguments, code", [
    ("vault show nobody", NOT_FOUND), ("vault delete nobody", NOT_FOUND),
    ("vault recover nobody", NOT_FOUND), ("vault purge nobody --yes", NOT_FOUND),
    ("vault rotate-key nobody", NOT_FOUND),
    ("vault create demo", CONFLICT), ("vault create DEMO", CONFLICT),
    ("vault recover demo", CONFLICT), ("vault purge demo --yes", CONFLICT),
    ("principal create somebody", CONFLICT),
    ("principal delete nobody", NOT_FOUND),
    ("principal reset-secret nobody", NOT_FOUND),
    ("policy show nobody", NOT_FOUND),
    ("policy set nobody somebody --secrets get", NOT_FOUND),
    ("policy set demo nobody --secrets get", NOT_FOUND),
    ("policy delete demo somebody", NOT_FOUND),
    ("policy delete demo nobody", NOT_FOUND),
    ("principal create x --certificate missing.pem", FAILED),
])
def test_exit_codes(shared, arguments, code):
    before = shared.json("status")
    assert shared.code(*arguments.split()) == code
    assert shared.json("status") == before


# --- init, status, seal

def test_init(tmp_path):
    ctl = Ctl(tmp_path)
    tenant = str(uuid.uuid4())
    answer = ctl.json("init", "--tenant", tenant, "--max-size", "64m")
    assert answer["tenant"] == tenant
    assert re.fullmatch(GUID, answer["installation"])
    assert isinstance(answer["created"], int)
    assert stat.S_IMODE(ctl.seal.stat().st_mode) == 0o600
    assert stat.S_IMODE(ctl.store.stat().st_mode) == 0o700
    status = ctl.json("status")
    assert status["installation"] == answer["installation"]
    assert status["bytesLimit"] == 64 << 20
    assert status["vaults"] == status["principals"] == 0


def test_init_leaves_a_store_as_it_is(ctl):
    before = ctl.json("status")
    assert ctl.code("init") == CONFLICT
    assert ctl.json("status") == before


def test_init_with_another_seal_leaves_nothing_behind(ctl):
    other = ctl.folder / "other.key"
    assert ctl.code("init", "--seal", other) == NOT_OPENED
    assert not other.exists()
    assert ctl.json("status")["vaults"] == 0


def test_init_takes_the_seal_that_is_there(ctl, tmp_path):
    key = ctl.seal.read_bytes()
    ctl.text("init", "--store", tmp_path / "second")
    assert ctl.seal.read_bytes() == key


def test_the_seal_must_be_closed_to_others(ctl):
    ctl.seal.chmod(0o640)
    assert ctl.code("status") == NOT_OPENED
    assert "0600" in ctl.run("status").stderr
    ctl.seal.chmod(0o400)
    ctl.text("status")


def test_a_foreign_seal_opens_nothing(ctl, tmp_path):
    ctl.text("init", "--store", tmp_path / "second", "--seal",
             tmp_path / "second.key")
    assert ctl.code("status", "--seal", tmp_path / "second.key") == NOT_OPENED


# --- vaults

def test_a_vaults_life(ctl):
    made = ctl.json("vault", "create", "Demo", "--retention-days", "30")
    assert made["name"] == "Demo" and made["retentionDays"] == 30
    assert re.fullmatch(GUID, made["id"])
    assert made["purgeProtection"] is False and made["deleted"] is None
    assert made["group"] == "default" and made["location"] == "local"
    assert made["rbac"] is False
    assert ctl.json("vault", "show", "demo") == made

    deleted = ctl.json("vault", "delete", "demo")
    assert deleted["scheduledPurge"] == deleted["deleted"] + 30 * 86400
    assert ctl.json("vault", "list")[0]["deleted"] == deleted["deleted"]
    assert ctl.json("status")["deletedVaults"] == 1
    assert ctl.code("vault", "create", "demo") == CONFLICT

    assert ctl.json("vault", "recover", "demo") == made
    ctl.json("vault", "delete", "demo")
    assert ctl.text("vault", "purge", "demo", "--yes") == ""
    assert ctl.code("vault", "show", "demo") == NOT_FOUND
    assert ctl.json("vault", "create", "demo")["id"] != made["id"]


def test_sealing_key(ctl):
    made = ctl.json("vault", "create", "demo")
    ctl.text("vault", "create", "other")
    assert [ctl.json("vault", "rotate-key", "Demo")["sealingKey"]
            for _ in range(3)] == [2, 3, 4]
    assert ctl.json("vault", "rotate-key", "other")["sealingKey"] == 2
    assert re.search(r"^Sealing key +5$",
                     ctl.text("vault", "rotate-key", "demo"), re.M)
    assert ctl.json("vault", "show", "demo") == made
    ctl.text("vault", "delete", "demo")
    assert ctl.code("vault", "rotate-key", "demo") == NOT_FOUND


def test_sealing_key_of_a_vault_in_use():
    with VaultServer() as server:
        for number in range(4):
            assert server.set(f"name-{number}", f"value {number}")
            server.ctl("vault", "rotate-key", "demo")
        for _ in range(2):
            for number in range(4):
                answer = server.get(f"name-{number}")
                assert succeeded(answer)["value"] == f"value {number}"
            server.stop()
            server.start()


def test_where_a_vault_lies(ctl):
    made = ctl.json("vault", "create", "demo", "--group", "Mine_(1)",
                    "--location", "West US", "--rbac")
    assert made["group"] == "Mine_(1)" and made["location"] == "westus"
    assert made["rbac"] is True
    # the group is there now, and stays where it is
    ctl.text("vault", "create", "other", "--group", "mine_(1)")
    listed = {vault["name"]: vault for vault in ctl.json("vault", "list")}
    assert listed["demo"]["group"] == "Mine_(1)"
    assert listed["demo"]["location"] == "westus"
    assert listed["demo"]["rbac"] is True
    assert listed["other"]["location"] == "local"
    shown = ctl.text("vault", "show", "demo")
    assert re.search(r"^Location +westus$", shown, re.M)
    assert re.search(r"^Roles decide +yes$", shown, re.M)


def test_purge_asks(ctl):
    ctl.text("vault", "create", "demo")
    ctl.text("vault", "delete", "demo")
    # there is no terminal to ask on
    assert ctl.code("vault", "purge", "demo") == USAGE
    assert ctl.json("vault", "show", "demo")["deleted"] is not None


@pytest.mark.parametrize("answer, code", [("demo", OK), ("yes", FAILED),
                                          ("", FAILED)])
def test_purge_asks_on_a_terminal(ctl, answer, code):
    ctl.text("vault", "create", "demo")
    ctl.text("vault", "delete", "demo")
    ours, theirs = os.openpty()
    os.write(ours, answer.encode() + b"\n")
    done = subprocess.run(
        [VAULTCTL, "vault", "purge", "demo", "--store", ctl.store, "--seal",
         ctl.seal], stdin=theirs, stderr=theirs, stdout=subprocess.PIPE,
        timeout=60)
    os.close(theirs)
    os.close(ours)
    assert done.returncode == code
    assert ctl.run("vault", "show", "demo").returncode == (
        NOT_FOUND if code == OK else OK)


def test_purge_protection(ctl):
    made = ctl.json("vault", "create", "demo", "--purge-protection")
    assert made["purgeProtection"] is True
    assert "Purgeable" not in made["recoveryLevel"]
    ctl.text("vault", "delete", "demo")
    assert ctl.code("vault", "purge", "demo", "--yes") == CONFLICT


def test_output_for_people(ctl):
    ctl.text("vault", "create", "first")
    ctl.text("vault", "create", "second-vault")
    lines = ctl.text("vault", "list").splitlines()
    assert len(lines) == 3 and lines[0].startswith("NAME ")
    column = lines[0].index("RETENTION")
    assert [line[column:column + 2] for line in lines[1:]] == ["90", "90"]
    shown = ctl.text("vault", "show", "first")
    assert re.search(r"^Created +\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$", shown, re.M)
    assert re.search(r"^Deleted +-$", shown, re.M)
    assert re.search(r"^Purge protection +no$", shown, re.M)


def test_empty_lists(ctl):
    assert ctl.json("vault", "list") == []
    assert ctl.json("principal", "list") == []


# --- principals

def test_a_principals_life(ctl):
    made = ctl.json("principal", "create", "Anwendung für Köln")
    secret = made.pop("clientSecret")
    assert SECRET.match(secret)
    assert made["name"] == "Anwendung für Köln" and made["hasSecret"] is True
    assert ctl.json("principal", "list") == [made]
    assert secret not in ctl.text("principal", "list")

    for who in (made["name"], made["clientId"], made["objectId"]):
        again = ctl.json("principal", "reset-secret", who)
        assert again.pop("clientSecret") != secret
        assert again["clientId"] == made["clientId"]

    ctl.text("principal", "delete", made["objectId"])
    assert ctl.json("principal", "list") == []


def test_a_secret_for_people_is_on_stdout(ctl):
    shown = ctl.text("principal", "create", "somebody")
    line = re.search(r"^Client secret +([A-Za-z0-9_-]{43})$", shown, re.M)
    assert line, shown


def test_a_secret_into_a_file(ctl):
    path = ctl.folder / "secret"
    made = ctl.json("principal", "create", "somebody", "--output", path)
    assert "clientSecret" not in made
    assert made["clientSecretFile"] == str(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert SECRET.match(path.read_text().removesuffix("\n"))


def test_a_secret_never_overwrites_a_file(ctl):
    path = ctl.folder / "secret"
    path.write_text("mine")
    assert ctl.code("principal", "create", "somebody", "--output",
                    path) == CONFLICT
    assert path.read_text() == "mine"
    assert ctl.json("principal", "list") == []


def test_a_principal_that_fails_leaves_no_file(ctl):
    ctl.text("principal", "create", "somebody")
    assert ctl.code("principal", "create", "somebody", "--output",
                    "secret") == CONFLICT
    assert not (ctl.folder / "secret").exists()


def test_certificates(ctl):
    first = make_client_certificate(ctl.folder, "first")[0]
    second = make_client_certificate(ctl.folder, "second")[0]
    made = ctl.json("principal", "create", "somebody", "--no-secret",
                    "--certificate", first, f"--certificate={second}")
    assert made["certificates"] == 2 and made["hasSecret"] is False
    assert "clientSecret" not in made


def test_what_is_no_certificate(ctl):
    (ctl.folder / "no.pem").write_text("-----BEGIN CERTIFICATE-----\nAAAA\n")
    (ctl.folder / "big.pem").write_bytes(b"x" * 70000)
    for name in ("no.pem", "big.pem"):
        assert ctl.code("principal", "create", "somebody", "--certificate",
                        name) in (FAILED, USAGE)
    assert ctl.json("principal", "list") == []


# --- policies

def test_policies(ctl):
    ctl.text("vault", "create", "demo")
    made = ctl.json("principal", "create", "somebody", "--no-secret")
    entry = {"objectId": made["objectId"], "name": "somebody",
             "applicationId": "", "secrets": ["get", "list"], "keys": [],
             "certificates": [], "storage": []}
    assert ctl.json("policy", "set", "demo", "somebody", "--secrets",
                    "list,GET") == [entry]

    # what is not named stays
    entry["keys"] = ["get"]
    assert ctl.json("policy", "set", "demo", made["clientId"], "--keys",
                    "get") == [entry]

    entry["storage"] = ["list", "deletesas"]
    assert ctl.json("policy", "set", "demo", "somebody", "--storage",
                    "deletesas,list") == [entry]

    # "all" is all but purge
    shown = ctl.json("policy", "set", "demo", made["objectId"], "--secrets",
                     "all", "--keys", "none")[0]
    assert "set" in shown["secrets"] and "purge" not in shown["secrets"]
    assert shown["keys"] == []
    assert " all " in ctl.text("policy", "show", "demo")
    shown = ctl.json("policy", "set", "demo", "somebody", "--secrets",
                     "all,purge")[0]
    assert "purge" in shown["secrets"]
    assert ctl.json("vault", "show", "demo")["policies"] == 1

    assert ctl.json("policy", "delete", "demo", "somebody") == []
    assert ctl.json("policy", "show", "demo") == []


def test_policies_for_principals_of_other_authorities(ctl):
    ctl.text("vault", "create", "demo")
    outside, application = str(uuid.uuid4()), str(uuid.uuid4())
    ctl.text("policy", "set", "demo", outside, "--secrets", "get")
    ctl.text("policy", "set", "demo", outside, "--secrets", "set",
             "--application", application)
    shown = {entry["applicationId"]: entry["secrets"]
             for entry in ctl.json("policy", "show", "demo")}
    assert shown == {"": ["get"], application: ["set"]}
    ctl.text("policy", "delete", "demo", outside, "--application", application)
    assert [entry["applicationId"]
            for entry in ctl.json("policy", "show", "demo")] == [""]
    assert ctl.json("policy", "show", "demo")[0]["name"] == ""


def test_rotating_the_signing_key(ctl):
    first = ctl.json("authority", "rotate-key")["signingKey"]
    assert ctl.json("authority", "rotate-key")["signingKey"] != first


# --- no secret where it does not belong

def test_secrets_are_nowhere_in_the_store(ctl):
    secrets = [ctl.json("principal", "create", f"p{i}")["clientSecret"]
               for i in range(3)]
    key = ctl.seal.read_bytes().split()[1]
    content = b"".join(path.read_bytes() for path in ctl.store.iterdir())
    for secret in secrets:
        assert secret.encode() not in content
    assert key not in content


def test_output_that_cannot_be_written(ctl):
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [VAULTCTL, "vault", "list", "--store", ctl.store, "--seal",
             ctl.seal], stdout=full, stderr=subprocess.PIPE, timeout=60)
    assert done.returncode == FAILED


@pytest.mark.parametrize("command", COMMANDS)
def test_the_documentation_has_every_command_and_option(tmp_path, command):
    text = (ROOT / "docs" / "vaultctl.md").read_text()
    usage = Ctl(tmp_path).run(*command.split(), "--help").stdout
    lines = re.findall(rf"^    vaultctl {command}\b.*$", text, re.M)
    assert lines, "no synopsis"
    own = usage.split("Options:\n")[1].split("  --store ")[0]
    for option in re.findall(r"--[a-z-]+", own):
        assert re.search(rf"[\[( ]{option}\b", "".join(lines)), option
