#!/usr/bin/env python3
"""Draws what a table shows badly: charts.py RESULT FOLDER

From the JSON of bench.py: scale.svg and latency.svg.  The same JSON gives the
same files, byte for byte: no dates, no random ids.  Runs with Debian's python3,
which has matplotlib.
"""

import json
import sys
from pathlib import Path

import matplotlib

matplotlib.use("Agg")
from matplotlib import pyplot  # noqa: E402  (the backend comes first)
from matplotlib.ticker import FuncFormatter, NullLocator  # noqa: E402

OURS, LIMIT = "#1f5fa8", "#8a8a8a"
SHADES = {"p50_us": "#9ec3e8", "p99_us": "#1f5fa8", "p999_us": "#0b2c52"}
NAMES = {"p50_us": "p50", "p99_us": "p99", "p999_us": "p99.9"}

matplotlib.rcParams.update({
    # text stays text: small files, and letters that can be searched
    "svg.fonttype": "none", "svg.hashsalt": "vault",
    "font.family": "sans-serif", "font.size": 10,
    "axes.spines.top": False, "axes.spines.right": False,
    "axes.grid": True, "grid.color": "#dddddd", "grid.linewidth": 0.6,
    "legend.frameon": False, "figure.facecolor": "white",
})


def whole(value, _=None):
    return f"{value:,.0f}"


def secrets(value, _=None):
    for size, unit in ((1000000, " million"), (1000, " thousand")):
        if value >= size:
            return f"{value / size:g}{unit}"
    return f"{value:g}"


def save(figure, path):
    figure.tight_layout()
    figure.savefig(path, metadata={"Date": None, "Creator": None})
    pyplot.close(figure)
    # matplotlib ends lines in blanks
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("".join(f"{line.rstrip()}\n" for line in lines),
                    encoding="utf-8")
    print(path)


def scale(rows, path):
    """Throughput and CPU time against the number of secrets."""
    x = [row["secrets"] for row in rows]
    figure, panels = pyplot.subplots(1, 2, figsize=(8.4, 3.3))
    for panel, key, label in (
            (panels[0], "rps", "reads/s, one worker"),
            (panels[1], "cpu_us", "CPU time of a read, µs")):
        for side, colour, name, style in (
                ("ours", OURS, "vault", "o-"),
                ("limit", LIMIT, "limit: nginx return 200", "--")):
            # of the limit's reads/s the generator is the bottleneck
            if side in rows[0] and (side, key) != ("limit", "rps"):
                panel.plot(x, [row[side][key] for row in rows], style,
                           color=colour, label=name)
        panel.set_xscale("log")
        panel.set_xticks(x)
        panel.xaxis.set_major_formatter(FuncFormatter(secrets))
        panel.xaxis.set_minor_locator(NullLocator())
        panel.tick_params(axis="x", labelsize=8)
        panel.yaxis.set_major_formatter(FuncFormatter(whole))
        panel.set_ylim(0, panel.get_ylim()[1] * 1.05)
        panel.set_xlabel("secrets in the vault")
        panel.set_ylabel(label)
        panel.legend(loc="lower right")
    save(figure, path)


def latency(rows, path):
    """Percentiles against the rate of requests."""
    x = [row["rate"] for row in rows]
    figure, panel = pyplot.subplots(figsize=(7.4, 4.2))
    for key, colour in SHADES.items():
        panel.plot(x, [row["ours"][key] for row in rows], "o-", color=colour,
                   label=NAMES[key])
    panel.plot(x, [row["limit"]["p99_us"] for row in rows], ":", color=LIMIT,
               label="p99 of the limit: nginx return 200")
    highest = rows[0]["highest"]
    panel.axvline(highest, color=LIMIT, linestyle="--",
                  label="the most that one worker does")
    panel.set_yscale("log")
    panel.set_xlim(0, highest * 1.04)
    panel.xaxis.set_major_formatter(FuncFormatter(whole))
    panel.yaxis.set_major_formatter(FuncFormatter(whole))
    panel.set_xlabel("reads/s, at a constant rate")
    panel.set_ylabel("time to the answer, µs")
    # above the axes: lines may be anywhere below
    panel.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncol=3)
    save(figure, path)


def main():
    if len(sys.argv) != 3:
        sys.exit("usage: charts.py RESULT FOLDER")
    rows = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))["rows"]
    folder = Path(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    for name, draw in (("scale", scale), ("latency", latency)):
        some = [row for row in rows if row["group"] == name]
        if some:
            draw(some, folder / f"{name}.svg")
        else:
            print(f"no rows of the case {name}: no chart", file=sys.stderr)


if __name__ == "__main__":
    main()
