"""Workload identity federation: azure-identity's credentials for workloads
against the local authority, with the tokens of an issuer that is trusted for
nothing else."""

import http.server
import json
import threading
import time

import pytest
from azure.core.exceptions import ClientAuthenticationError
from azure.identity import (ClientAssertionCredential,
                            WorkloadIdentityCredential)
from azure.keyvault.secrets import SecretClient

from support.checks import refused
from support.server import API, VaultServer, free_ports
from support.tokens import Issuer

AUDIENCE = "api://AzureADTokenExchange"
CLUSTER = "https://cluster.test"
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
SUBJECT = "system:serviceaccount:shop:checkout"

# their keys come by an address; nobody answers at the second's
CLOUD = "https://cloud.test"
ABSENT = "https://absent.test"

HTTP = f"""
    vault_authority issuer={CLUSTER} jwks=%%PREFIX%%/cluster.json federation;
    vault_authority issuer={CLOUD} jwks=http://127.0.0.1:%%CLOUD%%/keys
                    federation;
    vault_authority issuer={ABSENT} jwks=http://127.0.0.1:%%ABSENT%%/keys
                    federation;
"""


@pytest.fixture(scope="module")
def key_server():
    """Serves the JWKS in its member `keys`."""
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            body = json.dumps(self.server.keys).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as made:
        thread = threading.Thread(target=made.serve_forever)
        thread.start()
        yield made
        made.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def server(key_server):
    values = {"HTTP": HTTP, "CLOUD": key_server.server_address[1],
              "ABSENT": free_ports(1)[0]}
    with VaultServer(values=values, start=False) as prepared:
        prepared.cluster = Issuer(None, AUDIENCE, CLUSTER)
        prepared.cluster.write_jwks(prepared.prefix / "cluster.json")
        key_server.keys = prepared.cluster.jwks()
        prepared.start()
        yield prepared


@pytest.fixture(scope="module")
def account(server):
    principal = server.create_principal("checkout")
    server.allow(principal.object_id, "get", "set")
    added = server.ctl("principal", "federate", "add", "checkout", "cluster",
                       "--issuer", CLUSTER, "--subject", SUBJECT)
    assert added == [{"name": "cluster", "issuer": CLUSTER,
                      "subject": SUBJECT, "audience": AUDIENCE}]
    return principal


def assertion(server, **changes):
    """The token that a pod of the cluster finds in its file."""
    claims = {"sub": SUBJECT, "appid": None, "idtyp": None, "uti": None,
              "tid": None, "aud": [AUDIENCE], **changes}
    return server.cluster.token(None, **claims)


def credential(server, account, token):
    return ClientAssertionCredential(
        server.tenant, account.client_id, lambda: token,
        authority=server.login, disable_instance_discovery=True)


def token_of(server, account, token):
    return credential(server, account, token).get_token(
        f"{server.resource}/.default").token


def test_keys_by_address(server, trust):
    """The first request comes before a worker has fetched them."""
    principal = server.create_principal("cloud")
    server.ctl("principal", "federate", "add", "cloud", "cloud",
               "--issuer", CLOUD, "--subject", SUBJECT, "--audience", "own")
    token = assertion(server, iss=CLOUD, aud="own")
    assert token_of(server, principal, token)


def test_an_issuer_that_is_down(server, account):
    answer = server.token_request(
        account, client_secret=None, client_assertion_type=ASSERTION_TYPE,
        client_assertion=assertion(server, iss=ABSENT))
    assert answer.status == 503, answer
    assert answer.json["error"] == "temporarily_unavailable"
    assert "AADSTS90033" in answer.json["error_description"]


def test_a_pod_reads_a_secret(server, account, trust):
    server.set("shop", "open")
    token = assertion(server)
    for _ in range(2):  # an assertion can be used again
        with SecretClient(server.vault_url(),
                          credential(server, account, token)) as client:
            assert client.get_secret("shop").value == "open"
    record = [r for r in server.records()
              if r["operationName"] == "SecretGet"][-1]
    claims = record["identity"]["claim"]
    assert claims["appid"] == account.client_id
    assert claims["oid"] == account.object_id


def test_from_the_file_that_kubernetes_mounts(server, account, trust):
    file = server.prefix / "token"
    file.write_text(assertion(server))
    workload = WorkloadIdentityCredential(
        tenant_id=server.tenant, client_id=account.client_id,
        token_file_path=str(file), authority=server.login,
        disable_instance_discovery=True)
    assert workload.get_token(f"{server.resource}/.default").token


@pytest.mark.parametrize("changes, code", [
    ({"sub": "system:serviceaccount:shop:other"}, "AADSTS700213"),
    ({"aud": "https://elsewhere.test"}, "AADSTS700212"),
    ({"iss": "https://issuer.test/"}, "AADSTS700027"),
    ({"iss": "https://unknown.test"}, "AADSTS700027"),
    ({"exp": int(time.time()) - 120}, "AADSTS700027"),
    ({"nbf": int(time.time()) + 600}, "AADSTS700027"),
])
def test_wrong_assertions(server, account, trust, changes, code):
    with pytest.raises(ClientAuthenticationError) as caught:
        token_of(server, account, assertion(server, **changes))
    assert code in caught.value.message


def test_signed_by_somebody_else(server, account, trust):
    stranger = Issuer(None, AUDIENCE, CLUSTER)
    with pytest.raises(ClientAuthenticationError, match="signature"):
        token_of(server, account, stranger.token(
            None, sub=SUBJECT, aud=AUDIENCE))


def test_another_principal_is_not_trusted(server, account, trust):
    other = server.create_principal("other")
    with pytest.raises(ClientAuthenticationError, match="AADSTS700211"):
        token_of(server, other, assertion(server))


def test_it_is_no_access_token(server, account):
    server.set("closed", "x")
    for audience in (AUDIENCE, server.resource):
        token = assertion(server, aud=audience)
        answer = server.call("GET", f"/secrets/closed?{API}", token=token)
        refused(answer, 401, "Unauthorized")
        assert "AKV10032" in answer.message
        assert CLUSTER not in answer.message.split("found")[0]
        challenge = answer.header("WWW-Authenticate")
        assert f'authorization="{server.login}/' in challenge


def test_a_credential_that_is_removed(server, trust):
    principal = server.create_principal("leaver")
    server.allow(principal.object_id, "get")
    server.set("left", "x")
    for name, subject in (("one", "a"), ("two", "b")):
        server.ctl("principal", "federate", "add", principal.client_id, name,
                   "--issuer", CLUSTER, "--subject", subject)
    held = token_of(server, principal, assertion(server, sub="a"))
    answer = server.call("GET", f"/secrets/left?{API}", token=held)
    assert answer.status == 200

    left = server.ctl("principal", "federate", "remove", "leaver", "one")
    assert [trusted["name"] for trusted in left] == ["two"]
    assert server.ctl("principal", "federate", "list", "leaver") == left
    answer = server.call("GET", f"/secrets/left?{API}", token=held)
    refused(answer, 401, "Unauthorized")
    with pytest.raises(ClientAuthenticationError, match="AADSTS700213"):
        token_of(server, principal, assertion(server, sub="a"))
    assert token_of(server, principal, assertion(server, sub="b"))
