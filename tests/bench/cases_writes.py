"""Writing: alone, against what the disk can do; among reads; beside reads."""

import os
import time

from generators import rate, wrk_beside, wrk_result
from measure import measured

BLOCK = 4096
FILE = 4096 * BLOCK


def flushes_per_second(folder, seconds):
    """How often the disk can be made to keep a block: what a durable write
    costs at least."""
    path = folder / "flush"
    with open(path, "wb", buffering=0) as file:
        file.write(bytes(FILE))
        os.fsync(file)
        block, count = os.urandom(BLOCK), 0
        began = time.monotonic()
        while time.monotonic() - began < seconds:
            os.pwrite(file.fileno(), block, count * BLOCK % FILE)
            os.fdatasync(file)
            count += 1
        took = time.monotonic() - began
    path.unlink()
    return count / took


def writer(suite, vault, **more):
    return suite.load(vault, script="write", sleeping=True,
                      **{"writes": 100, **more})


def writes(suite):
    vault = suite.main()
    seconds = suite.arguments.seconds
    flushes = flushes_per_second(vault.prefix, seconds)
    suite.row("flush", "the disk: 4 KB and fdatasync", rps=flushes,
              note=f"{flushes:,.0f} flushes/s")
    with vault.serving():
        for clients in (1, 64):
            found = suite.compare(writer(suite, vault, connections=clients),
                                  sides=("ours",))
            share = found["ours"]["rps"] / flushes
            suite.row(f"write-{clients}",
                      f"{clients} client{'s' if clients > 1 else ''}",
                      found, share=share,
                      note=f"{share:.1f} times the disk's flushes")


def mix(suite):
    with suite.main().serving() as vault:
        load = writer(suite, vault, writes=5, connections=64)
        suite.row("mix", "95 % reads, 5 % writes, 64 clients",
                  suite.compare(load, sides=("ours",)))


def beside(suite):
    """Reads at a quarter of the highest rate, while four clients write as fast
    as they are answered."""
    with suite.main().serving() as vault:
        highest = suite.highest(vault)
        load = suite.load(vault, seconds=max(3, suite.arguments.seconds))
        alone = measured(vault, lambda: rate(load, highest / 4))
        suite.row("beside-nobody", f"{highest / 4:,.0f} reads/s",
                  {"ours": alone})
        # the reads warm up for half a second, and their last answers may come
        # a little late: the writer is there before and after
        writing = wrk_beside(writer(suite, vault, connections=4,
                                    seconds=load.seconds + 2))
        try:
            time.sleep(0.5)
            reading = measured(vault, lambda: rate(load, highest / 4))
            written = wrk_result(writing.communicate(timeout=60)[0])
        finally:
            writing.kill()
            writing.wait()
        suite.row("beside-writer", f"{highest / 4:,.0f} reads/s, beside writes",
                  {"ours": reading}, writes=written["rps"],
                  note=f"{written['rps']:,.0f} writes/s")
