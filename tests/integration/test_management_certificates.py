"""TLS client certificates as identities on the management plane, through
nginx; and all that must not pass for one there."""

import base64
import json
import ssl
import subprocess
import time
import urllib.parse
import uuid

import pytest

from support.checks import succeeded
from support.config import BASE
from support.pki import ClientAuthority
from support.server import API, VaultServer
from support.wire import Connection

READER = "Reader"
CONTRIBUTOR = "Key Vault Contributor"
VERSION = "api-version=2023-07-01"
HOST = "management.localhost"

# vaults trust another authority than their management does
SERVER = """
    ssl_verify_client optional;
    ssl_client_certificate %%PREFIX%%/clients/theirs.pem;
"""
HTTP = """
    server {
        listen 127.0.0.1:%%PORT%%;
        listen 127.0.0.1:%%TLS_PORT%% ssl http2;
        server_name management.localhost;
        ssl_verify_client %%VERIFY%%;
        ssl_client_certificate %%PREFIX%%/clients/ours.pem;

        location / {
            vault_management %%MANAGEMENT%% location=north1;
            %%IDENTITIES%%
        }
    }
"""


class World:
    """The server, and who has which certificate."""

    def __init__(self, server):
        self.server = server
        folder = server.prefix / "clients"
        folder.mkdir()
        self.ours = ClientAuthority(folder, "ours")
        self.theirs = ClientAuthority(folder, "theirs")
        self.vaults = (f"/subscriptions/{server.subscription}/resourceGroups/"
                       "default/providers/Microsoft.KeyVault/vaults")
        self.demo = f"{self.vaults}/demo?{VERSION}"
        self.people = {}
        self.oids = {}
        for name in ("reader", "contributor", "nobody", "foreigner"):
            self.people[name] = self.ours.issue(name)
            self.oids[name] = str(uuid.uuid4())
        self.people["stranger"] = self.ours.issue("stranger")
        self.people["own"] = self.ours.issue("own", self_signed=True)
        self.data = self.theirs.issue("data")
        server.assign(self.oids["reader"], READER)
        server.assign(self.oids["contributor"], CONTRIBUTOR)
        server.assign(self.oids["foreigner"], CONTRIBUTOR)
        server.allow(self.oids["reader"], "get")
        server.write_config(
            SERVER=SERVER, VERIFY="optional", IDENTITIES=self.identities(),
            LOCATION=self.mapping(self.data, self.oids["reader"]))

    @staticmethod
    def mapping(certificate, oid, more="", by="subject"):
        name = (f"subject={certificate.subject}" if by == "subject"
                else f"fingerprint={certificate.fingerprint.hex()}")
        return f"vault_client_certificate '{name}' principal={oid} {more};\n"

    def identities(self):
        people = self.people
        return (self.mapping(people["reader"], self.oids["reader"])
                + self.mapping(people["contributor"],
                               self.oids["contributor"], by="fingerprint")
                + self.mapping(people["nobody"], self.oids["nobody"])
                + self.mapping(people["own"], self.oids["reader"],
                               by="fingerprint")
                + self.mapping(people["foreigner"], self.oids["foreigner"],
                               f"tenant={uuid.uuid4()}"))

    def context(self, certificate):
        context = ssl.create_default_context(cafile=self.server.ca_file)
        context.check_hostname = False
        if certificate is not None:
            context.load_cert_chain(certificate.file)
        return context

    def connect(self, who, name=HOST):
        certificate = self.people[who] if isinstance(who, str) else who
        return Connection(self.server.tls_port, name,
                          context=self.context(certificate))

    def ask(self, who, method="GET", target=None, body=None, headers=None,
            connection=None):
        headers = {"Host": f"{HOST}:{self.server.tls_port}", **(headers or {})}
        if body is not None:
            headers["Content-Type"] = "application/json"
            body = json.dumps(body).encode()
        arguments = (method, target or self.demo, headers, body)
        if connection is not None:
            return connection.request(*arguments)
        with self.connect(who) as opened:
            return opened.request(*arguments)

    def reload(self, **values):
        self.server.write_config(**values)
        self.server.reload()


@pytest.fixture(scope="module")
def world():
    with VaultServer(BASE, {"HTTP": HTTP, "IDENTITIES": "",
                            "VERIFY": "off"}, start=False) as server:
        made = World(server)
        server.start()
        yield made


def challenged(answer, code="AuthenticationFailed"):
    """Nobody is known: the challenge, in the form of this plane."""
    assert answer.status == 401, answer
    assert answer.error == (code, None), answer
    assert answer.header("WWW-Authenticate").startswith("Bearer "), answer


