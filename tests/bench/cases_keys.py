"""What keys compute, beside OpenSSL itself; and whether reads notice.

Here the limit is `openssl speed` on the worker's core: the same operation in a
loop, without a request around it.  Both sides are CPU time, so their ratio is
the share that goes into the operation.
"""

import base64
import functools
import json
import os
import re
import subprocess
import time

from generators import rate, wrk, wrk_beside, wrk_result
from measure import measured

API = "api-version=7.4"

# enough that calls come together and threads always find the next
CONNECTIONS = 64

KEYS = {
    "RSA-2048": {"kty": "RSA", "key_size": 2048},
    "RSA-4096": {"kty": "RSA", "key_size": 4096},
    "P-256": {"kty": "EC", "crv": "P-256"},
    "AES-256": {"kty": "oct", "key_size": 256},
}
ALLOWED = ("create", "sign", "verify", "encrypt", "decrypt", "wrapKey",
           "unwrapKey")

# the private key's rate and the public one's, in what `openssl speed` tells
PRIVATE, PUBLIC = 0, 1
ONLY = 0

# key, operation and its opposite, algorithm, bytes that it is given, and what
# OpenSSL measures instead: of RSA it measures signatures, which are what the
# private key computes to decrypt, too
PAIRS = (
    *((key, *pair, algorithm, 32, bare, columns)
      for key, bare in (("RSA-2048", "rsa2048"), ("RSA-4096", "rsa4096"))
      for pair, algorithm, columns in (
          (("sign", "verify"), "RS256", (PRIVATE, PUBLIC)),
          (("encrypt", "decrypt"), "RSA-OAEP-256", (PUBLIC, PRIVATE)),
          (("wrapkey", "unwrapkey"), "RSA-OAEP-256", (PUBLIC, PRIVATE)))),
    ("P-256", "sign", "verify", "ES256", 32, "ecdsap256", (PRIVATE, PUBLIC)),
    ("AES-256", "encrypt", "decrypt", "A256GCM", 64, "aes-256-gcm",
     (ONLY, ONLY)),
    ("AES-256", "wrapkey", "unwrapkey", "A256KW", 32, "id-aes256-wrap",
     (ONLY, ONLY)),
)

# when time is short
QUICK = {"key-rsa-2048-sign", "key-rsa-2048-verify", "key-p-256-sign",
         "key-p-256-verify", "key-aes-256-encrypt", "key-aes-256-wrapkey"}


@functools.lru_cache
def bare_rates(algorithm, size, seconds, _):
    """Operations in a second of CPU time: one number for each column.  The
    last argument tells one measurement from another of the same."""
    symmetric = ["-bytes", str(size), "-evp"] if "aes" in algorithm else []
    output = subprocess.run(
        ["taskset", "-c", "0", "openssl", "speed", "-mr", "-seconds",
         str(seconds), *symmetric, algorithm], check=True, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout
    line = re.search(r"^\+F\d?:.*", output, re.MULTILINE).group().split(":")
    if symmetric:
        return [float(line[3]) / size]
    return [float(number) for number in line[3:5]]


def encoded(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def ask(vault, target, body):
    answer = vault.call("POST", target, body, token=vault.bearer)
    assert answer.status == 200, answer
    return answer.json


def make_key(vault, name, what):
    """Returns its path, the version included."""
    made = ask(vault, f"/keys/bench-{name.lower()}/create?{API}", what)
    return "/keys/" + "/".join(made["key"]["kid"].split("/")[-2:])


def bodies(vault, where, do, undo, algorithm, size):
    """What to send for an operation and for its opposite.  Both have been done
    once, and what came of them was right."""
    given = encoded(os.urandom(size))
    body = {"alg": algorithm, "value": given}
    found = ask(vault, f"{where}/{do}?{API}", body)
    back = {"alg": algorithm, **{name: found[name] for name in
                                 ("value", "iv", "tag") if name in found}}
    if undo == "verify":
        back["digest"] = given
    value = ask(vault, f"{where}/{undo}?{API}", back)["value"]
    assert value == (True if undo == "verify" else given), value
    return body, back


def operation(suite, vault, target, body):
    return suite.load(vault, script="post", target=f"{target}?{API}",
                      body=json.dumps(body), connections=CONNECTIONS)


def compare(suite, load, algorithm, size, column):
    """The operation over HTTP, and by itself."""
    def either(load):
        if load.side == "ours":
            return wrk(load)
        per_second = bare_rates(algorithm, size, load.seconds,
                                load.seed)[column]
        return {"requests": load.seconds * per_second, "rps": per_second,
                "cpu_us": 1e6 / per_second}

    return suite.compare(load, either, rounds=suite.few)


def keys(suite):
    vault = suite.main()
    vault.allow(vault.principal.object_id, *ALLOWED, family="keys")
    with vault.serving():
        places = {name: make_key(vault, name, what)
                  for name, what in KEYS.items()}
        for key, do, undo, algorithm, size, bare, columns in PAIRS:
            where = places[key]
            both = bodies(vault, where, do, undo, algorithm, size)
            for name, body, column in zip((do, undo), both, columns):
                row_id = f"key-{key}-{name}".lower()
                if suite.arguments.full or row_id in QUICK:
                    load = operation(suite, vault, f"{where}/{name}", body)
                    suite.row(row_id, f"{key}, {name} {algorithm}",
                              compare(suite, load, bare, size, column))


def beside(load, read, seconds):
    """What `read` finds while the load goes on, which begins before it and
    ends after; and how often in a second that was done."""
    process = wrk_beside(load.but(seconds=seconds + 2, sleeping=True))
    try:
        time.sleep(0.5)
        found = read()
        return found, wrk_result(process.communicate(timeout=60)[0])["rps"]
    finally:
        process.kill()
        process.wait()


def keys_beside(suite):
    """Reads at a quarter of the highest rate, alone, while keys compute, and
    while keys are made, as fast as the processor lets them."""
    vault = suite.main()
    vault.allow(vault.principal.object_id, *ALLOWED, family="keys")
    with vault.serving():
        quarter = suite.highest(vault) / 4
        load = suite.load(vault, seconds=max(3, suite.arguments.seconds))
        place = make_key(vault, "RSA-4096", KEYS["RSA-4096"])
        signing = operation(suite, vault, f"{place}/sign", {
            "alg": "RS256", "value": encoded(os.urandom(32))})
        making = operation(suite, vault, "/keys/bench-made/create",
                           KEYS["RSA-2048"]).but(connections=8)

        def read():
            return measured(vault, lambda: rate(load, quarter),
                            forgetting=False)

        words = f"{quarter:,.0f} reads/s"
        suite.row("beside-no-key", words, {"ours": read()})
        for row_id, case, what, unit in (
                ("beside-signing", f"{words}, all threads sign, RSA-4096",
                 signing, "signatures/s"),
                ("beside-making", f"{words}, keys are made, RSA-2048",
                 making, "keys/s")):
            found, done = beside(what, read, load.seconds)
            suite.row(row_id, case, {"ours": found}, done=done,
                      note=f"{done:,.0f} {unit}")
