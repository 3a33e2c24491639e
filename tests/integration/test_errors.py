"""The words of errors: clients and tools match on them byte for byte."""

import re
import uuid

import pytest

from support.checks import refused, succeeded
from support.server import API

# the only thing that differs between services is where the vault is
REGION = r"[a-z0-9-]+"


def test_secret_not_found(server):
    refused(server.get("absent"), 404, "SecretNotFound", None,
            "A secret with (name/id) absent was not found in this key vault. "
            "If you recently deleted this secret you may be able to recover "
            "it using the correct recovery command. For help resolving this "
            "issue, please see "
            "https://go.microsoft.com/fwlink/?linkid=2125182")


def test_secret_version_not_found(server):
    server.set("present")
    version = "0123456789abcdef0123456789abcdef"
    refused(server.call("GET", f"/secrets/present/{version}?{API}"), 404,
            "SecretNotFound", None,
            f"A secret with (name/id) present/{version} was not found in "
            "this key vault. If you recently deleted this secret you may be "
            "able to recover it using the correct recovery command. For help "
            "resolving this issue, please see "
            "https://go.microsoft.com/fwlink/?linkid=2125182")


@pytest.mark.parametrize("method, path", [
    ("PATCH", "/secrets/absent/"), ("DELETE", "/secrets/absent"),
    ("POST", "/secrets/absent/backup")])
def test_secret_not_found_by_other_operations(server, method, path):
    answer = server.call(method, f"{path}?{API}",
                         {} if method == "PATCH" else None)
    refused(answer, 404, "SecretNotFound", None, re.compile(
        r"A secret with \(name/id\) absent was not found in this key vault\. "
        r"If you recently deleted .*linkid=2125182"))


@pytest.mark.parametrize("method, path", [
    ("GET", "/deletedsecrets/absent"), ("DELETE", "/deletedsecrets/absent"),
    ("POST", "/deletedsecrets/absent/recover")])
def test_deleted_secret_not_found(server, method, path):
    refused(server.call(method, f"{path}?{API}"), 404, "SecretNotFound", None,
            "Deleted Secret not found: absent")


def test_disabled(server):
    server.set("disabled", attributes={"enabled": False})
    refused(server.get("disabled"), 403, "Forbidden", "SecretDisabled",
            "Operation get is not allowed on a disabled secret.")


def test_deleted_but_recoverable(server):
    server.set("deleted")
    succeeded(server.call("DELETE", f"/secrets/deleted?{API}"))
    answer = server.call("PUT", f"/secrets/deleted?{API}", {"value": "x"})
    refused(answer, 409, "Conflict", "ObjectIsDeletedButRecoverable",
            "Secret deleted is currently in a deleted but recoverable state, "
            "and its name cannot be reused; in this state, the secret can "
            "only be recovered or purged.")


def test_restore_over_what_is_there(server):
    server.set("restored")
    blob = succeeded(server.call("POST", f"/secrets/restored/backup?{API}"))
    answer = server.call("POST", f"/secrets/restore?{API}", blob)
    refused(answer, 409, "Conflict")
    assert answer.message.startswith("Conflict while restoring secret ")
    succeeded(server.call("DELETE", f"/secrets/restored?{API}"))
    answer = server.call("POST", f"/secrets/restore?{API}", blob)
    refused(answer, 409, "Conflict")


def test_no_permission(server):
    oid = str(uuid.uuid4())
    server.allow(oid, "list")
    token = server.issuer.token(oid)
    tenant = re.escape(server.issuer.issuer)
    for method, path, permission in (
            ("GET", "/secrets/x", "get"), ("PUT", "/secrets/x", "set"),
            ("PATCH", "/secrets/x/", "set"),
            ("DELETE", "/secrets/x", "delete"),
            ("POST", "/secrets/x/backup", "backup"),
            ("POST", "/secrets/restore", "restore"),
            ("GET", "/deletedsecrets/x", "get"),
            ("POST", "/deletedsecrets/x/recover", "recover"),
            ("DELETE", "/deletedsecrets/x", "purge")):
        answer = server.call(method, f"{path}?{API}", token=token)
        refused(answer, 403, "Forbidden", "AccessDenied", re.compile(
            rf"The user, group or application 'appid={oid};oid={oid};"
            rf"iss={tenant}' does not have secrets {permission} permission "
            rf"on key vault 'demo;location={REGION}'\. For help resolving "
            r"this issue, please see "
            r"https://go\.microsoft\.com/fwlink/\?linkid=2125287"))
    for path, status in (("/secrets", 200), ("/deletedsecrets", 200),
                         ("/secrets/x/versions", 404)):
        answer = server.call("GET", f"{path}?{API}", token=token)
        assert answer.status == status, answer


def test_no_permission_with_groups(server):
    oid = str(uuid.uuid4())
    token = server.issuer.token(oid, groups=[str(uuid.uuid4())] * 3)
    answer = server.call("GET", f"/secrets/x?{API}", token=token)
    assert f"'appid={oid};oid={oid};numgroups=3;iss=" in answer.message


def test_purge_is_not_part_of_all(server):
    token = server.grant("all")
    server.set("kept-back")
    succeeded(server.call("DELETE", f"/secrets/kept-back?{API}", token=token))
    answer = server.call("DELETE", f"/deletedsecrets/kept-back?{API}",
                         token=token)
    refused(answer, 403, "Forbidden", "AccessDenied")
    assert "does not have secrets purge permission" in answer.message


def test_purge_protection(server):
    server.ctl("vault", "create", "protected", "--purge-protection")
    token = server.grant(vault="protected")

    def call(method, path, body=None):
        return server.call(method, f"{path}?{API}", body, token, "protected")

    succeeded(call("PUT", "/secrets/kept", {"value": "x"}))
    bundle = succeeded(call("DELETE", "/secrets/kept"))
    assert bundle["attributes"]["recoveryLevel"] == "Recoverable"
    answer = call("DELETE", "/deletedsecrets/kept")
    refused(answer, 403, "Forbidden", None,
            'Operation "purge" is not allowed because purge protection is '
            "enabled for this vault. Key Vault service will automatically "
            "purge it after the retention period has passed.")
    succeeded(call("POST", "/deletedsecrets/kept/recover"))


def test_invalid_name(server):
    refused(server.get("a.b"), 400, "BadParameter", None,
            "The request URI contains an invalid name: a.b")


def test_unknown_version(server):
    refused(server.call("GET", "/secrets/x?api-version=7.9"), 400,
            "BadParameter", None,
            "The specified version (7.9) is not recognized. Consider using "
            "the latest supported version (2025-07-01).")


def test_missing_value(server):
    answer = server.call("PUT", f"/secrets/x?{API}", {})
    refused(answer, 400, "BadParameter")
    assert "value" in answer.message


def test_no_token(server):
    answer = server.call("GET", f"/secrets/x?{API}", token=None)
    assert answer.body == (
        b'{"error":{"code":"Unauthorized","message":"AKV10000: Request is '
        b'missing a Bearer or PoP token."}}')


def test_messages_do_not_echo_what_is_secret(server):
    """A body that is refused does not come back."""
    for body in (b'{"value":"hush-hush-1","value":"hush-hush-2"}',
                 b'{"value":["hush-hush"]}', b'{"value":"hush-hush',
                 b'{"value":"x","tags":{"hush-hush":1}}',
                 b'{"value":"hush-hush' + b"x" * 26000 + b'"}'):
        answer = server.call("PUT", f"/secrets/x?{API}", body)
        refused(answer, 400, "BadParameter")
        assert b"hush" not in answer.body
