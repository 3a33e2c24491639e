"""Wrong directives stop the start with file, line and what would be right."""

import json
import os
import re
import shutil

import pytest

from support.directives import (AUDIT, CONFIG, ISSUER, KEY_POOL, LOCAL, POOL,
                                REGION, SEAL, STORE, VAULT)
from support.server import VaultServer
from support.tokens import public_jwk

GUID = "principal=00000000-0000-0000-0000-000000000001"


def certificate(*parameters):
    """Certificates as identities, at the http level."""
    directive = " ".join(("vault_client_certificate", *parameters))
    return (REGION, f"{REGION} {directive};")

MANAGEMENT = "vault_management https://management.localhost location=north1;"
DESTINATION = "vault_destination /destinations/one %%PREFIX%%/logs/one.log;"

# what is replaced, by what, and words of the message that must come
WRONG = [
    (STORE, "vault_store;", ["number of arguments", "vault_store"]),
    (STORE, "vault_store a b c;", ["number of arguments", "vault_store"]),
    (STORE, "vault_store '';", ["empty"]),
    (STORE, STORE + STORE, ["duplicate"]),
    (STORE, "vault_store %%STORE%% max_size=1x;", ["max_size", "16m"]),
    (STORE, "vault_store %%STORE%% max_size=4k;", ["max_size", "16m"]),
    (STORE, "vault_store %%STORE%% max_size=-1;", ["max_size", "16m"]),
    (STORE, "vault_store %%STORE%% size=1g;", ["size=1g", "max_size=SIZE"]),
    (STORE, "vault_store %%PREFIX%%/nowhere;", ["nowhere", "vaultctl init"]),
    (STORE, "vault_store %%PREFIX%%/logs;", ["logs", "vaultctl init"]),
    (STORE, "vault_store %%SEAL%%;", ["seal.key"]),
    (SEAL, "vault_seal %%SEAL%%;", ["number of arguments", "vault_seal"]),
    (SEAL, "vault_seal pigeon %%SEAL%%;", ["pigeon", '"file"']),
    (SEAL, "vault_seal file '';", ["empty"]),
    (SEAL, SEAL + SEAL, ["duplicate"]),
    (SEAL, "vault_seal file %%PREFIX%%/none.key;", ["none.key"]),
    (SEAL, "vault_seal file %%PREFIX%%/logs;", ["logs", "regular file"]),
    (SEAL, "vault_seal file %%PKI%%/server.pem;", ["server.pem", "0600"]),
    (SEAL, "vault_seal file %%PREFIX%%/open.key;",
     ["open.key", "0640", "0600"]),
    (SEAL, "vault_seal file %%PREFIX%%/foreign.key;",
     ["foreign.key", "belongs to user"]),
    (SEAL, "vault_seal file %%PREFIX%%/damaged.key;",
     ["damaged.key", "vault-seal-key-1"]),
    (AUDIT, "vault_audit;", ["number of arguments", "vault_audit"]),
    (AUDIT, "vault_audit a b;", ["number of arguments", "vault_audit"]),
    (AUDIT, "vault_audit '';", ["path"]),
    (AUDIT, AUDIT + AUDIT, ["duplicate"]),
    (AUDIT, "vault_audit %%PREFIX%%/nowhere/audit.log;", ["nowhere"]),
    (REGION, "vault_region North;", ["North", "lower"]),
    (REGION, "vault_region 'a;b';", ["a;b", "lower"]),
    (REGION, "vault_region " + "a" * 33 + ";", ["32"]),
    (REGION, REGION + REGION, ["duplicate"]),
    (POOL, POOL + POOL, ["duplicate"]),
    (POOL, "vault_thread_pool;", ["number of arguments"]),
    (POOL, "vault_thread_pool nets;", ["unknown thread pool", "nets"]),
    (KEY_POOL, KEY_POOL + KEY_POOL, ["duplicate", "vault_key_thread_pool"]),
    (KEY_POOL, "vault_key_thread_pool;", ["number of arguments"]),
    (KEY_POOL, "vault_key_thread_pool a b;", ["number of arguments"]),
    (KEY_POOL, "vault_key_thread_pool keys;", ["unknown thread pool", "keys"]),
    (ISSUER, "issuer=", ["issuer="]),
    (ISSUER, "", ["issuer"]),
    (ISSUER, ISSUER + " colour=red", ["colour=red", "issuer=URL"]),
    ("audience=%%RESOURCE%%", "", ["audience"]),
    ("jwks=%%JWKS%%", "", ["JWKS"]),
    ("jwks=%%JWKS%%", "jwks=%%PREFIX%%/none.json", ["none.json"]),
    ("jwks=%%JWKS%%", "jwks=%%PREFIX%%/logs", ["logs", "regular file"]),
    ("jwks=%%JWKS%%", "jwks=%%PREFIX%%/empty.json", ["empty.json"]),
    ("jwks=%%JWKS%%", "jwks=%%PREFIX%%/not.json", ["key set"]),
    ("jwks=%%JWKS%%", "jwks=%%PREFIX%%/no-keys.json", ["key"]),
    ("jwks=%%JWKS%%", "jwks=%%PREFIX%%/small-key.json", ["key"]),
    ("jwks=%%JWKS%%", "jwks=%%JWKS%% jwks=%%JWKS%%", ["duplicate", "jwks"]),
    ("jwks=%%JWKS%%", "jwks=http://10.0.0.1/keys", ["https://"]),
    ("jwks=%%JWKS%%", "jwks=https://", ["https://"]),
    ("tenant=%%TENANT%%", "tenant=contoso", ["GUID"]),
    ("algorithms=RS256,ES256", "algorithms=RS256,HS256", ["HS256", "PS512"]),
    ("algorithms=RS256,ES256", "algorithms=none", ["none", "PS512"]),
    ("algorithms=RS256,ES256", "algorithms=RS256,", ["algorithm", "PS512"]),
    (ISSUER, ISSUER + " federated", ["federated", "federation"]),
    (ISSUER, ISSUER + " federation=yes", ["federation=yes", "ca_file"]),
    (MANAGEMENT, "vault_management;", ["number of arguments"]),
    (MANAGEMENT, "vault_management a b c;", ["number of arguments"]),
    (MANAGEMENT, "vault_management http://a;", ["https://domain"]),
    (MANAGEMENT, "vault_management https://a/;", ["https://domain"]),
    (MANAGEMENT, "vault_management https://a region=b;",
     ["region=b", "location=NAME"]),
    (MANAGEMENT, "vault_management https://a location=;", ["location=NAME"]),
    (MANAGEMENT, "vault_management https://a 'location=West US';",
     ["West US", "lower-case"]),
    (MANAGEMENT, "vault_management https://a location=" + "a" * 33 + ";",
     ["32"]),
    (MANAGEMENT, MANAGEMENT + MANAGEMENT, ["duplicate"]),
    (MANAGEMENT, MANAGEMENT + "vault https://a;", ["one location"]),
    (MANAGEMENT, "proxy_pass http://127.0.0.1;" + MANAGEMENT,
     ["another directive"]),
    (DESTINATION, "vault_destination a;", ["number of arguments"]),
    (DESTINATION, "vault_destination a b c;", ["number of arguments"]),
    (DESTINATION, "vault_destination '' b;", ["id"]),
    (DESTINATION, "vault_destination a '';", ["path"]),
    (DESTINATION, DESTINATION + "vault_destination /Destinations/One b;",
     ["duplicate destination", "/Destinations/One"]),
    (DESTINATION, "vault_destination a %%PREFIX%%/nowhere/a.log;",
     ["nowhere"]),
    (*certificate(), ["number of arguments"]),
    (*certificate("san=a"), ["number of arguments"]),
    (*certificate("san=a", GUID, GUID, "tenant=x"), ["number of arguments"]),
    (*certificate("dn=a", GUID), ["dn=a", "subject=DN"]),
    (*certificate("san=", GUID), ["san=", "san=NAME"]),
    (*certificate(GUID, GUID), ["duplicate principal="]),
    (*certificate("san=a", "tenant=" + GUID[10:]), ["principal=GUID"]),
    (*certificate(GUID, "tenant=" + GUID[10:]), ["fingerprint=HEX"]),
    (*certificate("san=a", "principal=admin"), ["admin", "GUID"]),
    (*certificate("san=a", GUID, "tenant=common"), ["common", "GUID"]),
    (*certificate("san=a", "subject=CN=a", GUID), ["once"]),
    (*certificate("san=*.example.com", GUID), ["*.example.com", "whole name"]),
    (*certificate("fingerprint=" + "0g" * 32, GUID), ["SHA-256"]),
    (*certificate("fingerprint=" + "00" * 20, GUID), ["SHA-256", "64"]),
    (*certificate("fingerprint=" + "00" * 33, GUID), ["SHA-256", "64"]),
    (*certificate("fingerprint=0:" + "00" * 31 + "0", GUID), ["SHA-256"]),
    (*certificate("san=a", GUID, "; vault_client_certificate", "san=a", GUID),
     ["duplicate certificate"]),
    # nobody is asked for a certificate
    (*certificate("san=a", GUID), ["ssl_verify_client", "asks for no"]),
    (VAULT, f"{VAULT} vault_client_certificate san=a {GUID};",
     ["ssl_verify_client", "asks for no"]),
    (VAULT, "vault;", ["number of arguments"]),
    (VAULT, "vault vault.localhost;", ["vault.localhost", "https://"]),
    (VAULT, "vault https://vault.localhost/;", ["https://domain"]),
    (VAULT, "vault https://vault.localhost:443;", ["default port"]),
    (VAULT, "vault https://vault.localhost:99999;", ["99999"]),
    (VAULT, "vault https://;", ["https://domain"]),
    (VAULT, "vault 'https://vault .localhost';", ["https://domain"]),
    (VAULT, VAULT + VAULT, ["duplicate"]),
    (VAULT, VAULT + "vault_local_authority %%LOGIN%%;", ["one location"]),
    (VAULT, "proxy_pass http://127.0.0.1;" + VAULT, ["another directive"]),
    (LOCAL, "vault_local_authority login.localhost;", ["https://"]),
    (LOCAL, "vault_local_authority %%LOGIN%% token_lifetime=1s;",
     ["token_lifetime", "24h"]),
    (LOCAL, "vault_local_authority %%LOGIN%% token_lifetime=25h;",
     ["token_lifetime", "24h"]),
    (LOCAL, "vault_local_authority %%LOGIN%% lifetime=1h;",
     ["lifetime=1h", "token_lifetime=TIME"]),
]

