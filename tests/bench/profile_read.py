#!/usr/bin/env python3
"""Where the time of a secret read goes: profile_read.py RESULT.svg

Samples the worker with `perf` while wrk reads as fast as it can (HTTP, a
million secrets, everything on), draws a flame graph, and prints what each part
of a read takes.  Needs the right to sample kernel code, which root has, and a
module whose functions are still there by name (make profile builds one: without
optimization of the whole, which costs about one percent).
"""

import argparse
import re
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import flame
from generators import Load, wrk, wrk_beside, wrk_result
from measure import measured
from vault import BUILD, BenchVault

# what a sample counts for: the first of these that its stack holds
PARTS = [
    ("receiving", {"__x64_sys_recvfrom", "__x64_sys_ioctl"}),
    ("sending", {"do_writev", "__x64_sys_writev"}),
    ("record: writing it", {"ngx_http_vault_audit_flush_event", "ksys_write"}),
    ("record: making it", {"vc_call_record"}),
    ("waiting for events", {"__x64_sys_epoll_wait"}),
    ("token: its fingerprint", {"vc_fingerprint"}),
    ("look-up in LMDB", {"vc_snapshot_get"}),
    ("snapshot: taking and checking", {"vc_session_hold", "vc_session_end",
                                       "vc_engine_rest"}),
    ("opening the sealed record", {"vc_cipher_open"}),
    ("answer: its JSON", {"vc_secret_bundle"}),
    ("answer: its headers", {"vc_call_respond", "vc_call_ok_json"}),
    ("routing", {"vc_call_route"}),
    ("token and access: the rest", {"vc_call_authenticate",
                                    "vc_call_authorize"}),
    ("wiping", {"ngx_http_vault_cleanup"}),
    ("nginx: headers and body out", {"ngx_http_vault_send"}),
    ("the module's and library's rest", {"ngx_http_vault_access_handler",
                                         "ngx_http_vault_handler",
                                         "ngx_http_vault_log_handler"}),
]
REST = "nginx: parsing and phases"

KERNEL = "_[k]"
KINDS = [
    (28, lambda name: name.endswith(KERNEL)),
    (210, lambda name: name.startswith(("vc_", "ngx_http_vault"))),
    (130, lambda name: name.startswith(("ngx_", "nginx"))),
    (280, lambda name: name.startswith(("liblmdb", "mdb_"))),
    (340, lambda name: name.startswith(("libcrypto", "EVP_", "CRYPTO_"))),
]

FRAME = re.compile(r"^\s+[0-9a-f]+ (.*) \((.*)\)$")


def name_of(symbol, place):
    """A frame's name; code without symbols goes by its library."""
    symbol = re.sub(r"\+0x[0-9a-f]+$", "", symbol)
    symbol = re.sub(r"(\.(part|constprop|isra|lto_priv)\.\d+)+$", "", symbol)
    if "[kernel" in place or place.endswith(".ko"):
        return symbol + KERNEL
    if symbol == "[unknown]":
        return Path(place).name.split(".so")[0] if place else symbol
    return symbol


def stacks_of(text):
    """Folded stacks from `perf script`, the outermost frame first."""
    stacks = Counter()
    for sample in text.split("\n\n"):
        found = [FRAME.match(line) for line in sample.split("\n")]
        names = [name_of(*match.groups()) for match in found if match]
        # a frame without symbols above one of the same library says nothing
        merged = [name for i, name in enumerate(names)
                  if i == 0 or name != names[i - 1]]
        if merged:
            stacks[tuple(reversed(merged))] += 1
    return stacks


def parts_of(stacks):
    parts = Counter()
    for stack, count in stacks.items():
        names = {name.removesuffix(KERNEL) for name in stack}
        for part, any_of in PARTS:
            if names & any_of:
                parts[part] += count
                break
        else:
            parts[REST] += count
    return parts


def sample(load, seconds):
    worker = load.vault.workers()[0]
    generator = wrk_beside(load.but(seconds=seconds + 2))
    with (tempfile.NamedTemporaryFile(dir=BUILD) as data,
          load.vault.forgetting_records()):
        subprocess.run(
            ["perf", "record", "-q", "-F", "1999", "--call-graph", "dwarf,4096",
             "-p", str(worker), "-o", data.name, "sleep", str(seconds)],
            check=True)
        output, _ = generator.communicate(timeout=seconds + 60)
        wrk_result(output)
        return subprocess.run(
            ["perf", "script", "--no-inline", "-i", data.name, "-F",
             "ip,sym,dso"], check=True, text=True, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL).stdout


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("output", type=Path)
    parser.add_argument("--secrets", type=int, default=1000000)
    parser.add_argument("--seconds", type=int, default=5)
    arguments = parser.parse_args()
    BUILD.mkdir(parents=True, exist_ok=True)
    tempfile.tempdir = str(BUILD)
    with BenchVault(arguments.secrets, 100) as vault, vault.serving():
        load = Load(vault)
        wrk(load)
        cpu_us = measured(vault, lambda: wrk(load))["cpu_us"]
        stacks = stacks_of(sample(load, arguments.seconds))
    total = sum(stacks.values())
    arguments.output.write_text(flame.svg(
        stacks, f"A secret read, {cpu_us:.1f} µs of CPU time: where it goes "
        "(each column is a stack, its width its share)", KINDS))
    print(f"{cpu_us:.2f} us a read, {total} samples")
    for part, count in parts_of(stacks).most_common():
        print(f"{part:34} {cpu_us * count / total:6.2f} us "
              f"{count / total:6.1%}")


if __name__ == "__main__":
    main()
