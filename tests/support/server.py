"""A vault on this machine: its store, its nginx, its address."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import urllib.parse
import uuid
from pathlib import Path

from . import config as configs
from .paths import MODULE, NGINX, SANITIZE, VAULTCTL, compiler_library
from .pki import make_server_pki
from .tokens import Issuer
from .waiting import wait_until
from .wire import Connection

API = "api-version=7.5"

# what must never stand in an error log; lines that nginx did not write come
# from a library that dies
ALARMS = re.compile(
    r"\[(alert|emerg|crit)\]|exited on signal|AddressSanitizer|runtime error:"
    r"|^(?!\d{4}/\d\d/\d\d ).*(Assertion|corrupt|smashing|free\(\)|malloc)")


class CommandFailed(Exception):
    """vaultctl ended with another exit code than 0."""

    def __init__(self, process):
        super().__init__(f"{process.args}: exit code {process.returncode}: "
                         f"{process.stderr}")
        self.code = process.returncode
        self.stderr = process.stderr


class Principal:
    """A principal of the local authority, as vaultctl made it."""

    def __init__(self, answer):
        self.client_id = answer["clientId"]
        self.object_id = answer["objectId"]
        self.secret = answer.get("clientSecret")


def free_ports(count):
    sockets = [socket.socket() for _ in range(count)]
    for one in sockets:
        one.bind(("127.0.0.1", 0))
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


def process_alive(pid):
    """Whether a process runs (one that only waits to be reaped does not)."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False
    return stat.rpartition(")")[2].split()[0] != "Z"


def children(pid):
    """The living child processes of a process."""
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            stat = (entry / "stat").read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        if int(stat[1]) == pid and stat[0] != "Z":
            found.append(int(entry.name))
    return found