# a directive that is missing, or that stands where it means nothing
MISPLACED = [
    (STORE, "", ["vault_store PATH"]),
    (SEAL, "", ["vault_seal file PATH"]),
    ("server_name *.vault.localhost;",
     "server_name *.vault.localhost; vault_store a;",
     ["vault_store", "not allowed here"]),
    ("server_name *.vault.localhost;",
     "server_name *.vault.localhost; vault %%RESOURCE%%;",
     ["vault", "not allowed here"]),
    ("access_log off;", "access_log off; vault %%RESOURCE%%;",
     ["not allowed here"]),
]


@pytest.fixture(scope="module")
def prepared():
    """A store and everything the configurations above name; no nginx."""
    with VaultServer(CONFIG, start=False) as server:
        prefix = server.prefix
        for name, mode in (("open.key", 0o640), ("foreign.key", 0o600)):
            shutil.copy(server.seal, prefix / name)
            os.chmod(prefix / name, mode)
        if os.geteuid() == 0:
            os.chown(prefix / "foreign.key", 65534, 65534)
        (prefix / "damaged.key").write_text("vault-seal-key-1 c2hvcnQ\n")
        (prefix / "damaged.key").chmod(0o600)
        (prefix / "empty.json").write_text("")
        (prefix / "not.json").write_text("{")
        (prefix / "no-keys.json").write_text('{"keys":[]}')
        small = public_jwk(server.issuer.rsa, "small")
        small["n"] = small["n"][:171]
        (prefix / "small-key.json").write_text(json.dumps({"keys": [small]}))
        yield server


