"""How many instructions a worker executes for one secret read.

callgrind counts them, so the number is the same on a slow day.  Which code
libc and OpenSSL choose depends on the processor; both are told to see one with
AES and carry-less multiplication and nothing newer, so that it is also the
same on another machine of this architecture.

Two servers answer another number of reads each, and the difference counts:
what a start costs, and the first request, falls out.
"""

import os
import re
import signal
import subprocess

from support.config import BASE
from support.paths import NGINX
from support.server import API, VaultServer
from support.waiting import wait_until

FEW, MANY = 200, 1200

# one process, because callgrind counts for the one it runs, and so without a
# socket for each worker; the header buffer is that of our configurations
CONFIG = BASE.replace(" reuseport", "")
VALUES = {
    "MAIN": "master_process off; daemon off;",
    "HTTP": "client_header_buffer_size 4k;",
}

OLD_PROCESSOR = {
    "GLIBC_TUNABLES": "glibc.cpu.hwcaps=-AVX_Fast_Unaligned_Load,-AVX2,"
                      "-AVX512F,-AVX512VL,-BMI2,-ERMS,-FSRM,-MOVBE,-RTM,"
                      "-Prefer_No_VZEROUPPER",
    # without AVX, FMA and MOVBE, and without all that came with leaf 7
    "OPENSSL_ia32cap": "~0x1040100000000000:0",
}


class CountedServer(VaultServer):
    """A vault whose nginx runs under callgrind."""

    def __init__(self):
        super().__init__(config=CONFIG, values=VALUES,
                         environment=OLD_PROCESSOR, start=False)

    def start(self):
        self.profile = self.prefix / "callgrind.out"
        with open(self.prefix / "logs" / "valgrind.log", "wb") as log:
            self.process = subprocess.Popen(
                ["valgrind", "--tool=callgrind",
                 f"--callgrind-out-file={self.profile}.%p", NGINX,
                 "-p", str(self.prefix), "-c", str(self.config_file),
                 "-e", str(self.error_log)],
                env=self.nginx_environment(), stdout=log, stderr=log)
        self.started = True
        wait_until(lambda: self.process.poll() is not None or self.listens(),
                   "nginx answers under callgrind", timeout=60)
        assert self.process.poll() is None, self.log_text()

    def listens(self):
        try:
            with self.connect():
                return True
        except OSError:
            return False

    def stop(self):
        if self.started and self.process.poll() is None:
            self.process.send_signal(signal.SIGQUIT)
            self.process.wait(60)

    def instructions(self):
        """What callgrind has counted; after stop()."""
        text = (self.prefix / f"callgrind.out.{self.process.pid}").read_text()
        return int(re.search(r"^(?:totals|summary): (\d+)$", text, re.M)[1])


def one_secret(server):
    """A hundred bytes, and the headers to read them with."""
    server.set("read-path", "v" * 100)
    return [server.headers()]


def count(reads, prepare=one_secret, before_start=lambda server: None):
    """The instructions of a server that answers a number of reads.

    prepare() sets the secret "read-path" in a running server and returns the
    headers of the requests, which are used in turn.
    """
    with CountedServer() as server:
        before_start(server)
        server.start()
        all_headers = prepare(server)
        with server.connect(timeout=60) as connection:
            for number in range(reads):
                answer = connection.request(
                    "GET", f"/secrets/read-path?{API}",
                    all_headers[number % len(all_headers)])
                assert answer.status == 200, answer
        server.stop()
        read = [record for record in server.records()
                if record["operationName"] == "SecretGet"]
        assert len(read) == reads
        return server.instructions()


def per_read(few=FEW, many=MANY, **more):
    return (count(many, **more) - count(few, **more)) / (many - few)


def possible():
    """Why it cannot be counted here, None if it can."""
    if os.uname().machine != "x86_64":
        return "the number is kept for x86_64"
    return None
