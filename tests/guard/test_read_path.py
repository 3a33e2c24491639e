"""The read path does not grow unnoticed.

`instructions_per_read` in read_path.json is what one read costs a worker.  A
change that makes it grow by more than `tolerance` either has a mistake in it,
or is worth its price: then the number is set anew, in the same commit, with

    UPDATE_READ_PATH=1 make guard
"""

import json
import os
from pathlib import Path

import pytest

from . import instructions

KEPT = Path(__file__).with_name("read_path.json")


def grown(measured, kept, tolerance):
    """Whether a measured number is too far above the one that is kept."""
    return measured > kept * (1 + tolerance)


def test_the_guard_can_fail():
    assert not grown(10000, 10000, 0.05)
    assert not grown(10500, 10000, 0.05)
    assert grown(10501, 10000, 0.05)


@pytest.mark.skipif(instructions.possible() is not None,
                    reason=str(instructions.possible()))
def test_instructions_of_a_read():
    kept = json.loads(KEPT.read_text())
    measured = round(instructions.per_read())
    share = measured / kept["instructions_per_read"] - 1
    print(f"\ninstructions of a read: {measured}, "
          f"{share:+.1%} of the number that is kept")

    if os.environ.get("UPDATE_READ_PATH"):
        kept["instructions_per_read"] = measured
        KEPT.write_text(json.dumps(kept, indent=2) + "\n")
        return

    assert not grown(measured, kept["instructions_per_read"],
                     kept["tolerance"]), (
        f"a read takes {measured} instructions, {share:+.1%} of the "
        f"{kept['instructions_per_read']} in {KEPT.name}. If the change is "
        "worth it: UPDATE_READ_PATH=1 make guard")
