"""Writing: alone, against what the disk can do; among reads; beside reads."""

import os
import time

from generators import rate, wrk_beside, wrk_result
from measure import measured
from vault import BUILD

BLOCK = 4096
FILE = 4096 * BLOCK


# what a flush takes on a disk that has no memory of its own for it
SLOW_US = 2000


def flushes_per_second(folder, seconds, slower_us=0):
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
            time.sleep(slower_us / 1e6)
            count += 1
        took = time.monotonic() - began
    path.unlink()
    return count / took


def writer(suite, vault, **more):
    return suite.load(vault, script="write", sleeping=True,
                      **{"writes": 100, **more})


def on_disk(suite, disk, slower_us):
    """Rows of one client and of many, beside the disk's own rate."""
    vault = suite.main()
    flushes = flushes_per_second(vault.prefix, suite.arguments.seconds,
                                 slower_us)
    words = f", each {slower_us / 1000:g} ms slower" if slower_us else ""
    suite.row(f"flush{disk}", f"the disk: 4 KB and fdatasync{words}",
              rps=flushes, note=f"{flushes:,.0f} flushes/s")
    with vault.serving():
        for clients in (1, 64):
            found = suite.compare(writer(suite, vault, connections=clients),
                                  sides=("ours",))
            share = found["ours"]["rps"] / flushes
            suite.row(f"write-{clients}{disk}",
                      f"{clients} client{'s' if clients > 1 else ''}",
                      found, share=share,
                      note=f"{share:.1f} times the disk's flushes")


def writes(suite):
    """On the disk that is there; and as on one whose flushes take longer: a
    virtual machine's are often acknowledged from the host's memory."""
    vault = suite.main()
    on_disk(suite, "", 0)
    vault.environment = {"LD_PRELOAD": str(BUILD / "slow_disk.so"),
                         "SLOW_DISK_US": str(SLOW_US)}
    try:
        on_disk(suite, "-slow", SLOW_US)
    finally:
        vault.environment = {}


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
        alone = measured(vault, lambda: rate(load, highest / 4),
                         forgetting=False)
        suite.row("beside-nobody", f"{highest / 4:,.0f} reads/s",
                  {"ours": alone})
        # the reads warm up for half a second, and their last answers may come
        # a little late: the writer is there before and after
        writing = wrk_beside(writer(suite, vault, connections=4,
                                    seconds=load.seconds + 2))
        try:
            time.sleep(0.5)
            reading = measured(vault, lambda: rate(load, highest / 4),
                         forgetting=False)
            written = wrk_result(writing.communicate(timeout=60)[0])
        finally:
            writing.kill()
            writing.wait()
        suite.row("beside-writer", f"{highest / 4:,.0f} reads/s, beside writes",
                  {"ours": reading}, writes=written["rps"],
                  note=f"{written['rps']:,.0f} writes/s")
