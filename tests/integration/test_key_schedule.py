"""What time brings to keys: rotation by policy, the notice before their end,
and the purge of deleted ones.  nginx runs with a clock of its own
(libfaketime), which the tests move.
"""

import contextlib
import json
import time

import pytest

from support import clock as clocks
from support.checks import refused, succeeded
from support.keys import Keys, ec_jwk, new_ec, version_of
from support.server import VaultServer
from support.waiting import wait_until

DAY = 86400
OID = "7e57ab1e-0000-4000-8000-000000000002"
ROTATED = "KeyRotateIfDue"
NOTICE = "KeyNearExpiryEventGridNotification"

pytestmark = pytest.mark.skipif(
    not clocks.AVAILABLE,
    reason="libfaketime is not installed, or sanitizers are preloaded")


@contextlib.contextmanager
def running():
    """(keys of the vault demo, clock), with nginx as it starts."""
    clock = clocks.Clock()
    with VaultServer(values={"MAIN": clock.directives},
                     environment=clock.environment) as server:
        server.allow(OID, "all", "purge", family="keys")
        token = server.issuer.token(OID, exp=int(time.time()) + 900 * DAY)
        yield Keys(server, token), clock
    clock.close()


@pytest.fixture(scope="module")
def timed():
    with running() as made:
        yield made


def another_vault(keys, name, *options):
    """Its keys, for the same caller."""
    keys.server.ctl("vault", "create", name, *options)
    keys.server.allow(OID, "all", "purge", vault=name, family="keys")
    return Keys(keys.server, keys.token, name)


def rotate_after(duration, **attributes):
    return {"lifetimeActions": [{"trigger": {"timeAfterCreate": duration},
                                 "action": {"type": "Rotate"}}],
            "attributes": attributes}


def set_policy(keys, name, policy):
    return succeeded(keys.call("PUT", f"/keys/{name}/rotationpolicy", policy))


def versions(keys, name):
    return succeeded(keys.call("GET", f"/keys/{name}/versions"))["value"]


def records(keys, operation, name):
    return [record for record in keys.server.records()
            if record["operationName"] == operation
            and f"/keys/{name}/" in record["properties"]["id"]]


def pass_time(keys, clock, days):
    """Moves the clock, and waits until housekeeping has seen the new time: a
    key that is due only then has got its new version."""
    marker = f"marker-{clock.seconds}"
    keys.create(marker)
    set_policy(keys, marker, rotate_after(f"P{days}D"))
    clock.move(days * DAY + 60)
    wait_until(lambda: len(versions(keys, marker)) > 1,
               f"{days} days pass", timeout=120)


def test_due_policies_and_near_ends(timed):
    """What is due is done once, by two workers; what is not due, disabled or
    imported is left alone."""
    keys, clock = timed
    now = int(clock.now())
    made = {name: keys.create(name, tags={"n": name},
                              key_ops=["sign", "verify"])
            for name in ("due", "later", "disabled", "deleted", "plain")}
    for name in ("due", "disabled", "deleted"):
        set_policy(keys, name, rotate_after("P30D", expiryTime="P90D"))
    set_policy(keys, "later", rotate_after("P45D"))
    keys.create("near", attributes={"exp": now + 50 * DAY})
    keys.create("far", attributes={"exp": now + 500 * DAY})
    keys.take("brought", ec_jwk(new_ec("P-256"), "P-256"),
              attributes={"exp": now + 50 * DAY})
    succeeded(keys.call("PATCH", "/keys/disabled/",
                        {"attributes": {"enabled": False}}))
    succeeded(keys.call("DELETE", "/keys/deleted"))

    pass_time(keys, clock, 31)
    wait_until(lambda: len(versions(keys, "due")) == 2, "the rotation")
    for name in ("near", "brought"):
        wait_until(lambda: records(keys, NOTICE, name),
                   f"the notice of {name}")
    pass_time(keys, clock, 7)

    assert len(versions(keys, "due")) == 2
    for name in ("later", "disabled", "plain", "near", "far", "brought"):
        assert len(versions(keys, name)) == 1, name
    new = succeeded(keys.call("GET", "/keys/due"))
    check_rotated(keys, made["due"], new)
    for name in ("near", "brought"):
        assert len(records(keys, NOTICE, name)) == 1
    for name in ("far", "plain", "due"):
        assert not records(keys, NOTICE, name)


