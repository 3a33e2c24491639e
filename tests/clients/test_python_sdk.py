"""The real Azure client for secrets, for Python, as an application uses it.

Challenge-resource verification is on, as it is by default; the credentials
are a client secret and a certificate (RS256 assertion).
"""

import datetime
import time
import uuid

import pytest
from azure.core.exceptions import (ClientAuthenticationError,
                                   ResourceExistsError, ResourceNotFoundError)
from azure.keyvault.secrets import ApiVersion, SecretClient

from support.pki import make_client_certificate
from support.sdk import (UTC, certificate_credential, name, refusal,
                         secret_credential)

pytestmark = pytest.mark.usefixtures("trust")

UNICODE = "Grüße 🔑 \u2028\u0001\"\\/ 漢字 "


@pytest.fixture(scope="module", params=["secret", "certificate"])
def client(request, server, account):
    credential = (secret_credential if request.param == "secret"
                  else certificate_credential)(server, account)
    with SecretClient(server.vault_url(), credential) as made:
        yield made


def value_of_25_kilobytes():
    unit = UNICODE.encode()
    text = (unit * (25600 // len(unit))).decode()
    return text + "x" * (25600 - len(text.encode()))


def test_set_and_get(client, server):
    one = name()
    made = client.set_secret(one, "first")
    assert made.value == "first" and made.name == one
    assert made.properties.vault_url == server.vault_url()
    read = client.get_secret(one)
    assert read.value == "first" and read.id == made.id
    assert read.properties.version == made.properties.version
    assert read.properties.enabled is True
    assert read.properties.recovery_level == "Recoverable+Purgeable"
    assert read.properties.recoverable_days == 90
    age = datetime.datetime.now(UTC) - read.properties.created_on
    assert abs(age.total_seconds()) < 60


def test_all_properties(client):
    one = name()
    begin = datetime.datetime(2020, 2, 3, 4, 5, 6, tzinfo=UTC)
    end = datetime.datetime(2099, 1, 2, 3, 4, 5, tzinfo=UTC)
    tags = {"purpose": "test", "Ünïcode": "🔑", "empty": ""}
    client.set_secret(one, "x", content_type="text/plain", tags=tags,
                      not_before=begin, expires_on=end)
    properties = client.get_secret(one).properties
    assert properties.content_type == "text/plain"
    assert properties.tags == tags
    assert properties.not_before == begin and properties.expires_on == end


def test_unicode_value_of_25_kilobytes(client):
    value = value_of_25_kilobytes()
    assert len(value.encode()) == 25600
    one = name()
    assert client.set_secret(one, value).value == value
    assert client.get_secret(one).value == value
    with refusal(400, "BadParameter"):
        client.set_secret(one, value + "x")


def test_expired_secret_still_reads(client):
    one = name()
    past = datetime.datetime(2001, 1, 1, tzinfo=UTC)
    client.set_secret(one, "old", expires_on=past)
    assert client.get_secret(one).value == "old"


def test_versions(client):
    one = name()
    made = [client.set_secret(one, f"v{number}") for number in range(30)]
    assert client.get_secret(one).value == "v29"
    for number, version in enumerate(made):
        read = client.get_secret(one, version.properties.version)
        assert read.value == f"v{number}"
    listed = list(client.list_properties_of_secret_versions(one))
    assert {p.version for p in listed} == {
        m.properties.version for m in made}
    assert [p.version for p in listed] == sorted(p.version for p in listed)


def test_list_of_more_than_one_page(client):
    prefix = name("page")
    names = {f"{prefix}-{number}" for number in range(60)}
    for one in names:
        client.set_secret(one, "x")
    listed = [p.name for p in client.list_properties_of_secrets()]
    assert names <= set(listed) and len(listed) == len(set(listed))
    assert listed == sorted(listed, key=str.upper)
    pages = client.list_properties_of_secrets(max_page_size=7).by_page()
    sizes = [len(list(page)) for page in pages]
    assert max(sizes) <= 7 and sum(sizes) == len(listed)


def test_update(client):
    one = name()
    version = client.set_secret(one, "kept", tags={"a": "1"},
                                content_type="before").properties.version
    client.update_secret_properties(one, content_type="after",
                                    tags={"b": "2"})
    read = client.get_secret(one)
    assert read.value == "kept" and read.properties.version == version
    assert read.properties.content_type == "after"
    assert read.properties.tags == {"b": "2"}
    client.set_secret(one, "newer")
    client.update_secret_properties(one, version, content_type="old version")
    assert client.get_secret(one, version).properties.content_type == (
        "old version")
    assert client.get_secret(one).properties.content_type is None


def test_disabled_version(client):
    one = name()
    first = client.set_secret(one, "first").properties.version
    client.set_secret(one, "second")
    client.update_secret_properties(one, enabled=False)
    with refusal(403, "Forbidden", "SecretDisabled"):
        client.get_secret(one)
    assert client.get_secret(one, first).value == "first"
    client.update_secret_properties(one, enabled=True)
    assert client.get_secret(one).value == "second"


def test_delete_recover_purge(client):
    one = name()
    client.set_secret(one, "back again")
    begin = time.monotonic()
    poller = client.begin_delete_secret(one)
    deleted = poller.result()
    poller.wait()
    assert deleted.recovery_id.endswith(f"/deletedsecrets/{one}")
    days = deleted.scheduled_purge_date - deleted.deleted_date
    assert days == datetime.timedelta(days=90)
    assert client.get_deleted_secret(one).name == one
    assert one in [d.name for d in client.list_deleted_secrets()]
    with pytest.raises(ResourceNotFoundError):
        client.get_secret(one)
    with pytest.raises(ResourceExistsError) as caught:
        client.set_secret(one, "refused")
    assert caught.value.error.innererror["code"] == (
        "ObjectIsDeletedButRecoverable")
    recovering = client.begin_recover_deleted_secret(one)
    recovering.wait()
    assert client.get_secret(one).value == "back again"
    client.begin_delete_secret(one).wait()
    assert client.purge_deleted_secret(one) is None
    with pytest.raises(ResourceNotFoundError):
        client.get_deleted_secret(one)
    client.set_secret(one, "a new one")
    assert len(list(client.list_properties_of_secret_versions(one))) == 1
    assert time.monotonic() - begin < 10, "a poller had to wait"


def test_backup_and_restore(client):
    one = name()
    value = value_of_25_kilobytes()
    tags = {"k": "v"}
    versions = [client.set_secret(one, text, tags=tags).properties.version
                for text in ("first", "second", value)]
    backup = client.backup_secret(one)
    with pytest.raises(ResourceExistsError):
        client.restore_secret_backup(backup)
    client.begin_delete_secret(one).wait()
    client.purge_deleted_secret(one)
    restored = client.restore_secret_backup(backup)
    assert restored.name == one and restored.version == versions[2]
    assert restored.tags == tags
    assert client.get_secret(one).value == value
    assert client.get_secret(one, versions[0]).value == "first"
    assert len(list(client.list_properties_of_secret_versions(one))) == 3
    damaged = backup[:-30] + bytes([backup[-30] ^ 1]) + backup[-29:]
    with refusal(400, "BadParameter"):
        client.restore_secret_backup(damaged)


def test_not_found(client):
    with pytest.raises(ResourceNotFoundError) as caught:
        client.get_secret("never-made")
    assert caught.value.error.code == "SecretNotFound"
    assert caught.value.message.startswith("(SecretNotFound) A secret with "
                                           "(name/id) never-made was not")
    with pytest.raises(ResourceNotFoundError):
        client.begin_delete_secret("never-made")
    with pytest.raises(ResourceNotFoundError):
        client.purge_deleted_secret("never-made")
    with pytest.raises(ResourceNotFoundError):
        list(client.list_properties_of_secret_versions("never-made"))


@pytest.mark.parametrize("version", list(ApiVersion))
def test_every_api_version_of_the_client(server, account, version):
    credential = secret_credential(server, account)
    with SecretClient(server.vault_url(), credential,
                      api_version=version) as client:
        one = name("version")
        client.set_secret(one, "x")
        assert client.get_secret(one).value == "x"
        assert one in [p.name for p in client.list_properties_of_secrets()]
        client.begin_delete_secret(one).wait()
        client.purge_deleted_secret(one)


def test_certificate_with_its_chain(server, account):
    credential = certificate_credential(server, account,
                                        send_certificate_chain=True)
    with SecretClient(server.vault_url(), credential) as client:
        client.set_secret("chain", "x")


def test_certificate_of_somebody_else(server, account):
    _, both = make_client_certificate(server.prefix, "stranger")
    credential = certificate_credential(server, account, file=str(both))
    with SecretClient(server.vault_url(), credential) as client:
        with pytest.raises(ClientAuthenticationError):
            client.get_secret("x")


def test_wrong_secret(server, account):
    credential = secret_credential(server, account, secret="wrong")
    with SecretClient(server.vault_url(), credential) as client:
        with pytest.raises(ClientAuthenticationError) as caught:
            client.get_secret("x")
    assert "AADSTS7000215" in str(caught.value)


def test_other_tenant_is_refused_by_the_client(server, account):
    credential = secret_credential(server, account, tenant=str(uuid.uuid4()))
    with SecretClient(server.vault_url(), credential) as client:
        with pytest.raises(ClientAuthenticationError):
            client.get_secret("x")


def test_without_permission(server):
    principal = server.create_principal("python-stranger")
    credential = secret_credential(server, principal)
    with SecretClient(server.vault_url(), credential) as client:
        with refusal(403, "Forbidden", "AccessDenied",
                     f"oid={principal.object_id}"):
            client.get_secret("x")


def test_token_by_itself(server, account):
    credential = secret_credential(server, account)
    token = credential.get_token(f"{server.resource}/.default")
    assert token.expires_on > time.time() + 3000
    answer = server.call("GET", "/secrets?api-version=7.5", token=token.token)
    assert answer.status == 200
