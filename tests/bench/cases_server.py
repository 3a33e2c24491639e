"""The server as a whole: several workers, its start, its memory."""

import os
import statistics
import time
from pathlib import Path

import memory as smaps
from generators import wrk
from h2load import files_allowed, h2load
from measure import measured, median
from support.wire import Connection
from vault import LATEST

CLIENTS, EACH = 10000, 20
READS = 1000000


def workers(suite):
    """Two workers serve from one store: what does a read cost more?

    The generator sleeps and is free on both cores; polling, it would take the
    second worker's.
    """
    vault = suite.main()
    results = {1: [], 2: []}
    for seed in range(1, suite.few + 1):
        for count, cores in ((1, "01"), (2, "01 10")):
            load = suite.load(vault, connections=64, threads=2, sleeping=True,
                              pinned=False, seed=seed)
            with vault.serving(WORKERS=count, AFFINITY=cores):
                wrk(load)
                results[count].append(measured(vault, lambda: wrk(load)))
    one, two = median(results[1]), median(results[2])
    share = two["cpu_us"] / one["cpu_us"]
    suite.row("workers-1", "one worker, generator free", {"ours": one})
    suite.row("workers-2", "two workers, generator free", {"ours": two},
              share=share, note=f"CPU time {share:.2f} times that of one")


def forget_pages(vault):
    """Has the kernel drop the store's pages from its cache."""
    file = os.open(Path(vault.store) / "data.mdb", os.O_RDWR)
    try:
        os.fsync(file)
        os.posix_fadvise(file, 0, 0, os.POSIX_FADV_DONTNEED)
    finally:
        os.close(file)


def seconds_to_first_answer(vault):
    """From the start of nginx's process to the first secret."""
    vault.write_config(LIMIT=vault.limit)
    began = time.monotonic()
    done = vault.nginx()
    assert done.returncode == 0, done.stderr
    while True:
        try:
            with Connection(vault.port) as connection:
                answer = connection.request(
                    "GET", LATEST.format(number="0000000"),
                    vault.headers(vault.bearer))
            assert answer.status == 200, answer
            break
        except ConnectionError:
            assert time.monotonic() - began < 30, "no answer"
            time.sleep(0.001)
    took = time.monotonic() - began
    vault.master = vault.read_pid()
    vault.stop()
    return took


def start(suite):
    vault = suite.main()
    for row_id, case, before in (
            ("start-cold", "first answer, store not in memory", forget_pages),
            ("start-warm", "first answer, store in memory", lambda _: None)):
        times = []
        for _ in range(suite.arguments.rounds):
            before(vault)
            times.append(seconds_to_first_answer(vault))
        took = statistics.median(times) * 1000
        suite.row(row_id, case, ms=took,
                  note=f"{took:.0f} ms from the start of nginx")


def storm(suite):
    """All clients come at once, to a server that has just started."""
    vault = suite.main()
    clients = min(CLIENTS, files_allowed() - 200)
    # when less than a sixteenth is free, nginx begins to close idle ones
    with vault.serving(CONNECTIONS=2 * clients):
        load = suite.load(vault, connections=clients, sleeping=True)
        found = measured(vault, lambda: h2load(
            load, "--h1", "-m", 1, "-n", clients * EACH, addresses=EACH))
        suite.row("storm", f"{clients:,} clients, {EACH} reads each",
                  {"ours": found},
                  note=f"all done after {found['seconds']:.1f} s")


def memory(suite):
    """Idle, with two workers; and one worker before and after many reads."""
    vault = suite.main()
    with vault.serving(WORKERS=2, AFFINITY="01 10", LIMIT=""):
        idle = smaps.of_server(vault)
    mb = smaps.megabytes(idle["pss"] - idle["store"])
    with_store = smaps.megabytes(idle["pss"])
    private = smaps.megabytes(idle["private"])
    suite.row("memory-idle", "idle, two workers", mb=mb, private_mb=private,
              with_store_mb=with_store,
              note=f"{mb:.1f} MB ({private:.1f} private); "
                   f"{with_store:.1f} MB with the store's pages")

    with vault.serving():
        load = suite.load(vault)
        seen, before = 0, None
        while seen < READS:
            vault.forget_records()
            seen += wrk(load.but(seed=seen + 1))["requests"]
            if before is None and seen >= READS // 10:
                before, after_reads = smaps.of_process(vault.workers()[0]), seen
        after = smaps.of_process(vault.workers()[0])
    mb = smaps.megabytes(after["private"])
    growth = 100 * (after["private"] / before["private"] - 1)
    suite.row("memory-reads", f"a worker after {seen:,} reads", mb=mb,
              growth_percent=growth,
              note=f"{mb:.1f} MB private, {growth:+.1f} % since the read "
                   f"{after_reads:,}; "
                   f"{smaps.megabytes(after['store']):.0f} MB of store pages")