def run_test(server, config):
    server.write_config(config)
    tested = server.nginx("-t")
    return tested, tested.stderr


def test_the_right_configuration(prepared):
    tested, messages = run_test(prepared, CONFIG)
    assert tested.returncode == 0, messages
    assert "successful" in messages


@pytest.mark.parametrize(
    "old, new, words", WRONG,
    ids=[f"{number}-{new.split(';')[0][:50] or 'no ' + old[:20]}"
         for number, (old, new, _) in enumerate(WRONG)])
def test_wrong_directive(prepared, old, new, words):
    if "foreign.key" in new and os.geteuid() != 0:
        pytest.skip("only root can give a file to somebody else")
    assert CONFIG.count(old) == 1, old
    tested, messages = run_test(prepared, CONFIG.replace(old, new))
    assert tested.returncode != 0, "accepted"
    assert "[emerg]" in messages
    line = CONFIG[:CONFIG.index(old)].count("\n") + 1
    assert re.search(rf"nginx\.conf:{line}\b", messages), (line, messages)
    for word in words:
        assert word in messages, (word, messages)


@pytest.mark.parametrize("old, new, words", MISPLACED)
def test_missing_or_misplaced_directive(prepared, old, new, words):
    tested, messages = run_test(prepared, CONFIG.replace(old, new))
    assert tested.returncode != 0, "accepted"
    assert re.search(r"nginx\.conf:\d+", messages), messages
    for word in words:
        assert word in messages, (word, messages)