def denied(answer, oid):
    """Somebody is known, who may not."""
    assert answer.status == 403, answer
    assert answer.error == ("AuthorizationFailed", None), answer
    assert oid in answer.message


def test_a_certificate_is_enough(world):
    one = str(uuid.uuid4())
    with world.connect("reader") as connection:
        vault = succeeded(world.ask(None, connection=connection, headers={
            "x-ms-client-request-id": one}))
        world.ask(None, connection=connection)
        record, = world.server.records(one)
    assert vault["name"] == "demo"
    assert record["operationName"] == "VaultGet"
    assert record["identity"]["claim"] == {
        "oid": world.oids["reader"], "tid": world.server.tenant,
        "x5t#S256": base64.urlsafe_b64encode(
            world.people["reader"].fingerprint).rstrip(b"=").decode()}


def test_each_does_what_its_roles_allow(world):
    body = {"location": "north1", "properties": {
        "tenantId": world.server.tenant, "accessPolicies": [],
        "sku": {"family": "A", "name": "standard"}}}
    target = f"{world.vaults}/made?{VERSION}"
    denied(world.ask("reader", "PUT", target, body), world.oids["reader"])
    assert world.ask("contributor", "PUT", target, body).status in (200, 201)
    made = succeeded(world.ask("contributor", "GET", target))
    assert made["systemData"]["createdBy"] == world.oids["contributor"]
    denied(world.ask("reader", "DELETE", target), world.oids["reader"])
    assert world.ask("contributor", "DELETE", target).status == 200


@pytest.mark.parametrize("http", ["--http1.1", "--http2"])
def test_curl(world, http):
    port = world.server.tls_port
    for who, status in (("reader", 200), ("nobody", 403), ("stranger", 401)):
        done = subprocess.run(
            ["curl", "-sS", http, "--cacert", world.server.ca_file,
             "--resolve", f"{HOST}:{port}:127.0.0.1", "-o", "/dev/null",
             "-E", world.people[who].file, "-w", "%{http_code}",
             f"https://{HOST}:{port}{world.demo}"],
            check=True, capture_output=True, text=True)
        assert done.stdout == str(status)


def test_known_and_without_a_role(world):
    oid = world.oids["nobody"]
    for method, target, body in (
            ("GET", world.demo, None), ("PATCH", world.demo, {"tags": {}}),
            ("DELETE", world.demo, None),
            ("PUT", world.demo.replace("demo", "mine"), {}),
            ("GET", world.demo.replace("demo", "absent"), None),
            ("PUT", world.demo.replace("demo?", "demo/secrets/s?"),
             {"properties": {"value": "v"}}),
            ("GET", f"/subscriptions/{world.server.subscription}/providers/"
             f"Microsoft.KeyVault/locations/north1/deletedVaults/x?{VERSION}",
             None)):
        denied(world.ask("nobody", method, target, body), oid)
    # a list is for everybody, and has what one may see
    listed = world.ask("nobody", target=f"{world.vaults}?{VERSION}")
    assert succeeded(listed)["value"] == []
    listed = world.ask("reader", target=f"{world.vaults}?{VERSION}")
    assert [v["name"] for v in succeeded(listed)["value"]] == ["demo"]


def test_nobody(world):
    challenged(world.ask(None))
    challenged(world.ask("stranger"))
    # a record tells of nobody
    one = str(uuid.uuid4())
    with world.connect("stranger") as connection:
        for _ in range(2):
            world.ask(None, connection=connection, headers={
                "x-ms-client-request-id": one})
    assert world.server.records(one)[0]["identity"] == {"claim": {}}


def test_another_authority(world):
    twin = world.theirs.issue("reader")
    assert twin.subject == world.people["reader"].subject
    assert world.ask(twin).status == 400
    forged = world.ours.issue("reader", self_signed=True)
    assert world.ask(forged).status == 400


def test_where_any_certificate_is_taken(world):
    """Only a fingerprint counts then, or a subject that was verified."""
    twin = world.theirs.issue("reader")
    forged = world.ours.issue("own", self_signed=True)
    old = world.ours.issue("reader", seconds=-60)
    world.reload(VERIFY="optional_no_ca")
    try:
        challenged(world.ask(twin))
        challenged(world.ask(forged))
        assert world.ask(old).status == 400
        succeeded(world.ask("own"))
        succeeded(world.ask("reader"))
    finally:
        world.reload(VERIFY="optional")
    assert world.ask("own").status == 400


