"""Fixtures that every test can use; see docs/testing.md."""

import pytest

from support.paths import MODULE, NGINX, VAULTCTL
from support.server import VaultServer


def pytest_report_header():
    return [f"nginx: {NGINX}", f"module: {MODULE}", f"vaultctl: {VAULTCTL}"]


@pytest.fixture(scope="module")
def server(request):
    """A running vault `demo`, one for each test file.

    A file with a configuration of its own has it in CONFIG; VALUES fills the
    places that it (or the base configuration) leaves open.
    """
    module = request.module
    options = {}
    if hasattr(module, "CONFIG"):
        options["config"] = module.CONFIG
    with VaultServer(values=getattr(module, "VALUES", None),
                     **options) as running:
        yield running


@pytest.fixture(autouse=True)
def healthy(request):
    """After every test the server of its file still has the same workers."""
    if "server" not in request.fixturenames:
        yield
        return
    running = request.getfixturevalue("server")
    workers = set(running.workers())
    yield
    assert workers <= set(running.workers()), (
        "a worker ended during this test:\n" + running.log_text()[-4000:])
