"""The real Azure client for keys, for Python, as an application uses it."""

import datetime
import hashlib
import os
import time

import pytest
from azure.core.exceptions import ResourceExistsError, ResourceNotFoundError
from azure.keyvault.keys import (ApiVersion, JsonWebKey, KeyClient,
                                 KeyRotationLifetimeAction,
                                 KeyRotationPolicy)
from azure.keyvault.keys.crypto import (CryptographyClient, KeyWrapAlgorithm,
                                        SignatureAlgorithm)

from support.local_keys import (ec_jwk, ec_key, oct_jwk, public_key, rsa_jwk,
                                rsa_key)
from support.sdk import (UTC, certificate_credential, name, refusal,
                         secret_credential)

pytestmark = pytest.mark.usefixtures("trust")

RSA_OPERATIONS = {"encrypt", "decrypt", "sign", "verify", "wrapKey",
                  "unwrapKey"}
PRIVATE_MEMBERS = ("d", "dp", "dq", "qi", "p", "q", "k", "t")
ES256 = SignatureAlgorithm.es256
DIGEST = hashlib.sha256(b"what is signed").digest()


def same(one, other):
    """Two answers say the same of a key."""
    return (one.id == other.id and vars(one.key) == vars(other.key)
            and one.properties.tags == other.properties.tags
            and one.properties.enabled == other.properties.enabled
            and one.properties.expires_on == other.properties.expires_on
            and one.properties.created_on == other.properties.created_on)


# --- making ------------------------------------------------------------------

@pytest.mark.parametrize("kind, options, curve, sizes", [
    ("rsa", {}, None, {"n": 256, "e": 3}),
    ("rsa", {"size": 3072}, None, {"n": 384, "e": 3}),
    ("rsa", {"size": 4096}, None, {"n": 512, "e": 3}),
    ("rsa", {"public_exponent": 17}, None, {"n": 256, "e": 1}),
    ("ec", {}, "P-256", {"x": 32, "y": 32}),
    ("ec", {"curve": "P-384"}, "P-384", {"x": 48, "y": 48}),
    ("ec", {"curve": "P-521"}, "P-521", {"x": 66, "y": 66}),
    ("ec", {"curve": "P-256K"}, "P-256K", {"x": 32, "y": 32}),
    ("oct", {"size": 128}, None, {}),
    ("oct", {"size": 192}, None, {}),
    ("oct", {"size": 256}, None, {}),
])
def test_create(keys, server, kind, options, curve, sizes):
    one = name()
    made = getattr(keys, f"create_{kind}_key")(one, **options)
    assert made.key_type == {"rsa": "RSA", "ec": "EC", "oct": "oct"}[kind]
    assert made.key.crv == curve
    version = made.properties.version
    assert made.id == f"{server.vault_url()}/keys/{one}/{version}"
    assert {k: len(getattr(made.key, k)) for k in sizes} == sizes
    assert not any(getattr(made.key, k) for k in PRIVATE_MEMBERS)
    assert same(keys.get_key(one), made)
    if kind != "oct":
        assert public_key(made.key).key_size == options.get(
            "size", {"rsa": 2048, "P-384": 384, "P-521": 521}.get(
                curve or kind, 256))


def test_what_a_new_key_says_of_itself(keys):
    made = keys.create_key(name(), "RSA")
    assert set(made.key_operations) == RSA_OPERATIONS
    properties = made.properties
    assert properties.enabled is True and properties.exportable is False
    assert properties.hsm_platform == "0"
    assert properties.recovery_level == "Recoverable+Purgeable"
    assert properties.recoverable_days == 90
    assert properties.not_before is None and properties.expires_on is None
    assert not properties.managed and not properties.tags
    age = datetime.datetime.now(UTC) - properties.created_on
    assert abs(age.total_seconds()) < 60
    ec = keys.create_key(name(), "EC")
    assert set(ec.key_operations) == {"sign", "verify"}
    # without key material there is nothing that a client could do by itself
    assert keys.create_key(name(), "oct", size=256).key_operations is None