def test_no_authority_at_all(prepared):
    config = re.sub(r"vault_authority [^;]*;", "", CONFIG).replace(LOCAL, "")
    tested, messages = run_test(prepared, config)
    assert tested.returncode != 0
    assert "vault_authority" in messages
    assert "vault_local_authority" in messages


FEDERATION = ("vault_authority issuer=https://cluster.test jwks=%%JWKS%% "
              "federation;")


def test_federation_needs_no_audience_but_somebody_who_exchanges(prepared):
    with_one = CONFIG.replace("    access_log off;",
                              f"    access_log off;\n{FEDERATION}")
    tested, messages = run_test(prepared, with_one)
    assert tested.returncode == 0, messages
    alone = with_one.replace(LOCAL, "")
    tested, messages = run_test(prepared, alone)
    assert tested.returncode != 0
    line = alone[:alone.index(FEDERATION)].count("\n") + 1
    assert re.search(rf"nginx\.conf:{line}\b", messages), messages
    assert "vault_local_authority" in messages and "federation" in messages


def test_federation_alone_gives_no_access(prepared):
    config = re.sub(r"vault_authority [^;]*;", FEDERATION, CONFIG)
    tested, messages = run_test(prepared, config.replace(LOCAL, ""))
    assert tested.returncode != 0
    assert "someone to issue tokens" in messages


def test_an_attestation_is_not_exchanged(prepared):
    config = CONFIG.replace("    access_log off;", "    access_log off;\n"
                            + FEDERATION.replace("authority", "attestation"))
    tested, messages = run_test(prepared, config)
    assert tested.returncode != 0
    assert re.search(r"nginx\.conf:\d+", messages), messages
    assert '"federation"' in messages


@pytest.mark.parametrize("directive", [
    "proxy_pass http://127.0.0.1:9;", "stub_status;",
    "if ($arg_x) { proxy_pass http://127.0.0.1:9; }"])
