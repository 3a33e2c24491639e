"""The figures that count: how they follow from the rows, what they must be
and what is aimed at."""


def by_id(rows):
    return {row["id"]: row for row in rows}


def largest_scale(rows):
    some = [row for row in rows.values() if row["id"].startswith("scale-")]
    some.sort(key=lambda row: row["secrets"])
    few, most = some[0], some[-1]
    return few["secrets"], most["secrets"], \
        most["ours"]["rps"] / few["ours"]["rps"]


# id, words, unit, must, aim, whether less is better, value of the rows by id
FIGURES = [
    ("read-http", "read over HTTP: the limit's CPU time ÷ ours", "",
     0.60, 0.80, False, lambda rows: rows["read-http"]["ratio"]),
    ("read-tls", "read over TLS: the limit's CPU time ÷ ours", "",
     0.67, 0.85, False, lambda rows: rows["read-tls"]["ratio"]),
    ("scale", "reads/s with most secrets ÷ with a thousand", "",
     0.80, 0.95, False, lambda rows: largest_scale(rows)[2]),
    ("workers", "CPU time of a read with two workers ÷ with one", "",
     1.10, 1.02, True, lambda rows: rows["workers-2"]["share"]),
    ("latency-half", "p99 of reads at half the highest rate", "us",
     1000, 300, True, lambda rows: rows["latency-50"]["ours"]["p99_us"]),
    ("beside-writer", "p99 of reads beside a writer", "us",
     2000, 1000, True, lambda rows: rows["beside-writer"]["ours"]["p99_us"]),
    ("writes", "writes/s of 64 clients ÷ flushes/s of the disk", "",
     8, 20, False, lambda rows: rows["write-64"]["share"]),
    ("writes-slow", "the same on a disk whose flushes take 2 ms longer", "",
     8, 20, False, lambda rows: rows["write-64-slow"]["share"]),
    ("key-rsa", "RSA-2048 sign: OpenSSL's CPU time ÷ ours", "",
     0.90, 0.90, False, lambda rows: rows["key-rsa-2048-sign"]["ratio"]),
    ("key-p256", "P-256 sign: OpenSSL's CPU time ÷ ours", "",
     0.60, 0.60, False, lambda rows: rows["key-p-256-sign"]["ratio"]),
    ("beside-signing", "p99 of reads beside RSA-4096 signatures", "us",
     2000, 2000, True, lambda rows: rows["beside-signing"]["ours"]["p99_us"]),
    ("memory-growth", "private memory of a worker: growth", "%",
     2, 0, True, lambda rows: rows["soak" if "soak" in rows
                                   else "memory-reads"]["growth_percent"]),
    ("memory-idle", "memory of the whole server when idle", "MB",
     50, 25, True, lambda rows: rows["memory-idle"]["mb"]),
]


def figures(rows):
    """Those that the rows allow."""
    rows = by_id(rows)
    found = []
    for name, words, unit, must, aim, less, value_of in FIGURES:
        try:
            value = value_of(rows)
        except (KeyError, IndexError):
            continue
        if name == "scale":
            few, most, _ = largest_scale(rows)
            words = f"reads/s with {most:,} secrets ÷ with {few:,}"
        found.append({
            "id": name, "figure": words, "unit": unit, "value": value,
            "must": must, "aim": aim, "less_is_better": less,
            "holds": value <= must if less else value >= must,
            "aim_reached": value <= aim if less else value >= aim})
    return found