def test_all_properties(keys):
    one = name()
    begin = datetime.datetime(2020, 2, 3, 4, 5, 6, tzinfo=UTC)
    end = datetime.datetime(2099, 1, 2, 3, 4, 5, tzinfo=UTC)
    tags = {"purpose": "test", "Ünïcode": "🔑", "empty": ""}
    keys.create_ec_key(one, enabled=False, not_before=begin, expires_on=end,
                       tags=tags, key_operations=["verify"])
    read = keys.get_key(one)
    assert read.properties.enabled is False
    assert read.properties.not_before == begin
    assert read.properties.expires_on == end
    assert read.properties.tags == tags
    assert read.key_operations == ["verify"]


@pytest.mark.parametrize("kind, options", [
    ("RSA", {"size": 1000}),
    ("RSA", {"public_exponent": 4}),
    ("EC", {"curve": "P-999"}),
    ("EC", {"key_operations": ["fly"]}),
    ("EC", {"key_operations": ["encrypt"]}),
    ("EC", {"exportable": True}),
    ("EC", {"tags": {"x": "y" * 513}}),
    ("oct", {"size": 100}),
    ("DSA", {}),
    ("RSA-HSM", {}),
    ("EC-HSM", {}),
    ("oct-HSM", {"size": 256}),
])
def test_what_cannot_be_made(keys, kind, options):
    one = name()
    with refusal(400, "BadParameter"):
        keys.create_key(one, kind, **options)
    with pytest.raises(ResourceNotFoundError):
        keys.get_key(one)


# --- importing ---------------------------------------------------------------

@pytest.mark.parametrize("jwk", [
    pytest.param(rsa_jwk(rsa_key()), id="RSA"),
    *(pytest.param(ec_jwk(ec_key(curve), curve), id=curve)
      for curve in ("P-256", "P-384", "P-521", "P-256K")),
    *(pytest.param(oct_jwk(size), id=f"oct-{size}") for size in (16, 24, 32)),
])
def test_import(keys, jwk):
    one = name()
    made = keys.import_key(one, jwk, tags={"from": "here"})
    for member in ("kty", "crv", "n", "e", "x", "y"):
        assert getattr(made.key, member) == getattr(jwk, member)
    assert not any(getattr(made.key, k) for k in PRIVATE_MEMBERS)
    assert made.properties.tags == {"from": "here"}
    assert same(keys.get_key(one), made)


def test_import_with_everything(keys):
    end = datetime.datetime(2090, 5, 6, tzinfo=UTC)
    jwk = rsa_jwk(rsa_key(), key_ops=["encrypt", "decrypt"])
    made = keys.import_key(name(), jwk, enabled=False, expires_on=end,
                             hardware_protected=False)
    assert set(made.key_operations) == {"encrypt", "decrypt"}
    assert made.properties.enabled is False
    assert made.properties.expires_on == end


@pytest.mark.parametrize("jwk", [
    pytest.param(JsonWebKey(kty="RSA", n=rsa_jwk(rsa_key()).n,
                            e=rsa_jwk(rsa_key()).e), id="public only"),
    pytest.param(rsa_jwk(rsa_key(), n=rsa_jwk(rsa_key(1)).n),
                 id="parts of two RSA keys"),
    pytest.param(ec_jwk(ec_key("P-256"), "P-256", d=b"\1" * 32),
                 id="a point that is not of the scalar"),
    pytest.param(ec_jwk(ec_key("P-256"), "P-256", x=b"\1" * 32),
                 id="a point that is not on the curve"),
    pytest.param(ec_jwk(ec_key("P-256"), "P-384"), id="another curve"),
    pytest.param(oct_jwk(5), id="an oct key of 5 bytes"),
    pytest.param(JsonWebKey(), id="nothing"),
])
def test_what_cannot_be_imported(keys, jwk):
    with refusal(400, "BadParameter"):
        keys.import_key(name(), jwk)