def test_expired(world):
    assert world.ask(world.ours.issue("reader", seconds=-60)).status == 400
    short = world.ours.issue("reader", seconds=3)
    with world.connect(short) as connection:
        succeeded(world.ask(None, connection=connection))
        time.sleep(3.5)
        challenged(world.ask(None, connection=connection))


def test_of_another_tenant(world):
    answer = world.ask("foreigner")
    assert answer.status == 401, answer
    assert answer.error[0] == "InvalidAuthenticationTokenTenant"


def spoofs(world):
    """Headers by which proxies tell of certificates and principals."""
    pem = world.people["contributor"].file.read_text()
    pem = pem[pem.index("-----BEGIN CERT"):pem.index("-----BEGIN PRIV")]
    plain = "".join(pem.splitlines()[1:-1])
    quoted = urllib.parse.quote(pem)
    oid = world.oids["contributor"]
    subject = world.people["contributor"].subject
    claims = base64.b64encode(json.dumps({
        "oid": oid, "tid": world.server.tenant}).encode()).decode()
    return {
        "X-SSL-Client-Cert": quoted, "SSL-Client-Cert": quoted,
        "X-SSL-Client-Verify": "SUCCESS", "SSL_CLIENT_VERIFY": "SUCCESS",
        "X-SSL-Client-S-DN": subject, "X-SSL-Client-Fingerprint":
            world.people["contributor"].fingerprint.hex(),
        "X-ARR-ClientCert": plain, "X-Client-Cert": plain,
        "Client-Cert": f":{plain}:", "X-Forwarded-Client-Cert":
            f'Cert="{quoted}";Subject="{subject}"',
        "X-Forwarded-Tls-Client-Cert": quoted,
        "X-MS-Client-Principal": claims, "X-MS-Client-Principal-Id": oid,
        "X-MS-Authorization-Auxiliary": f"Bearer {claims}",
        "X-MS-Client-Object-Id": oid, "X-MS-Client-Tenant-Id":
            world.server.tenant, "X-Forwarded-User": oid,
        "X-HTTP-Method": "GET"}


def test_no_header_passes_for_a_certificate(world):
    headers = spoofs(world)
    for name, value in headers.items():
        challenged(world.ask("stranger", headers={name: value}))
    challenged(world.ask(None, headers=headers))
    # without TLS nobody has shown anything
    challenged(world.server.call(
        "GET", world.demo, token=None,
        headers={**headers, "Host": f"{HOST}:{world.server.port}"}))
    # nor does one change whom a certificate stands for
    headers.pop("X-HTTP-Method")
    denied(world.ask("nobody", headers=headers), world.oids["nobody"])


def test_a_token_wins(world):
    for authorization, code in (
            ("Bearer x", "InvalidAuthenticationToken"),
            ("Basic eDp5", "AuthenticationFailed"),
            ("", "AuthenticationFailed")):
        challenged(world.ask("reader", headers={
            "Authorization": authorization}), code)
    other = str(uuid.uuid4())
    token = world.server.issuer.token(other, aud=world.server.management)
    denied(world.ask("reader", headers={"Authorization": f"Bearer {token}"}),
           other)


def test_a_browser_is_not_led_by_other_pages(world):
    for origin in ("https://evil.test", "null"):
        challenged(world.ask("reader", headers={"Origin": origin}))


def test_each_plane_has_its_own_identities(world):
    """A connection to one plane is nobody's at the other, and a certificate
    that a location of vaults knows is not known here."""
    server = world.server
    vault = {"Host": f"demo.vault.localhost:{server.tls_port}"}
    target = f"/secrets?{API}"
    with world.connect(world.data, "demo.vault.localhost") as connection:
        # known there, and may not list
        assert connection.request("GET", target, vault).status == 403
        assert world.ask(None, connection=connection).status == 421
    with world.connect("reader") as connection:
        succeeded(world.ask(None, connection=connection))
        assert connection.request("GET", target, vault).status == 421
    assert world.ask(world.data).status == 400


def test_a_role_and_a_mapping_that_are_taken_away(world):
    server, leaver = world.server, world.ours.issue("leaver")
    oid = str(uuid.uuid4())
    world.reload(IDENTITIES=world.identities() + world.mapping(leaver, oid))
    denied(world.ask(leaver), oid)
    with world.connect(leaver) as connection:
        server.assign(oid, READER)
        succeeded(world.ask(None, connection=connection))
        server.ctl("role", "unassign", "--role", READER, "--principal", oid,
                   "--scope", "/")
        denied(world.ask(None, connection=connection), oid)
    server.assign(oid, READER)
    succeeded(world.ask(leaver))
    world.reload(IDENTITIES=world.identities())
    challenged(world.ask(leaver))
