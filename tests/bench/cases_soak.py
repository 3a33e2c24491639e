"""Hours of load: does memory grow?"""

import statistics
import time

import memory
import tokens
from generators import wrk, wrk_beside, wrk_result

SAMPLE = 10

# more than a worker keeps
TOKENS = 20000


def slope(samples):
    """MB an hour, by least squares through (seconds, MB)."""
    times, values = zip(*samples)
    return statistics.linear_regression(times, values).slope * 3600


def sampled(vault, processes, seconds):
    """(seconds, private MB) of the worker, while the processes run."""
    samples = []
    began = time.monotonic()
    while time.monotonic() - began < seconds:
        time.sleep(min(SAMPLE, seconds / 20))
        if any(process.poll() is not None for process in processes):
            break
        # else an hour's records fill the disk
        vault.forget_records()
        private = memory.of_process(vault.workers()[0])["private"]
        samples.append((time.monotonic() - began, memory.megabytes(private)))
    return samples


def soak(suite):
    """The mix of reads and writes, and beside it tokens that are not known."""
    vault = suite.main()
    seconds = suite.arguments.soak_seconds
    file = tokens.write(vault, "soak.tokens", TOKENS)
    per_second = suite.arguments.soak_rate
    mix = suite.load(vault, script="write", writes=5, connections=64,
                     seconds=seconds + 1, sleeping=True, per_second=per_second)
    new = mix.but(script="tokens", tokens=file, connections=2,
                  per_second=per_second // 10)
    with vault.serving():
        known = 0
        while known < TOKENS:  # what is kept of tokens is full then
            fill = new.but(seconds=5, connections=32, per_second=0)
            known += wrk(fill)["requests"]
        # as many writes at once as there can be: what they take, malloc keeps
        # in an arena for every few threads, and a moment in which the machine
        # stood still would bring it at any time
        wrk(mix.but(writes=100, seconds=10, per_second=0))
        processes = [wrk_beside(mix), wrk_beside(new)]
        try:
            samples = sampled(vault, processes, seconds)
            mixed, fresh = [wrk_result(process.communicate(timeout=60)[0])
                            for process in processes]
        finally:
            for process in processes:
                process.kill()
                process.wait()
    early = next(mb for t, mb in samples if t >= samples[-1][0] / 10)
    last = samples[-1][1]
    growth = 100 * (last / early - 1)
    hourly = slope(samples[len(samples) // 2:])
    suite.row("soak", f"{seconds:,} s of the mix, and new tokens",
              {"ours": mixed}, samples=samples, growth_percent=growth,
              mb_per_hour=hourly, new_tokens=fresh["requests"],
              note=f"worker {early:.1f} MB after a tenth, {last:.1f} MB at the "
                   f"end; {hourly:+.2f} MB/h in the second half")
