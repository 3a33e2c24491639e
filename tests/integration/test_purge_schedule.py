"""What is due happens by itself: purges after the retention period.

nginx runs with a clock of its own (libfaketime), which the test sets.
"""

import time

import pytest

from support import clock as clocks
from support.checks import refused, succeeded
from support.server import API, VaultServer
from support.waiting import wait_until

DAY = 86400

pytestmark = pytest.mark.skipif(
    not clocks.AVAILABLE,
    reason="libfaketime is not installed, or sanitizers are preloaded")


@pytest.fixture(scope="module")
def timed():
    clock = clocks.Clock()
    with VaultServer(values={"MAIN": clock.directives},
                     environment=clock.environment) as server:
        server.ctl("vault", "create", "short", "--retention-days", "7")
        yield server, clock
    clock.close()


def caller(server):
    """call(method, path, body), with tokens that are good before and after
    each move of the clock."""
    oid = "7e57ab1e-0000-4000-8000-000000000001"
    server.allow(oid, "all", "purge", vault="short")
    token = server.issuer.token(oid, exp=int(time.time()) + 60 * DAY)

    def call(method, path, body=None):
        return server.call(method, f"{path}?{API}", body, token, "short")

    return call


def six_days_on(call, clock):
    """A secret deleted now, once nginx's clock has moved."""
    succeeded(call("PUT", "/secrets/later", {"value": "x"}))
    deleted = succeeded(call("DELETE", "/secrets/later"))
    if abs(deleted["deletedDate"] - clock.now()) < 60:
        return deleted
    succeeded(call("POST", "/deletedsecrets/later/recover"))
    return None


def test_scheduled_purge_of_secrets(timed):
    server, clock = timed
    call = caller(server)
    for name in ("due", "kept", "recovered"):
        succeeded(call("PUT", f"/secrets/{name}", {"value": "one"}))
        succeeded(call("PUT", f"/secrets/{name}", {"value": name}))
    for name in ("due", "recovered"):
        bundle = succeeded(call("DELETE", f"/secrets/{name}"))
        assert bundle["scheduledPurgeDate"] - bundle["deletedDate"] == 7 * DAY
        assert abs(bundle["deletedDate"] - clock.now()) < 60
        assert bundle["attributes"]["recoverableDays"] == 7
        assert bundle["attributes"]["recoveryLevel"] == (
            "CustomizedRecoverable+Purgeable")
    succeeded(call("POST", "/deletedsecrets/recovered/recover"))

    clock.move(6 * DAY)
    # housekeeping runs every few seconds: seen by what it does, it leaves
    # alone what is not due, while a later deletion has the later date
    moved = wait_until(lambda: six_days_on(call, clock), "the clock moves")
    assert moved["scheduledPurgeDate"] - moved["deletedDate"] == 7 * DAY
    succeeded(call("GET", "/deletedsecrets/due"))

    clock.move(2 * DAY)
    wait_until(lambda: call("GET", "/deletedsecrets/due").status == 404,
               "the scheduled purge", timeout=90)
    refused(call("GET", "/secrets/due"), 404, "SecretNotFound")
    refused(call("POST", "/deletedsecrets/due/recover"), 404,
            "SecretNotFound")
    succeeded(call("GET", "/deletedsecrets/later"))
    # the name is free, and nothing else was touched
    succeeded(call("PUT", "/secrets/due", {"value": "again"}))
    versions = succeeded(call("GET", "/secrets/due/versions"))["value"]
    assert len(versions) == 1
    assert succeeded(call("GET", "/secrets/kept"))["value"] == "kept"
    assert succeeded(call("GET", "/secrets/recovered"))["value"] == (
        "recovered")


def test_scheduled_purge_of_a_vault(timed):
    server, clock = timed
    server.ctl("vault", "create", "leaving", "--retention-days", "7")
    # vaultctl has the true time: the vault is due 7 days from it
    server.ctl("vault", "delete", "leaving")
    if clock.seconds < 8 * DAY:
        clock.move(8 * DAY - clock.seconds)

    def gone():
        vaults = server.ctl("vault", "list")
        return "leaving" not in [vault["name"] for vault in vaults]

    wait_until(gone, "the vault's scheduled purge", timeout=90)
    server.ctl("vault", "create", "leaving")
