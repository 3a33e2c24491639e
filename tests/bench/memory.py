"""Memory of processes, as the kernel's smaps tell it."""

import re
from pathlib import Path

MAPPING = re.compile(r"^[0-9a-f]+-[0-9a-f]+ \S+ \S+ \S+ \S+ *(.*)$")
FIELD = re.compile(r"^(\w+): +(\d+) kB$")


def mappings(pid):
    """(name, {field: KB}) of each mapping."""
    found = []
    for text in Path(f"/proc/{pid}/smaps").read_text().splitlines():
        mapping = MAPPING.match(text)
        field = FIELD.match(text)
        if mapping:
            found.append((mapping.group(1), {}))
        elif field:
            found[-1][1][field.group(1)] = int(field.group(2))
    return found


def of_process(pid):
    """Bytes: `pss`, what is its share (pages shared by n processes count
    1/n); `store`, how much of this are pages of the store's file, which the
    kernel takes back when it needs them; `private`, what the process has
    written and no other has.  Pages of programs and libraries are not in that:
    whose they are depends on who else has them mapped."""
    total = {"pss": 0, "store": 0, "private": 0}
    for name, fields in mappings(pid):
        pss = fields.get("Pss", 0)
        total["pss"] += pss
        if name.endswith("/data.mdb") or name.endswith("/lock.mdb"):
            total["store"] += pss
        else:
            total["private"] += fields.get("Private_Dirty", 0)
    return {key: value * 1024 for key, value in total.items()}


def of_server(vault):
    """The same, of the master and its workers together."""
    all_of_them = [of_process(pid) for pid in (vault.master, *vault.workers())]
    return {key: sum(one[key] for one in all_of_them)
            for key in all_of_them[0]}


def megabytes(count):
    return count / (1 << 20)
