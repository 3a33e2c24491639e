"""A right that is taken away is gone with the next request, on every worker.

Many keep-alive connections keep two workers busy while vaultctl works; a
request that begins after vaultctl has returned must not succeed any more.
"""

import time

import pytest

from support.load import Load
from support.server import API

ROUNDS = 5


@pytest.fixture(scope="module")
def guarded(server):
    server.set("guarded", "x")
    assert len(server.workers()) == 2
    return server


def test_permission_revoked_under_load(guarded):
    oid = "4ac0ffee-0000-4000-8000-000000000001"
    guarded.allow(oid, "get")
    with Load(guarded, guarded.issuer.token(oid)) as load:
        load.both_workers_answer(200, 0)
        for _ in range(ROUNDS):
            guarded.allow(oid)
            revoked = time.monotonic()
            load.both_workers_answer(403, revoked)
            load.only(403, revoked)
            guarded.allow(oid, "get")
            granted = time.monotonic()
            load.both_workers_answer(200, granted)
            load.only(200, granted)


def test_permission_replaced_under_load(guarded):
    """From `get` to `list`: the read permission alone is gone."""
    oid = "4ac0ffee-0000-4000-8000-000000000002"
    guarded.allow(oid, "get", "list")
    token = guarded.issuer.token(oid)
    with Load(guarded, token) as load:
        load.both_workers_answer(200, 0)
        guarded.allow(oid, "list")
        revoked = time.monotonic()
        load.both_workers_answer(403, revoked)
        load.only(403, revoked)
    answer = guarded.call("GET", f"/secrets?{API}", token=token)
    assert answer.status == 200


def test_principal_deleted_under_load(guarded):
    principal = guarded.create_principal("deleted-under-load")
    guarded.allow(principal.object_id, "get")
    with Load(guarded, guarded.local_token(principal)) as load:
        load.both_workers_answer(200, 0)
        guarded.ctl("principal", "delete", "deleted-under-load")
        deleted = time.monotonic()
        load.both_workers_answer(401, deleted)
        load.only(401, deleted)


def test_secret_reset_under_load(guarded):
    principal = guarded.create_principal("reset-under-load")
    guarded.allow(principal.object_id, "get")
    with Load(guarded, guarded.local_token(principal)) as load:
        load.both_workers_answer(200, 0)
        guarded.ctl("principal", "reset-secret", "reset-under-load")
        reset = time.monotonic()
        load.both_workers_answer(401, reset)
        load.only(401, reset)


def test_vault_deleted_under_load(guarded):
    oid = "4ac0ffee-0000-4000-8000-000000000003"
    guarded.allow(oid, "get")
    with Load(guarded, guarded.issuer.token(oid)) as load:
        load.both_workers_answer(200, 0)
        guarded.ctl("vault", "delete", "demo")
        deleted = time.monotonic()
        load.both_workers_answer(404, deleted)
        load.only(404, deleted)
        guarded.ctl("vault", "recover", "demo")
        recovered = time.monotonic()
        load.both_workers_answer(200, recovered)
        load.only(200, recovered)