def test_import_into_hardware(keys):
    with refusal(400, "BadParameter"):
        keys.import_key(name(), oct_jwk(32), hardware_protected=True)


# --- reading, changing, listing ----------------------------------------------

def test_versions(keys):
    one = name()
    made = [keys.create_ec_key(one) for _ in range(30)]
    assert same(keys.get_key(one), made[-1])
    for key in made[:3]:
        assert same(keys.get_key(one, key.properties.version), key)
    listed = list(keys.list_properties_of_key_versions(one))
    assert {p.id for p in listed} == {key.id for key in made}
    assert [p.version for p in listed] == sorted(p.version for p in listed)


def test_list_of_more_than_one_page(keys):
    prefix = name("page")
    names = {f"{prefix}-{number}" for number in range(40)}
    for one in names:
        keys.create_ec_key(one, tags={"prefix": prefix})
    properties = list(keys.list_properties_of_keys())
    listed = [p.name for p in properties]
    assert names <= set(listed) and len(listed) == len(set(listed))
    assert listed == sorted(listed, key=str.upper)
    ours = [p for p in properties if p.name in names]
    assert all(p.tags == {"prefix": prefix} and p.version is None
               for p in ours)
    pages = keys.list_properties_of_keys(max_page_size=7).by_page()
    sizes = [len(list(page)) for page in pages]
    assert max(sizes) <= 7 and sum(sizes) == len(listed)


def test_update(keys):
    one = name()
    made = keys.create_rsa_key(one, tags={"a": "1"})
    version = made.properties.version
    end = datetime.datetime(2095, 1, 1, tzinfo=UTC)
    keys.update_key_properties(one, version, key_operations=["sign"],
                               tags={"b": "2"}, expires_on=end)
    read = keys.get_key(one)
    assert read.id == made.id and read.key.n == made.key.n
    assert read.key_operations == ["sign"]
    assert read.properties.tags == {"b": "2"}
    assert read.properties.expires_on == end
    newer = keys.create_rsa_key(one)
    keys.update_key_properties(one, version, tags={"old": "yes"})
    assert keys.get_key(one, version).properties.tags == {"old": "yes"}
    assert same(keys.get_key(one), newer)
    # without a version it is the current one
    keys.update_key_properties(one, enabled=False)
    assert keys.get_key(one).properties.enabled is False
    assert keys.get_key(one, version).properties.enabled is True
    with refusal(400, "BadParameter"):
        keys.update_key_properties(one, key_operations=["fly"])


def test_not_found(keys):
    one = "never-made"
    calls = [
        lambda: keys.get_key(one),
        lambda: keys.get_key(one, "0123456789abcdef0123456789abcdef"),
        lambda: keys.update_key_properties(one, enabled=True),
        lambda: keys.begin_delete_key(one),
        lambda: keys.backup_key(one),
        lambda: keys.rotate_key(one),
        lambda: keys.get_key_rotation_policy(one),
        lambda: keys.get_deleted_key(one),
        lambda: keys.purge_deleted_key(one),
        lambda: list(keys.list_properties_of_key_versions(one)),
    ]
    for call in calls:
        with refusal(404, "KeyNotFound", None, "never-made"):
            call()


def test_without_permission(server):
    principal = server.create_principal("python-stranger")
    stranger = secret_credential(server, principal)
    with KeyClient(server.vault_url(), stranger) as keys:
        for call in (lambda: keys.get_key("x"),
                     lambda: keys.create_ec_key("x"),
                     lambda: keys.import_key("x", oct_jwk(32)),
                     lambda: keys.rotate_key("x")):
            with refusal(403, "Forbidden", "AccessDenied",
                         f"oid={principal.object_id}"):
                call()


def test_who_only_computes_cannot_read(server, operator, keys):
    one = name()
    keys.create_ec_key(one)
    with KeyClient(server.vault_url(),
                   secret_credential(server, operator)) as computing:
        with refusal(403, "Forbidden", "AccessDenied"):
            computing.get_key(one)


