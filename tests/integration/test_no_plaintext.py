"""Nothing is left behind: no value, client secret, key or token in any file,
and no value or key in the memory or the registers of an idle worker or of
the master.

Of bearer tokens, which pass through nginx's own buffers, the test prints
what remains.
"""

import base64
import json
import secrets
import shutil
import subprocess
import sys
import time

import pytest

from support.checks import succeeded
from support.paths import SANITIZE
from support.secrecy import Core, Needles, keys_of
from support.server import API, VaultServer

pytestmark = [
    pytest.mark.skipif(shutil.which("gcore") is None,
                       reason="gcore is not here"),
    pytest.mark.skipif(SANITIZE, reason="AddressSanitizer keeps freed memory "
                                        "and has its own shadow of it"),
]

# the requirement says three seconds after the last request
IDLE = 4


def random_text(size):
    return secrets.token_urlsafe(size)[:size]


class Scene:
    """A server that has been used in every way, and what it was told."""

    def __init__(self, server, folder):
        self.server = server
        self.folder = folder
        self.values = [random_text(40), random_text(1000),
                       random_text(25600)]
        self.values += ["ü" * 20 + random_text(5000)]
        self.principal = server.create_principal("careful")
        server.allow(self.principal.object_id, "all", "purge")
        self.tokens = []
        self.open = []
        self.use()
        self.keys = keys_of(server, folder)
        self.seal = self.seal_key()

    def seal_key(self):
        text = self.server.seal.read_text().split()[1]
        return base64.urlsafe_b64decode(text + "=")

    def use(self):
        server = self.server
        token = server.local_token(self.principal)
        self.tokens = [token, server.admin()]
        server.token_request(self.principal,
                             client_secret=self.principal.secret + "x")
        for bearer in self.tokens:
            for number, value in enumerate(self.values):
                self.over_http(f"value-{number}", value, bearer)
                self.over_tls(f"value-{number}", value, bearer)
        self.over_http_2(token)
        self.refusals(token)
        self.keep_connections_open(token)

    def over_http(self, name, value, token):
        server = self.server

        def call(method, path, body=None):
            return server.call(method, f"{path}?{API}", body, token,
                               connection=connection)

        with server.connect() as connection:
            succeeded(call("PUT", f"/secrets/{name}", {"value": value}))
            succeeded(call("PATCH", f"/secrets/{name}/", {"tags": {"a": "b"}}))
            succeeded(call("GET", f"/secrets/{name}"))
            succeeded(call("GET", f"/secrets/{name}/versions"))
            backup = succeeded(call("POST", f"/secrets/{name}/backup"))
            succeeded(call("DELETE", f"/secrets/{name}"))
            succeeded(call("DELETE", f"/deletedsecrets/{name}"), 204)
            succeeded(call("POST", "/secrets/restore", backup))
            succeeded(call("DELETE", f"/secrets/{name}"))
            succeeded(call("POST", f"/deletedsecrets/{name}/recover"))
            assert succeeded(call("GET", f"/secrets/{name}"))["value"] == value

    def over_tls(self, name, value, token):
        server = self.server
        headers = {"Host": f"demo.vault.localhost:{server.tls_port}",
                   "Authorization": f"Bearer {token}"}
        body = json.dumps({"value": value}).encode()
        with server.connect(tls=True) as connection:
            for _ in range(3):
                succeeded(connection.request(
                    "PUT", f"/secrets/{name}?{API}", headers, body))
                succeeded(connection.request(
                    "GET", f"/secrets/{name}?{API}", headers))

    def over_http_2(self, token):
        server = self.server
        for number, value in enumerate(self.values):
            url = f"{server.vault_url()}/secrets/second-{number}?{API}"
            for arguments in (["-X", "PUT", "--data-binary", "@-"], []):
                done = subprocess.run(
                    ["curl", "-sS", "--http2", "--cacert",
                     str(server.ca_file), "-H",
                     f"Authorization: Bearer {token}", url, *arguments],
                    input=json.dumps({"value": value}).encode(),
                    capture_output=True, check=True)
                assert json.loads(done.stdout)["value"] == value

    def refusals(self, token):
        """Bodies with values that are not taken."""
        server, value = self.server, self.values[1]
        for path, body, bearer in (
                ("/secrets/a.b", {"value": value}, token),
                ("/secrets/x", {"value": [value]}, token),
                ("/secrets/x", {"value": value * 30}, token),
                ("/secrets/x", f'{{"value":"{value}'.encode(), token),
                ("/secrets/x", {"value": value}, None),
                ("/secrets/x", {"value": value}, token + "x"),
                ("/secrets/x", {"value": value * 1000}, token),
                ("/secrets/x", {"value": value}, server.issuer.token("x"))):
            answer = server.call("PUT", f"{path}?{API}", body, bearer)
            assert answer.status >= 400, answer
        # and a client that leaves in the middle of its body
        connection = server.connect()
        connection.send(
            f"PUT /secrets/x?{API} HTTP/1.1\r\n"
            f"Host: demo.vault.localhost:{server.port}\r\n"
            f"Authorization: Bearer {token}\r\nContent-Length: 20000\r\n\r\n"
            f'{{"value":"{value}'.encode())
        connection.close()

    def keep_connections_open(self, token):
        """Idle ones, whose last request carried and returned a value."""
        server = self.server
        for tls in (False, True):
            for value in self.values:
                connection = server.connect(tls=tls)
                port = server.tls_port if tls else server.port
                headers = {"Host": f"demo.vault.localhost:{port}",
                           "Authorization": f"Bearer {token}"}
                succeeded(connection.request(
                    "PUT", f"/secrets/open?{API}", headers,
                    json.dumps({"value": value}).encode()))
                succeeded(connection.request(
                    "GET", f"/secrets/open?{API}", headers))
                self.open.append(connection)

    # --- what to look for -------------------------------------------------------

    def value_needles(self, needles, add):
        for number, value in enumerate(self.values):
            add(needles, f"value {number}", value)
        add(needles, "client secret", self.principal.secret)

    def key_needles(self, needles):
        needles.binary("seal key", self.seal)
        for kind, key in self.keys:
            if kind != "signing":
                needles.binary(f"{kind} key", key)
                continue
            for member in ("d", "p", "q", "dp", "dq", "qi"):
                text = key[member]
                needles.text(f"signing key {member}, base64url", text)
                data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
                needles.binary(f"signing key {member}", data[8:48])
                needles.binary(f"signing key {member}, its end", data[-40:])

    def token_needles(self, needles):
        for number, token in enumerate(self.tokens):
            _, claims, signature = token.split(".")
            needles.text(f"token {number}, signature", signature)
            needles.text(f"token {number}, claims", claims)


