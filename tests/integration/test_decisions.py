"""What was granted once is remembered for that right in that vault, and for
nothing else."""

import pytest

from support.checks import refused, succeeded
from support.server import API, VaultServer


@pytest.fixture(scope="module")
def two_vaults():
    with VaultServer(vaults=("demo", "other")) as server:
        for vault in ("demo", "other"):
            answer = server.call("PUT", f"/secrets/name?{API}",
                                 {"value": vault}, vault=vault)
            assert answer.status == 200, answer
        yield server


def test_a_right_in_one_vault_is_none_in_another(two_vaults):
    token = two_vaults.grant("get", vault="demo")
    with two_vaults.connect() as connection:
        for _ in range(3):
            for vault, allowed in (("demo", True), ("other", False)):
                answer = two_vaults.call("GET", f"/secrets/name?{API}",
                                         token=token, vault=vault,
                                         connection=connection)
                if allowed:
                    assert succeeded(answer)["value"] == vault
                else:
                    refused(answer, 403, "Forbidden", "AccessDenied")


def test_one_right_is_not_another(two_vaults):
    token = two_vaults.grant("get", vault="demo")
    with two_vaults.connect() as connection:
        for _ in range(3):
            for target, allowed in (("/secrets/name", True),
                                    ("/secrets", False)):
                answer = two_vaults.call("GET", f"{target}?{API}", token=token,
                                         connection=connection)
                assert answer.status == (200 if allowed else 403), answer


def test_a_right_that_is_given_and_taken(two_vaults):
    oid = "5b1f8f4e-3a52-4c52-9f3e-0d6b7a1c0001"
    token = two_vaults.issuer.token(oid)
    with two_vaults.connect() as connection:
        for permissions, status in (((), 403), (("get",), 200), ((), 403),
                                    (("list",), 403), (("get", "list"), 200)):
            # there is a policy before there is none: vaultctl finds it
            two_vaults.allow(oid, "list")
            two_vaults.allow(oid, *permissions)
            for _ in range(2):
                answer = two_vaults.call("GET", f"/secrets/name?{API}",
                                         token=token, connection=connection)
                assert answer.status == status, (permissions, answer)