def test_with_a_certificate(server, account):
    with KeyClient(server.vault_url(),
                   certificate_credential(server, account)) as keys:
        keys.create_ec_key(name())


@pytest.mark.parametrize("version", list(ApiVersion))
def test_every_api_version_of_the_client(server, credential, version):
    with KeyClient(server.vault_url(), credential,
                   api_version=version) as keys:
        one = name("version")
        key = keys.create_ec_key(one)
        with CryptographyClient(key.id, credential,
                                api_version=version) as crypto:
            signature = crypto.sign(ES256, DIGEST).signature
            assert crypto.verify(ES256, DIGEST, signature).is_valid
        assert one in [p.name for p in keys.list_properties_of_keys()]
        keys.begin_delete_key(one).wait()
        keys.purge_deleted_key(one)


# --- deletion and backup -----------------------------------------------------

def test_delete_recover_purge(keys, credential):
    one = name()
    key = keys.create_ec_key(one, tags={"k": "v"})
    begin = time.monotonic()
    poller = keys.begin_delete_key(one)
    deleted = poller.result()
    poller.wait()
    assert deleted.recovery_id.endswith(f"/deletedkeys/{one}")
    days = deleted.scheduled_purge_date - deleted.deleted_date
    assert days == datetime.timedelta(days=90)
    assert same(deleted, key) and same(keys.get_deleted_key(one), key)
    assert one in [d.name for d in keys.list_deleted_keys()]
    with pytest.raises(ResourceNotFoundError):
        keys.get_key(one)
    with CryptographyClient(key, credential) as crypto:
        with refusal(404, "KeyNotFound"):
            crypto.sign(ES256, DIGEST)
    for again in (lambda: keys.create_ec_key(one),
                  lambda: keys.import_key(one, oct_jwk(32))):
        with pytest.raises(ResourceExistsError) as caught:
            again()
        assert caught.value.error.innererror["code"] == (
            "ObjectIsDeletedButRecoverable")
    keys.begin_recover_deleted_key(one).wait()
    assert same(keys.get_key(one), key)
    keys.begin_delete_key(one).wait()
    assert keys.purge_deleted_key(one) is None
    with pytest.raises(ResourceNotFoundError):
        keys.get_deleted_key(one)
    keys.create_ec_key(one)
    assert len(list(keys.list_properties_of_key_versions(one))) == 1
    assert time.monotonic() - begin < 10, "a poller had to wait"


def test_backup_and_restore(keys, credential):
    one = name()
    first = keys.create_rsa_key(one)
    last = keys.create_oct_key(one, size=256, tags={"k": "v"})
    keys.update_key_rotation_policy(one, KeyRotationPolicy(),
                                      expires_in="P90D")
    secret = os.urandom(32)
    wrapped = {}
    for algorithm, key in ((KeyWrapAlgorithm.rsa_oaep_256, first),
                           (KeyWrapAlgorithm.aes_256, last)):
        with CryptographyClient(key.id, credential) as crypto:
            wrapped[key.id] = crypto.wrap_key(algorithm, secret)
    backup = keys.backup_key(one)
    assert secret not in backup
    with pytest.raises(ResourceExistsError):
        keys.restore_key_backup(backup)
    keys.begin_delete_key(one).wait()
    keys.purge_deleted_key(one)
    assert same(keys.restore_key_backup(backup), last)
    for key_id, result in wrapped.items():
        with CryptographyClient(key_id, credential) as crypto:
            assert crypto.unwrap_key(result.algorithm,
                                     result.encrypted_key).key == secret
    assert keys.get_key_rotation_policy(one).expires_in == "P90D"
    assert len(list(keys.list_properties_of_key_versions(one))) == 2
    damaged = backup[:-30] + bytes([backup[-30] ^ 1]) + backup[-29:]
    with refusal(400, "BadParameter"):
        keys.restore_key_backup(damaged)


# --- rotation ----------------------------------------------------------------

