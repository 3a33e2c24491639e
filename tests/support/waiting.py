"""Waiting for a condition instead of for a time."""

import time


def wait_until(condition, what, timeout=15.0):
    """Calls condition() until it is true and returns what it returned."""
    end = time.monotonic() + timeout
    while True:
        result = condition()
        if result:
            return result
        if time.monotonic() > end:
            raise AssertionError(f"not within {timeout} s: {what}")
        time.sleep(0.02)
