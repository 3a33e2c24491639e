"""Looking for what must not be there: in files, and in the memory and the
registers of processes (by gcore)."""

import base64
import json
import os
import struct
import subprocess

from .paths import ROOT

SOURCE = ROOT / "tests" / "support" / "keys_of_store.c"
LIBRARIES = ["-llmdb", "-ljose", "-ljansson", "-lcurl", "-lssl", "-lcrypto",
             "-lpthread"]
PIECE = 32
REGISTER = 16
PT_LOAD, PT_NOTE = 1, 4


class Needles:
    """Byte strings to look for, each with the name it is reported by."""

    def __init__(self):
        self.items = []
        self.whole = []

    def text(self, name, value):
        """A text: pieces of a long one, so that half a copy is found too."""
        data = value.encode()
        self.whole.append((name, data))
        if len(data) <= 2 * PIECE:
            self.items.append((name, data))
            return
        step = max(PIECE, len(data) // 12)
        for place in [*range(0, len(data) - PIECE, step), len(data) - PIECE]:
            self.items.append((f"{name}, byte {place}",
                               data[place:place + PIECE]))

    def encoded(self, name, value):
        """A text also as base64 (at each of its alignments) and hex."""
        self.text(name, value)
        data = value.encode()[:48]
        self.items.append((f"{name}, hex", data.hex().encode()))
        for skip in range(3):
            whole = data[skip:skip + (len(data) - skip) // 3 * 3]
            self.items.append((f"{name}, base64 at {skip}",
                               base64.b64encode(whole)))

    def binary(self, name, data):
        """Bytes, both as they are and in the order of OpenSSL's numbers."""
        for order, text in (("", data), (", reversed", data[::-1])):
            self.whole.append((name + order, text))
            self.items.append((name + order, text))

    def find(self, data):
        """The names of what some bytes hold, with how often."""
        found = {}
        for name, item in self.items:
            if count := data.count(item):
                found[name] = count
        return found

    def find_in_registers(self, notes):
        """The names of what lies in a vector register of a thread."""
        found = {}
        for place in range(0, len(notes) - REGISTER, 4):
            piece = notes[place:place + REGISTER]
            if len(set(piece)) < 6:
                continue
            for name, data in self.whole:
                if piece in data:
                    found[f"{name}, in a register"] = (
                        found.get(f"{name}, in a register", 0) + 1)
        return found


class Core:
    """The memory of a process, and the registers of its threads."""

    def __init__(self, pid, folder):
        path = folder / f"core.{pid}"
        done = subprocess.run(
            ["gcore", "-o", str(folder / "core"), str(pid)],
            env={**os.environ, "DEBUGINFOD_URLS": ""}, capture_output=True,
            text=True, timeout=120)
        assert path.exists(), done.stdout + done.stderr
        self.notes = b""
        self.memory = b""
        with open(path, "rb") as file:
            self.read(file)
        path.unlink()

    def read(self, file):
        header = file.read(64)
        assert header[:5] == b"\x7fELF\x02", "not a core file of 64 bits"
        start, = struct.unpack_from("<Q", header, 32)
        size, count = struct.unpack_from("<HH", header, 54)
        parts = []
        for number in range(count):
            file.seek(start + number * size)
            kind, _, offset, _, _, length = struct.unpack(
                "<IIQQQQ", file.read(40))
            file.seek(offset)
            if kind == PT_NOTE:
                self.notes += file.read(length)
            elif kind == PT_LOAD:
                parts += self.without_zeros(file, length)
        self.memory = b"".join(parts)

    @staticmethod
    def without_zeros(file, length, block=65536):
        """The most of a core is untouched stacks and heaps: all zeros."""
        zeros = bytes(block)
        while length > 0:
            data = file.read(min(block, length))
            if data != zeros[:len(data)]:
                yield data
            elif not data:
                return
            length -= block

    def find(self, needles):
        return {**needles.find(self.memory),
                **needles.find_in_registers(self.notes)}


def keys_of(server, folder):
    """What keys_of_store prints: a list of (kind, bytes or JWK)."""
    program = folder / "keys_of_store"
    subprocess.run(
        [os.environ.get("CC", "cc"), "-std=gnu11",
         f"-I{ROOT / 'libvaultcore'}", str(SOURCE),
         str(ROOT / "build" / "libvaultcore.a"), *LIBRARIES,
         "-o", str(program)], check=True)
    lines = subprocess.run([str(program), str(server.store),
                            str(server.seal)], check=True,
                           capture_output=True, text=True).stdout.splitlines()
    found = []
    for line in lines:
        kind, _, value = line.partition(" ")
        found.append((kind, json.loads(value) if kind == "signing"
                      else bytes.fromhex(value)))
    return found
