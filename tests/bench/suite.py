"""What all cases share: the arguments, the vaults, the rows they report."""

from contextlib import ExitStack, contextmanager

from generators import Load, wrk
from measure import take_turns
from vault import BenchVault


class Suite:
    """Use it in a `with`: on exit the vaults are gone."""

    def __init__(self, arguments, report):
        self.arguments = arguments
        self.report = report
        self.vaults = ExitStack()
        self.large = None
        # rounds where less depends on the result
        self.few = (arguments.rounds + 1) // 2
        self.most_per_second = None

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        # what went wrong in a case has been reported; logs are looked through
        return self.vaults.__exit__(None, None, None) and False

    def main(self):
        """The vault of --secrets secrets of --value bytes, made when it is
        first asked for; every tenth secret has an earlier version."""
        if self.large is None:
            a = self.arguments
            self.large = self.vaults.enter_context(
                BenchVault(a.secrets, a.value, a.secrets // 10))
        return self.large

    @contextmanager
    def vault(self, secrets, value):
        """A vault for one case; the main one if it is like that."""
        a = self.arguments
        if (secrets, value) == (a.secrets, a.value):
            yield self.main()
        else:
            with BenchVault(secrets, value) as vault:
                yield vault

    def load(self, vault, **what):
        a = self.arguments
        return Load(vault, **{"connections": a.connections,
                              "seconds": a.seconds, **what})

    def compare(self, load, generator=wrk, sides=("limit", "ours"),
                rounds=None, warm=True, forgetting=True):
        """Ours, and the limit beside it, each as medians of the rounds."""
        runs = {side: (lambda seed, side=side:
                       generator(load.but(side=side, seed=seed)))
                for side in sides}
        return take_turns(load.vault, runs, rounds or self.arguments.rounds,
                          warm, forgetting)

    def highest(self, vault):
        """What one worker does at most, in reads a second: measured once."""
        if self.most_per_second is None:
            found = self.compare(self.load(vault), sides=("ours",))
            self.most_per_second = found["ours"]["rps"]
        return self.most_per_second

    def row(self, row_id, case, sides=None, **more):
        """Reports a row; with both sides it has their ratio."""
        row = {"id": row_id, "case": case, **(sides or {}), **more}
        if sides and "limit" in sides:
            row["ratio"] = sides["limit"]["cpu_us"] / sides["ours"]["cpu_us"]
        self.report.add(row)
        return row
