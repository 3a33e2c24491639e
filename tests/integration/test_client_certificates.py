"""TLS client certificates as identities: real ones, through nginx, over
HTTP/1.1 and HTTP/2; and all that must not pass for one."""

import base64
import json
import ssl
import subprocess
import time
import uuid

import pytest
from cryptography import x509

from support.checks import refused, succeeded
from support.config import BASE
from support.pki import ClientAuthority
from support.server import API, VaultServer
from support.wire import Connection

TARGET = f"/secrets/shown?{API}"

# the vaults of the base configuration, and two more servers for the same
# ones: with another authority, and for certificates of no authority at all
SERVER = """
    ssl_verify_client optional;
    ssl_client_certificate %%PREFIX%%/clients/ours.pem;
"""
MORE = """
    server {
        listen 127.0.0.1:%%TLS_PORT%% ssl http2;
        server_name *.other.localhost;
        ssl_verify_client optional;
        ssl_client_certificate %%PREFIX%%/clients/theirs.pem;
        %%IDENTITIES%%

        location / {
            vault https://other.localhost:%%TLS_PORT%%;
        }
    }

    server {
        listen 127.0.0.1:%%TLS_PORT%% ssl http2;
        server_name *.any.localhost;
        ssl_verify_client optional_no_ca;
        %%IDENTITIES%%

        location / {
            vault https://any.localhost:%%TLS_PORT%%;
        }
    }

    server {
        listen 127.0.0.1:%%TLS_PORT%% ssl http2;
        server_name *.must.localhost;
        ssl_verify_client on;
        ssl_client_certificate %%PREFIX%%/clients/ours.pem;

        location / {
            %%IDENTITIES%%
            vault https://must.localhost:%%TLS_PORT%%;
        }
    }
}
"""
CONFIG = BASE.rstrip().removesuffix("}") + MORE


def directive(by, oid, more=""):
    return f"vault_client_certificate {by} principal={oid} {more};\n"


class World:
    """The server, and who has which certificate."""

    def __init__(self, server):
        self.server = server
        folder = server.prefix / "clients"
        folder.mkdir()
        self.ours = ClientAuthority(folder, "ours")
        self.theirs = ClientAuthority(folder, "theirs")
        self.oid = str(uuid.uuid4())
        self.weak = str(uuid.uuid4())
        self.pinned = self.ours.issue("pinned")
        self.named = self.ours.issue("named")
        self.workload = self.ours.issue("workload", [
            x509.DNSName("unused.example.com"),
            x509.UniformResourceIdentifier("spiffe://example.com/shop")])
        self.host = self.ours.issue("host", [x509.DNSName("App.example.com")])
        self.person = self.ours.issue("person",
                                      [x509.RFC822Name("ann@example.com")])
        self.weakling = self.ours.issue("weakling")
        self.stranger = self.ours.issue("stranger", [
            x509.DNSName("spiffe://example.com/shop"),
            x509.DNSName("*.example.com")])
        self.own = self.ours.issue("own", self_signed=True)
        server.allow(self.oid, "get")
        server.values["SERVER"] = SERVER
        server.values["IDENTITIES"] = self.identities()
        server.values["LOCATION"] = self.identities()

    def identities(self):
        colons = self.pinned.fingerprint.hex(":").upper()
        return (directive(f"fingerprint={colons}", self.oid.upper())
                + directive(f"fingerprint={self.own.fingerprint.hex()}",
                            self.oid)
                + directive(f"'subject={self.named.subject}'", self.oid)
                + directive("san=spiffe://example.com/shop", self.oid)
                + directive("san=app.example.com", self.oid,
                            "tenant=%%TENANT%%")
                + directive("san=ann@example.com", self.oid)
                + directive(f"'subject={self.weakling.subject}'", self.weak))

    def context(self, certificate, version=None):
        context = ssl.create_default_context(cafile=self.server.ca_file)
        context.check_hostname = False
        if certificate is not None:
            context.load_cert_chain(certificate.file)
        if version is not None:
            context.maximum_version = version
        return context

    def connect(self, certificate, domain="vault", **options):
        context = options.pop("context", None) or self.context(certificate)
        return Connection(self.server.tls_port, f"demo.{domain}.localhost",
                          context=context, **options)

    def ask(self, certificate, domain="vault", headers=None, host=None,
            connection=None):
        headers = {"Host": f"{host or f'demo.{domain}.localhost'}:"
                           f"{self.server.tls_port}", **(headers or {})}
        if connection is not None:
            return connection.request("GET", TARGET, headers)
        with self.connect(certificate, domain) as connection:
            return connection.request("GET", TARGET, headers)


@pytest.fixture(scope="module")
def world():
    with VaultServer(CONFIG, {"IDENTITIES": ""}, start=False) as server:
        made = World(server)
        server.write_config()
        server.start()
        server.set("shown", "to whom it may concern")
        yield made


def challenged(world, answer, domain="vault"):
    refused(answer, 401, "Unauthorized")
    assert answer.header("WWW-Authenticate") == (
        f'Bearer authorization="{world.server.login}/{world.server.tenant}", '
        f'resource="https://{domain}.localhost:{world.server.tls_port}"')


@pytest.mark.parametrize("who", ["pinned", "named", "workload", "host",
                                 "person"])
