"""What an operator does to a running server: does reading go on meanwhile?

The generator is `rate` in a closed loop: unlike wrk it opens a connection
again that nginx closes at a reload, and repeats the request.
"""

import os
import shutil
import signal
import subprocess
import threading

from generators import rate

EVERY = 1.0


class Repeating:
    """Does something again and again while a `with` lasts."""

    def __init__(self, what, every):
        self.what = what
        self.every = every
        self.count = 0
        self.error = None
        self.ending = threading.Event()
        self.thread = threading.Thread(target=self.run)

    def run(self):
        try:
            while not self.ending.is_set():
                self.what(self)
                self.count += 1
                self.ending.wait(self.every)
        except Exception as error:  # raised again at the end of the `with`
            self.error = error

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.ending.set()
        self.thread.join()
        if self.error:
            raise self.error


def copy_store(vault):
    """One mdb_copy after the other, with the least priority and beside the
    generator: what is asked is whether it is in the worker's way."""
    folder = vault.prefix / "copy"

    def copy(repeating):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        process = subprocess.Popen(["nice", "-n", "19", "taskset", "-c", "1",
                                    "mdb_copy", vault.store, folder])
        while process.poll() is None:
            if repeating.ending.wait(0.05):
                process.terminate()
                process.wait()
                break
        else:
            assert process.returncode == 0, "mdb_copy failed"
    return copy


def events(suite):
    vault = suite.main()

    def reading():
        vault.forget_records()
        return rate(load, 0)

    with vault.serving():
        load = suite.load(vault, seconds=max(3, suite.arguments.seconds))
        reading()
        before = reading()
        suite.row("event-none", "undisturbed", {"ours": before})
        for row_id, case, what, every in (
                ("event-reload", "nginx reloaded each second",
                 lambda _: os.kill(vault.master, signal.SIGHUP), EVERY),
                ("event-copy", "mdb_copy of the store, one after another",
                 copy_store(vault), 0),
                ("event-rotate", "signing key replaced each second",
                 lambda _: vault.ctl("authority", "rotate-key"), EVERY),
                ("event-vault-key", "the vault's key replaced each second",
                 lambda _: vault.ctl("vault", "rotate-key", "demo"), EVERY)):
            with Repeating(what, every) as repeating:
                found = reading()
            share = found["rps"] / before["rps"]
            suite.row(row_id, case, {"ours": found}, share=share,
                      note=f"{share:.2f} of undisturbed; done "
                           f"{repeating.count} times")
        shutil.rmtree(vault.prefix / "copy", ignore_errors=True)
