"""Measuring: CPU time per request, in rounds that take turns."""

import statistics
from contextlib import nullcontext


def measured(vault, run, forgetting=True):
    """What `run` found, and the CPU time of the workers for each request,
    unless it found one itself.

    forgetting: see forgetting_records().  Not where latency counts: emptying
    the file holds it for a millisecond, in which no record can be written.
    """
    vault.forget_records()
    with vault.forgetting_records() if forgetting else nullcontext():
        before = vault.worker_ns()
        result = run()
        spent = vault.worker_ns() - before
    return {"cpu_us": spent / result["requests"] / 1000, **result}


def median(results):
    return {key: statistics.median(result[key] for result in results)
            for key in results[0]}


def take_turns(vault, runs, rounds, warm, forgetting=True):
    """Runs each of `runs` (a dict of functions of a seed) `rounds` times.

    They take turns, so that what else the machine does meets all of them; if
    `warm`, after a first round, which fills caches and touches the store's
    pages and does not count.  The median of each value counts, whatever round
    it is from.
    """
    results = {name: [] for name in runs}
    for seed in range(0 if warm else 1, rounds + 1):
        for name, run in runs.items():
            result = measured(vault, lambda run=run, seed=seed: run(seed + 1),
                              forgetting)
            if seed > 0:
                results[name].append(result)
    return {name: median(some) for name, some in results.items()}
