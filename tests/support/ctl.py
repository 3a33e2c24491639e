"""vaultctl on a store of its own, and its exit codes."""

import json
import os
import subprocess

from support.paths import VAULTCTL

OK, FAILED, USAGE, NOT_FOUND, CONFLICT, NOT_OPENED = range(6)


class Ctl:
    """vaultctl on a store of its own."""

    def __init__(self, folder):
        self.folder = folder
        self.store = folder / "store"
        self.seal = folder / "seal.key"

    def run(self, *arguments, **environment):
        return subprocess.run(
            [VAULTCTL, *map(str, arguments)], cwd=self.folder,
            stdin=subprocess.DEVNULL, capture_output=True, text=True,
            timeout=60, env={"PATH": os.environ["PATH"],
                             "VAULT_STORE": str(self.store),
                             "VAULT_SEAL": str(self.seal), **environment})

    def code(self, *arguments):
        """The exit code of a run that fails, which says why and no more."""
        done = self.run(*arguments)
        assert done.stdout == ""
        assert done.stderr.startswith("vaultctl: "), done
        return done.returncode

    def text(self, *arguments):
        done = self.run(*arguments)
        assert done.returncode == OK, done
        return done.stdout

    def json(self, *arguments):
        text = self.text(*arguments, "--json")
        return json.loads(text) if text else None