@pytest.fixture(scope="module")
def scene(tmp_path_factory):
    with VaultServer() as server:
        made = Scene(server, tmp_path_factory.mktemp("plaintext"))
        yield made
        for connection in made.open:
            connection.close()


def test_the_search_finds_what_is_there(scene):
    """A process that does hold a value, so that the tests below can fail."""
    value = random_text(40)
    process = subprocess.Popen(
        [sys.executable, "-c", "import sys; value = sys.stdin.readline();"
         "print('ready', flush=True); sys.stdin.readline()"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        process.stdin.write(value + "\n")
        process.stdin.flush()
        assert process.stdout.readline() == "ready\n"
        needles = Needles()
        needles.encoded("value", value)
        assert "value" in Core(process.pid, scene.folder).find(needles)
    finally:
        process.stdin.close()
        process.stdout.close()
        process.wait()
    assert needles.find(b"xx" + base64.b64encode(b"yy" + value.encode()))
    assert needles.find_in_registers(b"\0" * 64 + value[8:24].encode()
                                     + b"\0" * 64)
    kinds = [kind for kind, _ in scene.keys]
    assert kinds.count("root") == 1 and "vault" in kinds
    assert "signing" in kinds


def test_no_file_holds_anything(scene):
    needles = Needles()
    scene.value_needles(needles, Needles.encoded)
    scene.key_needles(needles)
    scene.token_needles(needles)
    found = {}
    files = 0
    for path in scene.server.prefix.rglob("*"):
        # the seal key's own file is where the seal key is
        if path.is_file() and path != scene.server.seal:
            files += 1
            if what := needles.find(path.read_bytes()):
                found[str(path.relative_to(scene.server.prefix))] = what
    assert not found
    assert files >= 8, "too few files were looked at"
    for name in ("store/data.mdb", "logs/audit.log", "logs/error.log",
                 "logs/access.log"):
        assert (scene.server.prefix / name).stat().st_size, name


def test_no_memory_holds_values_or_keys(scene, capsys):
    # nothing to poll for: that nothing happens is the condition
    time.sleep(IDLE)
    needles = Needles()
    scene.value_needles(needles, Needles.text)
    scene.key_needles(needles)
    tokens = Needles()
    scene.token_needles(tokens)
    proof = Needles()
    proof.text("the configuration", "demo.vault.localhost")
    proof.text("the resource", scene.server.resource)
    found, remaining = {}, {}
    processes = {"master": scene.server.master}
    for number, worker in enumerate(scene.server.workers()):
        processes[f"worker {number}"] = worker
    assert len(processes) == 3
    for name, pid in processes.items():
        core = Core(pid, scene.folder)
        assert core.find(proof), f"the core of the {name} is not its memory"
        assert len(core.notes) > 1000
        if what := core.find(needles):
            found[name] = what
        if what := core.find(tokens):
            remaining[name] = what
    with capsys.disabled():
        print("\ntokens in the memory of idle processes:",
              json.dumps(remaining, indent=2) if remaining else "none")
    assert not found, json.dumps(found, indent=2)
