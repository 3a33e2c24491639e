"""A full store refuses writes, goes on answering reads, and takes writes
again when it may grow."""

import os

from support.checks import refused, succeeded
from support.config import BASE
from support.keys import Keys
from support.server import API, VaultServer

SIZE = "16m"
CONFIG = BASE.replace("vault_store %%STORE%%;",
                      "vault_store %%STORE%% max_size=%%SIZE%%;")


def fill(server):
    """Writes until the store is full: the names that were acknowledged."""
    written = []
    with server.connect() as connection:
        for number in range(3000):
            name = f"filler-{number}"
            answer = server.call("PUT", f"/secrets/{name}?{API}",
                                 {"value": f"{number} " + "x" * 20000},
                                 connection=connection)
            if answer.status != 200:
                refused(answer, 507, "InsufficientStorage")
                return written
            written.append(name)
    raise AssertionError("the store never was full")


def check_all(server, names):
    with server.connect() as connection:
        for name in names:
            answer = server.call("GET", f"/secrets/{name}?{API}",
                                 connection=connection)
            number = name.rsplit("-", 1)[1]
            assert succeeded(answer)["value"].startswith(f"{number} x")


def test_full_store():
    with VaultServer(CONFIG, {"SIZE": SIZE}) as server:
        server.set("before", "still here")
        written = fill(server)
        assert len(written) > 100
        # a refused write left nothing behind, and reads go on
        refused(server.get(f"filler-{len(written)}"), 404, "SecretNotFound")
        assert succeeded(server.get("before"))["value"] == "still here"
        check_all(server, written)
        page = succeeded(server.call("GET", f"/secrets?{API}"))
        assert len(page["value"]) == 25
        # every kind of large write is refused in the same way
        for number in range(3):
            answer = server.call("PUT", f"/secrets/more-{number}?{API}",
                                 {"value": "x" * 25000})
            refused(answer, 507, "InsufficientStorage")
        assert os.path.getsize(server.store / "data.mdb") <= 16 << 20

        # the operator lets it grow: a reload is enough
        server.write_config(SIZE="64m")
        server.reload()
        for number in range(20):
            server.set(f"after-{number}", "x" * 20000)
        check_all(server, written)


def test_room_made_by_purging():
    with VaultServer(CONFIG, {"SIZE": SIZE}) as server:
        written = fill(server)
        freed = 0
        for name in written:
            answer = server.call("DELETE", f"/secrets/{name}?{API}")
            if answer.status == 200:
                answer = server.call("DELETE", f"/deletedsecrets/{name}?{API}")
            if answer.status == 204:
                freed += 1
            if freed == 20:
                break
        assert freed == 20, "deleting must be possible when the store is full"
        server.set("room", "x" * 20000)


def test_keys_in_a_full_store():
    """What is there computes on; new keys are refused and leave nothing;
    deleting and purging stay possible."""
    with VaultServer(CONFIG, {"SIZE": SIZE}) as server:
        keys = Keys(server)
        keys.create("before", tags={"k": "v" * 512})
        fill(server)
        tags = {f"k{i}": "v" * 512 for i in range(15)}
        made = 0
        while (answer := keys.call("POST", f"/keys/new-{made}/create", {
                "kty": "EC", "tags": tags})).status == 200:
            made += 1
        refused(answer, 507, "InsufficientStorage")
        refused(keys.call("GET", f"/keys/new-{made}"), 404, "KeyNotFound")
        digest = bytes(32)
        signature = keys.result("before", "sign", "ES256", digest)
        assert keys.verify("before", "ES256", digest, signature) is True
        succeeded(keys.call("DELETE", "/keys/before"))
        succeeded(keys.call("DELETE", "/deletedkeys/before"), 204)
