"""Fixtures that several files here use."""

import pytest

from support.checks import KEPT_VALUE, succeeded


@pytest.fixture(scope="module")
def kept(server):
    server.set("kept", KEPT_VALUE)
    return server


@pytest.fixture
def nothing_lost(kept):
    """After the test the secret that was there before still has its value."""
    yield
    assert succeeded(kept.get("kept"))["value"] == KEPT_VALUE