@pytest.mark.parametrize("served", [VAULT, LOCAL])
def test_another_directive_serves_the_location(prepared, served, directive):
    """Whichever stands last: a token must not go to an upstream instead."""
    for both in (served + directive, directive + served):
        tested, messages = run_test(prepared, CONFIG.replace(served, both))
        assert tested.returncode != 0, "accepted"
        assert re.search(r"nginx\.conf:\d+", messages), messages
        assert "another directive" in messages


def test_plain_http_is_no_address_of_a_vault(prepared):
    config = CONFIG.replace(VAULT, "vault http://vault.localhost;")
    tested, messages = run_test(prepared, config)
    assert tested.returncode != 0
    assert re.search(r"nginx\.conf:\d+", messages), messages
    assert "https://domain" in messages


def test_tokens_for_no_vault(prepared):
    tested, messages = run_test(prepared, CONFIG.replace(VAULT, ""))
    assert tested.returncode != 0
    assert re.search(r"nginx\.conf:\d+", messages), messages
    assert '"vault' in messages and "in a location" in messages


def test_no_access_records_are_warned_of(prepared):
    tested, messages = run_test(prepared, CONFIG.replace(AUDIT, ""))
    assert tested.returncode == 0, messages
    assert messages.count("no access records are written") == 3, messages
    assert re.search(r"nginx\.conf:\d+", messages), messages
    off = CONFIG.replace(AUDIT, "vault_audit off;")
    tested, messages = run_test(prepared, off)
    assert tested.returncode == 0, messages
    assert "no access records" not in messages


def test_issuer_given_twice(prepared):
    line = re.search(r"vault_authority [^;]*;", CONFIG)[0]
    tested, messages = run_test(prepared, CONFIG.replace(line, line + line))
    assert tested.returncode != 0
    assert "https://issuer.test/" in messages and "duplicate" in messages


def test_seal_of_another_store(prepared):
    from_elsewhere = prepared.prefix / "elsewhere.key"
    made = prepared.ctl_raw("init", "--tenant", prepared.tenant)
    assert made.returncode != 0, "a store is made once"
    seal, store = prepared.seal, prepared.store
    try:
        prepared.seal = from_elsewhere
        prepared.store = prepared.prefix / "elsewhere"
        prepared.ctl("init")
    finally:
        prepared.seal, prepared.store = seal, store
    tested, messages = run_test(prepared, CONFIG.replace(
        SEAL, f"vault_seal file {from_elsewhere};"))
    assert tested.returncode != 0
    assert "seal" in messages.lower()


def test_two_local_authorities(prepared):
    second = """
    server {
        listen 127.0.0.1:%%PORT%%;
        server_name other.localhost;
        location / {
            vault_local_authority https://other.localhost;
        }
    }
}
"""
    tested, messages = run_test(prepared,
                                CONFIG.rstrip().removesuffix("}") + second)
    assert tested.returncode != 0
    assert "one local authority" in messages


@pytest.mark.parametrize("second, words", [
    ("https://other.localhost", ["one management plane"]),
    ("https://management.localhost location=south", ["differs"])])
def test_two_management_planes(prepared, second, words):
    both = CONFIG.replace(MANAGEMENT, MANAGEMENT + """
        }
        location /again {
            vault_management """ + second + ";")
    tested, messages = run_test(prepared, both)
    assert tested.returncode != 0
    assert re.search(r"nginx\.conf:\d+", messages), messages
    for word in words:
        assert word in messages, messages


def test_nothing_to_manage(prepared):
    config = CONFIG.replace(VAULT, "").replace(LOCAL, "")
    tested, messages = run_test(prepared, config)
    assert tested.returncode != 0
    assert re.search(r"nginx\.conf:\d+", messages), messages
    assert "vaults to manage" in messages


@pytest.mark.parametrize("addition", [
    'add_header X-A "$vault_nothing";', 'set $vault_name x;'])
def test_variables_that_cannot_be(prepared, addition):
    tested, messages = run_test(prepared, CONFIG.replace(
        VAULT, VAULT + addition))
    assert tested.returncode != 0
    assert "vault_" in messages
