#!/usr/bin/env python3
"""How the instructions of a read grow with policies, vaults and tokens.

As in instructions.py, so the numbers are the same on a busy machine.  The
growth with secrets and workers, which is one of waiting for memory, is
measured by make bench.
"""

import sys
import uuid
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from guard.instructions import one_secret, per_read


def policies(number):
    """Other principals' policies in the same vault, in front of ours."""
    def add(server):
        for _ in range(number - 1):
            server.allow(str(uuid.uuid4()), "get")
    return per_read(before_start=add)


def vaults(number):
    """Secrets of as many vaults, read in turn."""
    names = [f"vault-{n:04d}" for n in range(number)]

    def add(server):
        for name in names:
            server.ctl("vault", "create", name)

    def prepare(server):
        found = []
        for name in names:
            headers = server.headers(vault=name)
            answer = server.call("PUT", "/secrets/read-path?api-version=7.4",
                                 {"value": "v" * 100}, vault=name)
            assert answer.status == 200, answer
            found.append(headers)
        return found
    # each once before it counts
    return per_read(few=number + 100, many=2 * number + 600, prepare=prepare,
                    before_start=add)


def tokens(number):
    """Tokens of one principal, in turn."""
    def prepare(server):
        server.set("read-path", "v" * 100)
        oid = str(uuid.uuid4())
        server.allow(oid, "get")
        return [server.headers(token=server.issuer.token(oid))
                for _ in range(number)]
    return per_read(few=number + 100, many=2 * number + 600, prepare=prepare)


def main():
    base = per_read(prepare=one_secret)
    print(f"one policy, one vault, one token: {base:,.0f} instructions")
    for what, numbers in ((policies, (10, 100, 1000)), (vaults, (10, 100, 600)),
                          (tokens, (100, 1000))):
        for number in numbers:
            found = what(number)
            print(f"{number:5} {what.__name__:9} {found:9,.0f}  "
                  f"{found / base - 1:+.1%}")


if __name__ == "__main__":
    main()
