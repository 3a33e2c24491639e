"""The table on the terminal, and the same as JSON for other programs."""

import json
import sys
import time

import machine
from figures import figures

# side (None: of the row itself), key, heading in two lines, width, format
COLUMNS = (("limit", "cpu_us", ("limit", "CPU us"), 8, ".2f"),
           ("ours", "cpu_us", ("ours", "CPU us"), 8, ".2f"),
           (None, "ratio", ("limit", "÷ ours"), 6, ".2f"),
           ("limit", "rps", ("limit", "1/s"), 8, ",.0f"),
           ("ours", "rps", ("ours", "1/s"), 8, ",.0f"),
           ("ours", "p50_us", ("p50", "us"), 8, ",.0f"),
           ("ours", "p99_us", ("p99", "us"), 8, ",.0f"),
           ("ours", "p999_us", ("p99.9", "us"), 8, ",.0f"))
CASE = 46


class Report:
    """Rows are written to the file as they come: what was measured is kept
    when a later case fails."""

    def __init__(self, path, arguments):
        self.path = path
        self.arguments = arguments
        self.machine = machine.describe()
        self.rows = []
        self.failures = []
        self.group = None
        self.started = time.monotonic()

    def begin(self, group):
        self.group = group
        self.say(group)

    def say(self, words):
        seconds = time.monotonic() - self.started
        print(f"[{seconds:4.0f} s] {words}", file=sys.stderr, flush=True)

    def add(self, row):
        row["group"] = self.group
        self.rows.append(row)
        self.write()

    def fail(self, error):
        self.failures.append({"group": self.group, "error": error})
        self.say(f"{self.group} FAILED: {error}")
        self.write()

    def write(self):
        self.path.write_text(json.dumps({
            "machine": self.machine, "arguments": self.arguments,
            "rows": self.rows, "figures": figures(self.rows),
            "failures": self.failures}, indent=2) + "\n", encoding="utf-8")

    def table(self):
        """The rows, the figures, and what has failed."""
        lines = [heading(0), heading(1)]
        group = None
        for row in self.rows:
            if row["group"] != group:
                group = row["group"]
                lines += ["", group]
            lines.append(line(row))
        lines += ["", *map(figure_line, figures(self.rows))]
        lines += [f"FAILED {failure['group']}: {failure['error']}"
                  for failure in self.failures]
        return "\n".join(lines)


def heading(part):
    return " " * CASE + "".join(
        f" {words[part]:>{width}}" for _, _, words, width, _ in COLUMNS)


def line(row):
    """Columns for which the row has nothing stay empty; one that has none of
    them has its note in their place."""
    cells = []
    for side, key, _, width, form in COLUMNS:
        where = row.get(side, {}) if side else row
        text = format(where[key], form) if key in where else ""
        cells.append(f" {text:>{width}}")
    columns = "".join(cells).rstrip()
    note = f"  {row['note']}" if "note" in row else ""
    return f"  {row['case']:{CASE - 2}}{columns}{note}".rstrip()


def figure_line(figure):
    sign = "≤" if figure["less_is_better"] else "≥"
    verdict = ("aim reached" if figure["aim_reached"]
               else "holds" if figure["holds"] else "MISSED")
    return (f"{figure['figure']:56} {figure['value']:9,.2f} {figure['unit']:2}  "
            f"must {sign} {figure['must']:g}, aim {sign} {figure['aim']:g}: "
            f"{verdict}")
