"""What the tests with the real Azure clients for Python share."""

import contextlib
import datetime
import uuid

import pytest
from azure.core.exceptions import HttpResponseError
from azure.identity import CertificateCredential, ClientSecretCredential

UTC = datetime.timezone.utc

# what may be done with a key by whoever may not read it: a client that cannot
# have the public part asks the server for everything
COMPUTING = ("encrypt", "decrypt", "wrapKey", "unwrapKey", "sign", "verify")


def secret_credential(server, account, **changes):
    return ClientSecretCredential(
        changes.pop("tenant", server.tenant), account.client_id,
        changes.pop("secret", account.secret), authority=server.login,
        disable_instance_discovery=True, **changes)


def certificate_credential(server, account, **options):
    return CertificateCredential(
        server.tenant, account.client_id,
        options.pop("file", account.certificate_file),
        authority=server.login, disable_instance_discovery=True, **options)


def name(prefix="py"):
    return f"{prefix}-{uuid.uuid4().hex[:12]}"


@contextlib.contextmanager
def refusal(status, code, inner=None, message=""):
    """What is done within fails with this status, error code, inner error
    code, and with a message that holds this text."""
    with pytest.raises(HttpResponseError) as caught:
        yield
    error = caught.value
    assert error.status_code == status, error.message
    assert error.error.code == code, error.message
    if inner is not None:
        assert error.error.innererror["code"] == inner, error.message
    assert message in error.message