@pytest.mark.parametrize("domain", ["vault", "must"])
def test_a_certificate_is_enough(world, who, domain):
    certificate = getattr(world, who)
    request_id = str(uuid.uuid4())
    answer = world.ask(certificate, domain,
                       {"x-ms-client-request-id": request_id})
    assert succeeded(answer)["value"] == "to whom it may concern"
    with world.connect(certificate, domain) as connection:
        world.ask(certificate, domain, connection=connection)
        (record,) = world.server.records(request_id)
    assert record["identity"]["claim"] == {
        "oid": world.oid, "tid": world.server.tenant,
        "x5t#S256": base64.urlsafe_b64encode(
            certificate.fingerprint).rstrip(b"=").decode()}


def test_who_may_nothing(world):
    refused(world.ask(world.weakling), 403, "Forbidden", "AccessDenied")


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2,
                                     ssl.TLSVersion.TLSv1_3])
def test_a_session_that_is_resumed(world, version):
    context = world.context(world.named, version)
    with world.connect(None, context=context) as connection:
        succeeded(world.ask(None, connection=connection))
        session = connection.socket.session
    with world.connect(None, context=context, session=session) as connection:
        assert connection.socket.session_reused
        succeeded(world.ask(None, connection=connection))


@pytest.mark.parametrize("http", ["--http1.1", "--http2"])
def test_curl(world, http):
    port = world.server.tls_port
    command = ["curl", "-sS", http, "--cacert", world.server.ca_file,
               "--resolve", f"demo.vault.localhost:{port}:127.0.0.1",
               "-w", "\n%{http_version} %{http_code}",
               f"https://demo.vault.localhost:{port}{TARGET}"]
    version = http[-1] if http == "--http2" else "1.1"
    for certificate, status in ((world.pinned, 200), (world.stranger, 401),
                                (world.weakling, 403)):
        done = subprocess.run([*command, "-E", certificate.file], check=True,
                              capture_output=True, text=True)
        body, _, last = done.stdout.rpartition("\n")
        assert last == f"{version} {status}"
        assert ("value" in json.loads(body)) == (status == 200)


def test_no_certificate_and_one_that_nobody_has(world):
    challenged(world, world.ask(None))
    challenged(world, world.ask(world.stranger))
    challenged(world, world.ask(world.stranger, "any"), "any")
    # nor over a port without TLS
    refused(world.server.call("GET", TARGET, token=None), 401, "Unauthorized")


def test_another_authority(world):
    """The same names, by whom nobody has asked: nginx refuses it, or, where
    it does not look, it is nobody's."""
    twin = world.theirs.issue("named", [x509.DNSName("app.example.com")])
    assert world.ask(twin).status == 400
    assert world.ask(twin, "must").status == 400
    challenged(world, world.ask(twin, "any"), "any")
    # where that authority is trusted the names count
    succeeded(world.ask(twin, "other"))


def test_a_certificate_of_no_authority(world):
    """Only its fingerprint tells it from another that anybody can make."""
    succeeded(world.ask(world.own, "any"))
    assert world.ask(world.own).status == 400
    forged = world.ours.issue("own", self_signed=True)
    challenged(world, world.ask(forged, "any"), "any")
    forged = world.ours.issue("named", self_signed=True)
    challenged(world, world.ask(forged, "any"), "any")


def test_expired(world):
    old = world.ours.issue("named", seconds=-60)
    assert world.ask(old).status == 400
    assert world.ask(old, "any").status == 400


def test_it_expires_while_the_connection_stays(world):
    short = world.ours.issue("named", seconds=3)
    with world.connect(short) as connection:
        succeeded(world.ask(short, connection=connection))
        time.sleep(3.5)
        challenged(world, world.ask(short, connection=connection))


def test_a_token_wins(world):
    for authorization in ("Bearer x", "Basic eDp5", ""):
        challenged(world, world.ask(world.pinned, headers={
            "Authorization": authorization}))
    other = str(uuid.uuid4())
    token = world.server.issuer.token(other)
    answer = world.ask(world.pinned,
                       headers={"Authorization": f"Bearer {token}"})
    refused(answer, 403, "Forbidden", "AccessDenied")
    assert other in answer.message


def test_a_browser_is_not_led_by_other_pages(world):
    challenged(world, world.ask(world.pinned, headers={
        "Origin": "https://evil.test"}))
    challenged(world, world.ask(world.pinned, headers={"Origin": "null"}))


def test_verified_by_another_server(world):
    """Each server trusts its own authority, whatever the connection or the
    session was made for."""
    twin = world.theirs.issue("named")
    # the server that was asked for is not the one that was connected to
    answer = world.ask(twin, "other", host="demo.vault.localhost")
    assert answer.status == 421
    # without a server name it is the first one's connection
    with Connection(world.server.tls_port,
                    context=world.context(world.named)) as connection:
        succeeded(world.ask(None, connection=connection))
        challenged(world, world.ask(None, "other", connection=connection),
                   "other")


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2,
                                     ssl.TLSVersion.TLSv1_3])
def test_a_session_of_another_server(world, version):
    twin = world.theirs.issue("named")
    context = world.context(twin, version)
    with world.connect(None, "other", context=context) as connection:
        succeeded(world.ask(None, "other", connection=connection))
        session = connection.socket.session
    try:
        with world.connect(None, context=context,
                           session=session) as connection:
            answer = world.ask(None, connection=connection)
    except ssl.SSLError:
        return
    assert answer.status in (400, 401, 421), answer


def test_a_mapping_that_is_taken_away(world):
    leaver = world.ours.issue("leaver")
    server = world.server
    before = server.values["LOCATION"]
    server.write_config(LOCATION=before + directive(
        f"'subject={leaver.subject}'", world.oid))
    server.reload()
    succeeded(world.ask(leaver))
    server.write_config(LOCATION=before)
    server.reload()
    challenged(world, world.ask(leaver))
    succeeded(world.ask(world.named))
