"""On which machine, with which software the figures came to be."""

import datetime
import os
import platform
import re
import subprocess

from support.paths import NGINX, ROOT


def output(*command):
    done = subprocess.run(command, cwd=ROOT, text=True, check=False,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    return done.stdout.strip()


def first(pattern, path):
    with open(path, encoding="utf-8") as file:
        found = re.search(pattern, file.read(), re.MULTILINE)
    return found.group(1).strip() if found else "unknown"


def describe():
    return {
        "cpu": first(r"^model name\s*:(.*)$", "/proc/cpuinfo"),
        "cores": os.cpu_count(),
        "memory_mb": int(first(r"^MemTotal:\s*(\d+)", "/proc/meminfo")) // 1024,
        "kernel": platform.release(),
        "nginx": output(NGINX, "-v").removeprefix("nginx version: "),
        "openssl": output("openssl", "version"),
        "date": datetime.datetime.now(datetime.timezone.utc)
        .isoformat(timespec="seconds"),
        "commit": output("git", "rev-parse", "--short", "HEAD")
        + ("+" if output("git", "status", "--porcelain") else ""),
    }
