"""Fixtures for the clients for Python."""

import pytest
from azure.keyvault.keys import KeyClient

from support.pki import make_client_certificate
from support.sdk import COMPUTING, secret_credential


@pytest.fixture(scope="module")
def account(server):
    """A principal with a secret and a certificate that may do everything."""
    certificate, both = make_client_certificate(server.prefix, "client")
    principal = server.create_principal("python-sdk", certificate)
    principal.certificate_file = str(both)
    for family in ("secrets", "keys"):
        server.allow(principal.object_id, "all", "purge", family=family)
    return principal


@pytest.fixture(scope="module")
def operator(server):
    """A principal that may compute with keys, but not read them."""
    principal = server.create_principal("python-operator")
    server.allow(principal.object_id, *COMPUTING, family="keys")
    return principal


@pytest.fixture(scope="module")
def credential(server, account):
    return secret_credential(server, account)


@pytest.fixture(scope="module")
def computing(server, operator):
    return secret_credential(server, operator)


@pytest.fixture(scope="module")
def keys(server, credential, trust):
    """The client for keys."""
    with KeyClient(server.vault_url(), credential) as made:
        yield made


@pytest.fixture(scope="module")
def trust(server):
    patch = pytest.MonkeyPatch()
    patch.setenv("REQUESTS_CA_BUNDLE", str(server.ca_file))
    yield
    patch.undo()