class VaultServer:
    """Use it in a `with`: it is prepared and started on entry, and on exit
    stopped, its logs looked through, its folder removed."""

    def __init__(self, config=configs.BASE, values=None, vaults=("demo",),
                 environment=None, allowed_alarms=None, start=True):
        self.config = config
        self.values = dict(values or {})
        self.vaults = vaults
        self.environment = dict(environment or {})
        self.allowed_alarms = allowed_alarms
        self.start_on_entry = start
        self.started = False
        self.master = None
        self.tokens = {}

    # --- from nothing to a server ------------------------------------------

    def __enter__(self):
        try:
            self.prepare()
            if self.start_on_entry:
                self.start()
        except BaseException:
            self.cleanup()
            raise
        return self

    def __exit__(self, kind, *_):
        try:
            self.stop()
            if kind is None and self.started:
                self.check_logs()
        finally:
            self.cleanup()

    def prepare(self):
        self.prefix = Path(tempfile.mkdtemp(prefix="vault-test-"))
        # workers give up root's rights and must still reach the store
        self.prefix.chmod(0o755)
        for name in ("logs", "temp", "pki", "sanitizer"):
            (self.prefix / name).mkdir()
        (self.prefix / "sanitizer").chmod(0o777)
        self.port, self.tls_port = free_ports(2)
        self.store = self.prefix / "store"
        self.seal = self.prefix / "seal.key"
        self.audit_log = self.prefix / "logs" / "audit.log"
        self.error_log = self.prefix / "logs" / "error.log"
        self.ca_file = self.prefix / "pki" / "ca.pem"
        self.resource = f"https://vault.localhost:{self.tls_port}"
        self.login = f"https://login.localhost:{self.tls_port}"
        self.management = f"https://management.localhost:{self.tls_port}"
        make_server_pki(self.prefix / "pki")
        self.tenant = str(uuid.uuid4())
        made = self.ctl("init", "--tenant", self.tenant)
        self.subscription = made["installation"]
        self.issuer = Issuer(self.tenant, self.resource)
        self.issuer.write_jwks(self.prefix / "jwks.json")
        for vault in self.vaults:
            self.ctl("vault", "create", vault)
        self.write_config()

    def write_config(self, config=None, **values):
        """Writes nginx.conf; values replace those given at first."""
        if config is not None:
            self.config = config
        self.values.update(values)
        known = {
            "PREFIX": self.prefix, "MODULE": MODULE, "STORE": self.store,
            "SEAL": self.seal, "TENANT": self.tenant, "PORT": self.port,
            "TLS_PORT": self.tls_port, "RESOURCE": self.resource,
            "LOGIN": self.login, "MANAGEMENT": self.management,
            "PKI": self.prefix / "pki", "JWKS": self.prefix / "jwks.json",
            "MAIN": "", "HTTP": "", "SERVER": "", "LOCATION": "",
        }
        known.update(self.values)
        if SANITIZE:
            # nginx hands its environment to a new binary only by name
            known["MAIN"] = ("env LD_PRELOAD; env ASAN_OPTIONS; "
                             f"env UBSAN_OPTIONS; {known['MAIN']}")

        def fill(text):
            return re.sub(r"%%(\w+)%%", lambda m: fill(str(known[m[1]])), text)

        self.config_file = self.prefix / "nginx.conf"
        self.config_file.write_text(fill(self.config))

    # --- vaultctl ----------------------------------------------------------

    def ctl_raw(self, *arguments, stdin=""):
        """Runs vaultctl on this store; returns the finished process."""
        command = [VAULTCTL, *map(str, arguments), "--store", str(self.store),
                   "--seal", str(self.seal)]
        return subprocess.run(command, input=stdin, capture_output=True,
                              text=True, timeout=60)

    def ctl(self, *arguments):
        """The same with --json; returns what it answered."""
        process = self.ctl_raw(*arguments, "--json")
        if process.returncode != 0:
            raise CommandFailed(process)
        return json.loads(process.stdout) if process.stdout.strip() else None

    def create_principal(self, name, certificate=None):
        arguments = ["principal", "create", name]
        if certificate is not None:
            arguments += ["--certificate", certificate]
        return Principal(self.ctl(*arguments))

    def allow(self, object_id, *permissions, vault="demo", family="secrets"):
        """Sets the permissions on a family (secrets, keys, certificates)
        and leaves the others; without any all are removed."""
        if not permissions:
            self.ctl("policy", "delete", vault, object_id)
            return
        self.ctl("policy", "set", vault, object_id,
                 f"--{family}", ",".join(permissions))

    def assign(self, object_id, role, scope="/"):
        """Gives a role, by its name or id."""
        self.ctl("role", "assign", "--role", role, "--principal", object_id,
                 "--scope", scope)

    # --- nginx -------------------------------------------------------------

    def nginx_environment(self):
        environment = dict(os.environ)
        preload = []
        if SANITIZE:
            preload += [compiler_library("libasan.so"),
                        compiler_library("libubsan.so")]
            log = self.prefix / "sanitizer" / "report"
            environment["ASAN_OPTIONS"] = (
                f"detect_leaks=0:abort_on_error=1:log_path={log}")
            environment["UBSAN_OPTIONS"] = (
                f"print_stacktrace=1:halt_on_error=1:log_path={log}")
        environment.update(self.environment)
        preload += environment.get("LD_PRELOAD", "").split()
        if preload:
            environment["LD_PRELOAD"] = " ".join(preload)
        return environment

    def nginx(self, *arguments):
        """Runs the nginx command with this server's configuration."""
        return subprocess.run(
            [NGINX, "-p", str(self.prefix), "-c", str(self.config_file),
             "-e", str(self.error_log), *arguments],
            env=self.nginx_environment(), capture_output=True, text=True,
            timeout=60)

    def start(self):
        started = self.nginx()
        self.started = True
        log = self.log_text()
        assert started.returncode == 0, f"{started.stderr}\n{log}"
        self.master = self.read_pid()
        self.ready()

    def read_pid(self):
        pid_file = self.prefix / "nginx.pid"
        return int(wait_until(
            lambda: pid_file.exists() and pid_file.read_text().strip(),
            "nginx writes its pid"))

    def ready(self):
        """Waits until a worker answers."""
        def answers():
            try:
                with self.connect() as connection:
                    return connection.request(
                        "GET", f"/secrets?{API}", self.host_header()).status
            except OSError:
                return None
        wait_until(answers, "nginx answers")

    def stop(self):
        """Ends nginx by its pid and waits until it and its workers are gone."""
        if self.master is None or not process_alive(self.master):
            return
        processes = [self.master, *children(self.master)]
        os.kill(self.master, signal.SIGTERM)
        wait_until(lambda: not any(map(process_alive, processes)),
                   "nginx ends")
        self.master = None

    def workers(self):
        return children(self.master)

    def reload(self):
        """Loads the configuration again; waits until new workers are there
        and the old ones are gone."""
        before = self.workers()
        os.kill(self.master, signal.SIGHUP)
        wait_until(lambda: set(self.workers()) - set(before),
                   "new workers start")
        wait_until(lambda: not any(map(process_alive, before)),
                   "the old workers end", timeout=30)

    def log_text(self):
        try:
            return self.error_log.read_text(errors="replace")
        except FileNotFoundError:
            return ""

    def check_logs(self):
        """No alert, no worker died, no sanitizer has reported."""
        bad = [line for line in self.log_text().split("\n")
               if ALARMS.search(line)
               and not (self.allowed_alarms
                        and re.search(self.allowed_alarms, line))]
        reports = [path.read_text(errors="replace")[:5000]
                   for path in (self.prefix / "sanitizer").iterdir()]
        assert not bad and not reports, "\n".join([*bad, *reports])

    def cleanup(self):
        prefix = getattr(self, "prefix", None)
        if prefix is None:
            return
        if self.master is not None:
            self.stop()
        self.end_the_rest()
        if os.environ.get("KEEP_TEST_FOLDERS"):
            print(f"kept: {prefix}")
            return
        shutil.rmtree(prefix, ignore_errors=True)

    def end_the_rest(self):
        """A test that fails during a binary upgrade leaves a second master."""
        for entry in Path("/proc").iterdir():
            try:
                title = (entry / "cmdline").read_bytes()
            except OSError:
                continue
            if (title.startswith(b"nginx: master")
                    and f"-p {self.prefix} ".encode() in title):
                os.kill(int(entry.name), signal.SIGTERM)

    # --- requests ----------------------------------------------------------

    def connect(self, tls=False, vault="demo", timeout=30):
        if tls:
            return Connection(self.tls_port, f"{vault}.vault.localhost",
                              self.ca_file, timeout)
        return Connection(self.port, timeout=timeout)

    def host_header(self, vault="demo"):
        return {"Host": f"{vault}.vault.localhost:{self.port}"}

    def base_url(self, vault="demo"):
        """The vault's address over plain HTTP, as ids show it."""
        return f"http://{vault}.vault.localhost:{self.port}"

    def vault_url(self, vault="demo"):
        return f"https://{vault}.vault.localhost:{self.tls_port}"

    def grant(self, *permissions, vault="demo", oid=None, family="secrets"):
        """A new principal of the test issuer with these permissions ("all"
        and "purge" on secrets and keys if none are named): its token."""
        oid = oid or str(uuid.uuid4())
        if permissions:
            self.allow(oid, *permissions, vault=vault, family=family)
        else:
            for every in ("secrets", "keys"):
                self.allow(oid, "all", "purge", vault=vault, family=every)
        return self.issuer.token(oid)

    def admin(self, vault="demo"):
        """The token of a principal that may do everything."""
        if vault not in self.tokens:
            self.tokens[vault] = self.grant(vault=vault)
        return self.tokens[vault]

    def headers(self, token=True, vault="demo", more=None):
        headers = self.host_header(vault)
        if token is True:
            token = self.admin(vault)
        if token:
            headers["Authorization"] = f"Bearer {token}"
        headers.update(more or {})
        return headers

    def call(self, method, target, body=None, token=True, vault="demo",
             headers=None, connection=None):
        """One request over plain HTTP.

        body: bytes as they are, anything else as JSON.  token True: the
        administrator's, None: none.
        """
        headers = self.headers(token, vault, headers)
        if body is not None and not isinstance(body, bytes):
            body = json.dumps(body).encode()
        if body is not None and "Content-Type" not in headers:
            headers["Content-Type"] = "application/json"
        if connection is not None:
            return connection.request(method, target, headers, body)
        with self.connect() as connection:
            return connection.request(method, target, headers, body)

    def set(self, name, value="value", **members):
        """Sets a secret and returns its bundle."""
        answer = self.call("PUT", f"/secrets/{name}?{API}",
                           {"value": value, **members})
        assert answer.status == 200, answer
        return answer.json

    def get(self, name):
        return self.call("GET", f"/secrets/{name}?{API}")

    def local_token(self, principal, connection=None):
        """A token of the local authority for a client secret."""
        answer = self.token_request(principal)
        assert answer.status == 200, answer
        return answer.json["access_token"]

    def token_request(self, principal, **changes):
        form = {"grant_type": "client_credentials",
                "client_id": principal.client_id,
                "client_secret": principal.secret,
                "scope": f"{self.resource}/.default", **changes}
        body = urllib.parse.urlencode(
            {k: v for k, v in form.items() if v is not None}).encode()
        with self.connect() as connection:
            return connection.request(
                "POST", f"/{self.tenant}/oauth2/v2.0/token",
                {"Host": f"login.localhost:{self.port}",
                 "Content-Type": "application/x-www-form-urlencoded"}, body)

    def records(self, correlation_id=None):
        """The access records so far, or those of one request.  The record of
        a change is there before its answer, that of a read soon after."""
        if not self.audit_log.exists():
            return []
        # what follows the last line feed is being written
        lines = self.audit_log.read_text().split("\n")[:-1]
        records = [json.loads(line) for line in lines]
        if correlation_id is None:
            return records
        return [r for r in records if r["correlationId"] == correlation_id]