def check_rotated(keys, old, new):
    """The new version, and its one record."""
    for member in ("kty", "crv", "key_ops"):
        assert new["key"][member] == old["key"][member]
    assert new["key"]["x"] != old["key"]["x"]
    assert new["tags"] == old["tags"]
    attributes = new["attributes"]
    assert attributes["enabled"] is True
    assert attributes["exp"] == attributes["created"] + 90 * DAY
    assert attributes["created"] >= old["attributes"]["created"] + 30 * DAY
    path = f"/keys/due/{version_of(old)}"
    assert succeeded(keys.call("GET", path)) == old
    found = records(keys, ROTATED, "due")
    assert len(found) == 1, found
    record = found[0]
    assert record["properties"]["id"].endswith(f"/{version_of(new)}")
    assert record["resourceId"].endswith("/VAULTS/DEMO")
    assert record["category"] == "AuditEvent"
    assert record["time"]


def test_what_waited_is_done_when_it_may_be(timed):
    """Enabled or recovered after its time; a policy set after its time."""
    keys, clock = timed
    for name in ("waiting", "away", "late"):
        keys.create(name)
        if name != "late":
            set_policy(keys, name, rotate_after("P10D"))
    succeeded(keys.call("PATCH", "/keys/waiting/",
                        {"attributes": {"enabled": False}}))
    succeeded(keys.call("DELETE", "/keys/away"))
    pass_time(keys, clock, 11)
    assert len(versions(keys, "waiting")) == 1
    succeeded(keys.call("PATCH", "/keys/waiting/",
                        {"attributes": {"enabled": True}}))
    succeeded(keys.call("POST", "/deletedkeys/away/recover"))
    set_policy(keys, "late", rotate_after("P10D"))
    for name in ("waiting", "away", "late"):
        wait_until(lambda: len(versions(keys, name)) == 2,
                   f"the rotation of {name}", timeout=60)
    # and again a period later, counted from the new version
    pass_time(keys, clock, 11)
    for name in ("waiting", "away", "late"):
        wait_until(lambda: len(versions(keys, name)) == 3,
                   f"the next rotation of {name}", timeout=60)


def test_rotation_before_the_end(timed):
    """timeBeforeExpiry counts from the end of the current version."""
    keys, clock = timed
    exp = int(clock.now()) + 40 * DAY
    keys.create("ending", attributes={"exp": exp})
    set_policy(keys, "ending", {
        "lifetimeActions": [{"trigger": {"timeBeforeExpiry": "P20D"},
                             "action": {"type": "Rotate"}}],
        "attributes": {"expiryTime": "P40D"}})
    pass_time(keys, clock, 19)
    assert len(versions(keys, "ending")) == 1
    pass_time(keys, clock, 7)
    wait_until(lambda: len(versions(keys, "ending")) == 2, "the rotation")
    attributes = succeeded(keys.call("GET", "/keys/ending"))["attributes"]
    assert attributes["exp"] == attributes["created"] + 40 * DAY


