"""What a configuration does that is right: `nginx -t` changes nothing on disk, and
the directives do what they say."""

import hashlib
import os
import stat

from support.checks import succeeded
from support.directives import CONFIG, VAULT
from support.server import API, VaultServer
from support.waiting import wait_until


# --- nothing changes on disk --------------------------------------------------------

def listing(folder):
    """Everything that can be seen of a folder's files but the time of the
    last access."""
    found = {}
    for parent, folders, files in os.walk(folder):
        for name in folders + files:
            path = os.path.join(parent, name)
            info = os.lstat(path)
            content = ""
            if stat.S_ISREG(info.st_mode):
                with open(path, "rb") as file:
                    content = hashlib.sha256(file.read()).hexdigest()
            found[os.path.relpath(path, folder)] = (
                info.st_mode, info.st_uid, info.st_gid, info.st_size,
                info.st_ino, info.st_mtime_ns, info.st_ctime_ns, content)
    return found


def ours(found):
    """Without what nginx itself makes for every `nginx -t`."""
    return {name: what for name, what in found.items()
            if name not in ("logs", "temp", "logs/error.log", "nginx.pid")
            and not name.startswith("temp/")}


def test_nginx_t_changes_nothing_before_the_first_start():
    with VaultServer(CONFIG, start=False) as server:
        server.write_config(CONFIG)
        before = listing(server.prefix)
        for _ in range(3):
            tested = server.nginx("-t")
            assert tested.returncode == 0, tested.stderr
        assert ours(listing(server.prefix)) == ours(before)


def test_nginx_t_changes_nothing_beside_a_running_server():
    with VaultServer(CONFIG) as server:
        server.set("before", "x")
        wait_until(lambda: "SecretSet" in server.audit_log.read_text(),
                   "the record of the last request")
        before = listing(server.prefix)
        for _ in range(3):
            tested = server.nginx("-t")
            assert tested.returncode == 0, tested.stderr
        assert ours(listing(server.prefix)) == ours(before)
        # and for a wrong configuration neither
        server.write_config(CONFIG.replace("vault_region north-1", "vault_x"))
        changed = listing(server.prefix)
        assert server.nginx("-t").returncode != 0
        assert ours(listing(server.prefix)) == ours(changed)
        server.write_config(CONFIG)
        assert succeeded(server.get("before"))["value"] == "x"
        server.allowed_alarms = "vault_x"


def test_the_store_is_nobody_elses():
    with VaultServer(CONFIG) as server:
        assert stat.S_IMODE(server.store.stat().st_mode) == 0o700
        assert stat.S_IMODE(server.seal.stat().st_mode) in (0o600, 0o400)
        for path in server.store.iterdir():
            assert not stat.S_IMODE(path.stat().st_mode) & 0o077, path


# --- what the directives do -----------------------------------------------------------

def test_region():
    with VaultServer(CONFIG) as server:
        answer = server.call("GET", f"/secrets?{API}")
        assert answer.header("x-ms-keyvault-region") == "north-1"
        token = server.issuer.token("x")
        answer = server.call("GET", f"/secrets?{API}", token=token)
        assert "location=north-1" in answer.message
        # and of the configuration: how long tokens of the authority live
        principal = server.create_principal("short-lived")
        answer = server.token_request(principal)
        assert 1700 < answer.json["expires_in"] <= 1800


def test_audit_off():
    config = CONFIG.replace(VAULT, VAULT + "vault_audit off;")
    with VaultServer(config) as server:
        succeeded(server.call("GET", f"/secrets?{API}"))
        server.stop()
        assert server.records() == []


def test_single_process_and_foreground():
    """`master_process off`, as for debugging, serves too."""
    config = "master_process off;\n" + CONFIG
    with VaultServer(config) as server:
        server.set("alone", "x")
        assert succeeded(server.get("alone"))["value"] == "x"