@pytest.mark.parametrize("kind, options", [
    ("RSA", {"size": 3072}), ("EC", {"curve": "P-521"}),
    ("oct", {"size": 192}),
])
def test_rotate(keys, kind, options):
    one = name()
    before = keys.create_key(one, kind, tags={"k": "v"}, **options)
    after = keys.rotate_key(one)
    assert after.id != before.id and after.key_type == before.key_type
    assert after.properties.tags == {"k": "v"}
    assert after.properties.expires_on is None
    if kind != "oct":
        new, old = public_key(after.key), public_key(before.key)
        assert new.key_size == old.key_size and new != old
    assert same(keys.get_key(one), after)
    assert same(keys.get_key(one, before.properties.version), before)


def test_rotate_an_imported_key(keys):
    one = name()
    keys.import_key(one, oct_jwk(32))
    with refusal(400, "BadParameter", None, "imported"):
        keys.rotate_key(one)
    keys.create_oct_key(one, size=256)
    keys.rotate_key(one)


def actions(policy):
    return {(a.action, a.time_after_create, a.time_before_expiry)
            for a in policy.lifetime_actions}


def test_rotation_policy(keys, server):
    one = name()
    keys.create_ec_key(one)
    default = keys.get_key_rotation_policy(one)
    assert default.id == f"{server.vault_url()}/keys/{one}/rotationpolicy"
    assert actions(default) == {("Notify", None, "P30D")}
    assert default.expires_in is None
    rotate = KeyRotationLifetimeAction("Rotate", time_after_create="P18M")
    wanted = KeyRotationPolicy(expires_in="P2Y", lifetime_actions=[rotate])
    policy = keys.update_key_rotation_policy(one, wanted)
    assert policy.expires_in == "P2Y"
    assert actions(policy) == {("Rotate", "P18M", None),
                               ("Notify", None, "P30D")}
    age = datetime.datetime.now(UTC) - policy.updated_on
    assert abs(age.total_seconds()) < 60
    # what was read can be written again
    again = keys.update_key_rotation_policy(one, policy)
    assert actions(again) == actions(policy)
    properties = keys.rotate_key(one).properties
    lifetime = properties.expires_on - properties.created_on
    assert 730 <= lifetime.days <= 731


@pytest.mark.parametrize("wanted", [
    {"expires_in": "P1D"},
    {"expires_in": "PT48H"},
    {"lifetime_actions": [("Rotate", {"time_after_create": "P1D"})]},
    {"lifetime_actions": [("Rotate", {"time_before_expiry": "P30D"})]},
    {"lifetime_actions": [("Rotate", {})]},
    {"lifetime_actions": [("Notify", {"time_after_create": "P30D"})]},
    {"lifetime_actions": [("Sing", {"time_after_create": "P30D"})]},
])
def test_impossible_rotation_policy(keys, wanted):
    one = name()
    keys.create_ec_key(one)
    policy = KeyRotationPolicy(
        expires_in=wanted.get("expires_in"),
        lifetime_actions=[KeyRotationLifetimeAction(action, **trigger)
                          for action, trigger in wanted.get(
                              "lifetime_actions", [])])
    with refusal(400, "BadParameter"):
        keys.update_key_rotation_policy(one, policy)
    assert actions(keys.get_key_rotation_policy(one)) == {
        ("Notify", None, "P30D")}


# --- what hardware does elsewhere --------------------------------------------

def test_random_bytes(keys):
    for count in (1, 16, 128):
        assert len(keys.get_random_bytes(count)) == count
    assert keys.get_random_bytes(32) != keys.get_random_bytes(32)
    with refusal(400, "BadParameter", None,
                 "count cannot be greater than 128 or less than 1"):
        keys.get_random_bytes(129)


def test_release_and_attestation(keys):
    one = name()
    version = keys.create_ec_key(one).properties.version
    for which in (None, version):
        with refusal(400, "BadParameter"):
            keys.release_key(one, "a.b.c", version=which)
        with refusal(400, "BadParameter", None, "software"):
            keys.get_key_attestation(one, which)
