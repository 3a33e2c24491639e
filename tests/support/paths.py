"""Where the things under test are; each can be replaced by the environment."""

import os
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

NGINX = os.environ.get("NGINX", "/usr/sbin/nginx")
MODULE = os.path.abspath(
    os.environ.get("VAULT_MODULE", ROOT / "build" / "ngx_http_vault_module.so"))
VAULTCTL = os.path.abspath(
    os.environ.get("VAULTCTL", ROOT / "build" / "vaultctl"))

# SANITIZE=1: the module (or vaultctl) was built with AddressSanitizer and
# UndefinedBehaviorSanitizer, nginx itself was not and has them preloaded
SANITIZE = os.environ.get("SANITIZE", "") not in ("", "0")


def compiler_library(name):
    """The path of one of gcc's runtime libraries."""
    compiler = os.environ.get("CC", "gcc")
    path = subprocess.run([compiler, f"-print-file-name={name}"], check=True,
                          capture_output=True, text=True).stdout.strip()
    return os.path.realpath(path)