def test_a_notice_is_for_a_version_and_its_end(timed):
    """Changing something else announces nothing again; another end does,
    and so does a policy that is announced earlier."""
    keys, clock = timed
    keys.create("told", attributes={"exp": int(clock.now()) + 35 * DAY})
    keys.create("early", attributes={"exp": int(clock.now()) + 90 * DAY})
    pass_time(keys, clock, 7)
    wait_until(lambda: records(keys, NOTICE, "told"), "the notice")
    succeeded(keys.call("PATCH", "/keys/told/", {"tags": {"a": "b"}}))
    set_policy(keys, "early", {"lifetimeActions": [
        {"trigger": {"timeBeforeExpiry": "P85D"},
         "action": {"type": "Notify"}}], "attributes": {"expiryTime": "P1Y"}})
    wait_until(lambda: records(keys, NOTICE, "early"), "the earlier notice")
    pass_time(keys, clock, 7)
    assert len(records(keys, NOTICE, "told")) == 1
    assert len(records(keys, NOTICE, "early")) == 1
    succeeded(keys.call("PATCH", "/keys/told/", {
        "attributes": {"exp": int(clock.now()) + 37 * DAY}}))
    pass_time(keys, clock, 8)
    wait_until(lambda: len(records(keys, NOTICE, "told")) == 2,
               "the notice of the new end")


def test_a_restored_key_is_rotated_when_it_is_due(timed):
    """A backup keeps policy and dates; the time that passed counts."""
    keys, clock = timed
    keys.create("returned")
    set_policy(keys, "returned", rotate_after("P10D"))
    blob = succeeded(keys.call("POST", "/keys/returned/backup"))
    succeeded(keys.call("DELETE", "/keys/returned"))
    succeeded(keys.call("DELETE", "/deletedkeys/returned"), 204)
    pass_time(keys, clock, 11)
    succeeded(keys.call("POST", "/keys/restore", blob))
    wait_until(lambda: len(versions(keys, "returned")) == 2,
               "the rotation after the restore", timeout=60)


def test_deleted_keys_are_purged_by_time(timed):
    """With a policy that was due meanwhile, too; a recovered one stays, and
    what it missed is done."""
    keys, clock = timed
    short = another_vault(keys, "short", "--retention-days", "7")
    for name in ("forgotten", "saved"):
        short.create(name)
        set_policy(short, name, rotate_after("P7D"))
        bundle = succeeded(short.call("DELETE", f"/keys/{name}"))
        assert bundle["scheduledPurgeDate"] == (
            bundle["deletedDate"] + 7 * DAY)
    succeeded(short.call("POST", "/deletedkeys/saved/recover"))
    pass_time(keys, clock, 8)
    wait_until(lambda: short.call(
        "GET", "/deletedkeys/forgotten").status == 404, "the purge",
        timeout=60)
    refused(short.call("POST", "/deletedkeys/forgotten/recover"), 404,
            "KeyNotFound")
    wait_until(lambda: len(versions(short, "saved")) == 2, "the rotation",
               timeout=60)
    short.create("forgotten")
    assert len(versions(short, "forgotten")) == 1


def test_keys_of_a_deleted_vault_wait():
    """Nothing is made in it; when it is back, what is due is done within a
    day.  vaultctl has the true time, so nginx's has not moved far here."""
    with running() as (keys, clock):
        asleep = another_vault(keys, "asleep")
        asleep.create("waiting")
        set_policy(asleep, "waiting", rotate_after("P10D"))
        keys.server.ctl("vault", "delete", "asleep")
        pass_time(keys, clock, 11)
        keys.server.ctl("vault", "recover", "asleep")
        pass_time(keys, clock, 8)
        wait_until(lambda: len(versions(asleep, "waiting")) == 2,
                   "the rotation", timeout=60)
        found = records(keys, ROTATED, "waiting")
        assert len(found) == 1
        assert found[0]["resourceId"].endswith("/VAULTS/ASLEEP")


def test_records_of_what_nobody_asked_for_are_whole(timed):
    """They are lines of JSON like all others, without a caller."""
    keys, _ = timed
    lines = keys.server.audit_log.read_text().splitlines()
    found = [json.loads(line) for line in lines]
    own = [record for record in found if record["operationName"] in (
        ROTATED, NOTICE)]
    assert own
    for record in own:
        assert record["resultType"] == "Success"
        assert "/PROVIDERS/MICROSOFT.KEYVAULT/VAULTS/" in (
            record["resourceId"])
        assert "/keys/" in record["properties"]["id"]
        assert record.get("identity", {}).get("claim", {}) == {}
