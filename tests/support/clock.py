"""A clock of its own for nginx: libfaketime, moved by the test."""

import tempfile
import time
from pathlib import Path

from .paths import SANITIZE

LIBRARIES = [*Path("/usr/lib").glob("*/faketime/libfaketime.so.1"),
             *Path("/usr/lib/faketime").glob("libfaketime.so.1")]

# the sanitizers' runtimes and libfaketime cannot be preloaded together
AVAILABLE = bool(LIBRARIES) and not SANITIZE


class Clock:
    """`environment` is for VaultServer, and `directives` for the main block
    of its configuration (nginx takes the environment from its workers).
    move() takes effect at once.

    Where libfaketime cannot be used both are empty and the clock is the
    machine's own: it cannot be moved.
    """

    def __init__(self):
        self.seconds = 0
        self.environment = {}
        self.directives = ""
        if not AVAILABLE:
            return
        self.folder = tempfile.TemporaryDirectory(prefix="vault-test-clock-")
        # workers give up root's rights and must still read it
        Path(self.folder.name).chmod(0o755)
        self.path = Path(self.folder.name) / "time"
        self.environment = {
            "LD_PRELOAD": str(LIBRARIES[0]),
            "FAKETIME_TIMESTAMP_FILE": str(self.path),
            # a cached time could be two seconds old, on some threads only
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        }
        self.directives = "".join(f"env {name};" for name in self.environment)
        self.move(0)

    def move(self, seconds):
        """Forward by this much; False if it cannot be moved."""
        if not AVAILABLE:
            return False
        self.seconds += seconds
        waiting = self.path.with_suffix(".new")
        waiting.write_text(f"+{self.seconds}\n")
        waiting.rename(self.path)
        return True

    def now(self):
        """The time that nginx has."""
        return time.time() + self.seconds

    def close(self):
        if AVAILABLE:
            self.folder.cleanup()
