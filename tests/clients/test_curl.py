"""The lines for curl that the documentation gives."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

SCRIPT = Path(__file__).with_name("curl.sh")


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not here")
def test_curl(server):
    principal = server.create_principal("curl")
    server.allow(principal.object_id, "all", "purge")
    done = subprocess.run(["sh", str(SCRIPT)], env={
        "PATH": os.environ["PATH"], "VAULT_URL": server.vault_url(),
        "AUTHORITY_HOST": server.login, "TENANT_ID": server.tenant,
        "CLIENT_ID": principal.client_id, "CLIENT_SECRET": principal.secret,
        "CA_FILE": str(server.ca_file), "RESOURCE": server.resource},
        capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done
    lines = [line for line in done.stdout.splitlines() if line]
    assert lines[0].lower().startswith("www-authenticate: bearer")
    assert json.loads(lines[1])["value"] == "written by curl"
    assert json.loads(lines[2])["value"] == "written by curl"
    # the vault may take such a body or refuse it, but must say which
    assert ("value" in json.loads(lines[3])
            or json.loads(lines[3])["error"]["code"] == "BadParameter")
    assert json.loads(lines[4])["contentType"] == "text/plain"
    assert json.loads(lines[5])["nextLink"] is None
    assert json.loads(lines[6])["recoveryId"]
    assert json.loads(lines[7])["id"]
    assert lines[-1] == "204"
