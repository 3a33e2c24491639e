"""When a key may be used, and how applications use one."""

import datetime
import hashlib
import os
from concurrent.futures import ThreadPoolExecutor

import pytest
from azure.keyvault.keys.crypto import (CryptographyClient,
                                        EncryptionAlgorithm,
                                        KeyWrapAlgorithm, SignatureAlgorithm)
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, utils

from support.local_keys import public_key
from support.sdk import UTC, name, refusal, secret_credential

pytestmark = pytest.mark.usefixtures("trust")

HOUR = datetime.timedelta(hours=1)
TEXT = os.urandom(32)
CLOSE = EncryptionAlgorithm.rsa_oaep_256
WRAP = KeyWrapAlgorithm.rsa_oaep_256
PS256 = SignatureAlgorithm.ps256
ES256 = SignatureAlgorithm.es256

# what can be done with an RSA key; `made` is what the counterpart gave
CALLS = {
    "encrypt": lambda who, made: who.encrypt(CLOSE, TEXT).ciphertext,
    "wrapKey": lambda who, made: who.wrap_key(WRAP, TEXT).encrypted_key,
    "sign": lambda who, made: who.sign(PS256, TEXT).signature,
    "decrypt": lambda who, made: who.decrypt(CLOSE, made["encrypt"]),
    "unwrapKey": lambda who, made: who.unwrap_key(WRAP, made["wrapKey"]),
    "verify": lambda who, made: who.verify(PS256, TEXT, made["sign"]),
}
PROTECTING = ("encrypt", "wrapKey", "sign")


@pytest.fixture(scope="module")
def used(keys, computing):
    """A key, a client that has to ask for all, what it has protected."""
    key = keys.create_rsa_key(name("used"))
    with CryptographyClient(key.id, computing) as remote:
        yield key, remote, {
            call: CALLS[call](remote, {}) for call in PROTECTING}


def opens(remote, made):
    assert CALLS["decrypt"](remote, made).plaintext == TEXT
    assert CALLS["unwrapKey"](remote, made).key == TEXT
    assert CALLS["verify"](remote, made).is_valid is True


def test_disabled_key(keys, used):
    key, remote, made = used
    keys.update_key_properties(key.name, enabled=False)
    for call, make in CALLS.items():
        with refusal(403, "Forbidden", "KeyDisabled",
                     f"Operation {call} is not allowed on a disabled key"):
            make(remote, made)
    keys.update_key_properties(key.name, enabled=True)
    opens(remote, made)


@pytest.mark.parametrize("inner, hours, words", [
    ("KeyNotYetValid", (1, 2), "not useable until|only between"),
    ("KeyExpired", (-2, -1), "expired at|only between")])
def test_key_outside_of_its_time(keys, credential, used, inner, hours, words):
    key, remote, made = used
    begin, end = (datetime.datetime.now(UTC) + n * HOUR for n in hours)
    read = keys.update_key_properties(key.name, not_before=begin,
                                      expires_on=end)
    for call in PROTECTING:
        with refusal(403, "Forbidden", inner):
            CALLS[call](remote, made)
    opens(remote, made)
    with CryptographyClient(read, credential) as application:
        with pytest.raises(ValueError, match=words):
            application.encrypt(CLOSE, TEXT)


@pytest.mark.parametrize("call", list(CALLS))
def test_operation_that_is_not_permitted(keys, used, call):
    key, remote, made = used
    now = datetime.datetime.now(UTC)
    others = [other for other in CALLS if other != call]
    keys.update_key_properties(key.name, key_operations=others,
                               not_before=now - HOUR, expires_on=now + HOUR)
    with refusal(403, "Forbidden", "KeyOperationForbidden",
                 f"Operation {call} is not permitted on this key"):
        CALLS[call](remote, made)
    for other in others:
        CALLS[other](remote, made)


def test_operations_of_an_oct_key(keys, credential):
    # its bundle does not name them, but they hold
    key = keys.create_oct_key(name(), size=256,
                                key_operations=["encrypt", "decrypt"])
    with CryptographyClient(key, credential) as who:
        who.encrypt(EncryptionAlgorithm.a256_gcm, TEXT)
        with refusal(403, "Forbidden", "KeyOperationForbidden"):
            who.wrap_key(KeyWrapAlgorithm.aes_256, TEXT)


def test_key_that_is_not_there(server, computing):
    with CryptographyClient(f"{server.vault_url()}/keys/never-made",
                            computing) as who:
        with refusal(404, "KeyNotFound"):
            who.sign(ES256, TEXT)


def test_without_permission(server, used):
    stranger = secret_credential(
        server, server.create_principal("crypto-stranger"))
    key, _, made = used
    with CryptographyClient(key.id, stranger) as who:
        for make in CALLS.values():
            with refusal(403, "Forbidden", "AccessDenied"):
                make(who, made)


# --- how applications use keys -----------------------------------------------

def test_data_key_across_rotation(keys, credential):
    """As SOPS does it: the file holds the wrapped data key and the key's id
    with its version."""
    one = name("sops")
    keys.create_rsa_key(one)

    def close(data_key):
        result = keys.get_cryptography_client(one).wrap_key(WRAP, data_key)
        return result.key_id, result.encrypted_key

    def open_(key_id, wrapped):
        with CryptographyClient(key_id, credential) as crypto:
            return crypto.unwrap_key(WRAP, wrapped).key

    files = {}
    for _ in range(3):
        data_key = os.urandom(32)
        files[close(data_key)] = data_key
        keys.rotate_key(one)
    assert len({key_id for key_id, _ in files}) == 3
    for file, data_key in files.items():
        assert open_(*file) == data_key
    # a version opens nothing that another one has closed
    (first, wrapped), (second, _), _ = files
    with refusal(400, "BadParameter"):
        open_(second, wrapped)
    # closed anew, the old version is no longer needed
    renewed = close(open_(first, wrapped))
    keys.update_key_properties(one, first.rsplit("/", 1)[1], enabled=False)
    assert open_(*renewed) == files[first, wrapped]
    with refusal(403, "Forbidden", "KeyDisabled"):
        open_(first, wrapped)


def test_key_without_a_version_is_the_current_one(keys, server, computing):
    one = name()
    keys.create_ec_key(one)
    digest = hashlib.sha256(TEXT).digest()
    # now the version is left empty in the request itself
    with CryptographyClient(f"{server.vault_url()}/keys/{one}",
                            computing) as remote:
        old = remote.sign(ES256, digest).signature
        assert remote.verify(ES256, digest, old).is_valid
        new_key = keys.rotate_key(one)
        assert not remote.verify(ES256, digest, old).is_valid
        new = remote.sign(ES256, digest).signature
    public_key(new_key.key).verify(
        utils.encode_dss_signature(int.from_bytes(new[:32], "big"),
                                   int.from_bytes(new[32:], "big")),
        digest, ec.ECDSA(utils.Prehashed(hashes.SHA256())))


def test_many_threads(keys, computing):
    key = keys.create_rsa_key(name())
    texts = [os.urandom(32) for _ in range(40)]
    with CryptographyClient(key.id, computing) as remote:

        def there_and_back(text):
            closed = remote.encrypt(CLOSE, text).ciphertext
            return remote.decrypt(CLOSE, closed).plaintext

        with ThreadPoolExecutor(8) as threads:
            assert list(threads.map(there_and_back, texts)) == texts
