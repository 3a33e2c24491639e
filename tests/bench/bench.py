#!/usr/bin/env python3
"""Measures what a secret read costs against nginx's own `return 200`.

One worker is pinned to one core and wrk to the other.  The limit answers the
same request (the same bearer header) with the same headers and body, its
access log off.  Ours checks the token, decides, opens the secret and writes
the access record.  What is compared is the worker's CPU time per request, as
the scheduler accounts it, in rounds that take turns within one run.
"""

import argparse
import json
import os
import re
import shutil
import signal
import ssl
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
DOMAIN = "vault.localhost"

CONFIG = """
load_module {module};
daemon off;
worker_processes {workers};
worker_cpu_affinity {affinity};
error_log logs/error.log error;
pid nginx.pid;
events {{ worker_connections 1024; }}
http {{
    client_body_temp_path tmp/body; proxy_temp_path tmp/proxy;
    fastcgi_temp_path tmp/fastcgi; uwsgi_temp_path tmp/uwsgi;
    scgi_temp_path tmp/scgi;
    keepalive_requests 100000000;
    access_log off;
    server_tokens off;
    ssl_certificate tls/server.crt;
    ssl_certificate_key tls/server.key;
    ssl_protocols TLSv1.3;
    vault_store {prefix}/store;
    vault_seal file {prefix}/seal.key;
    server {{
        listen 127.0.0.1:{http}; listen 127.0.0.1:{https} ssl;
        server_name *.{domain};
        vault_audit logs/audit.log;
        location / {{ vault https://{domain}:{https}; }}
    }}
    server {{
        listen 127.0.0.1:{http}; listen 127.0.0.1:{https} ssl;
        server_name login.localhost;
        location / {{ vault_local_authority https://login.localhost:{https}; }}
    }}
    server {{
        listen 127.0.0.1:{limit_http}; listen 127.0.0.1:{limit_https} ssl;
        default_type "application/json; charset=utf-8";
        {limit_headers}
        location / {{ return 200 '{limit_body}'; }}
    }}
}}
"""


class Bench:
    def __init__(self, args):
        self.args = args
        self.prefix = tempfile.mkdtemp(prefix="vault-bench-")
        self.nginx = None
        base = args.port
        self.ports = {"http": base, "https": base + 1, "limit_http": base + 2,
                      "limit_https": base + 3}

    def vaultctl(self, *words):
        out = subprocess.run(
            [f"{TOP}/build/vaultctl", "--store", f"{self.prefix}/store",
             "--seal", f"{self.prefix}/seal.key", "--json", *words],
            check=True, stdout=subprocess.PIPE).stdout
        return json.loads(out) if out.strip() else None

    def prepare(self):
        for folder in ("logs", "tmp", "tls"):
            os.makedirs(f"{self.prefix}/{folder}")
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
             "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj",
             "/CN=localhost", "-keyout", f"{self.prefix}/tls/server.key",
             "-out", f"{self.prefix}/tls/server.crt"],
            check=True, stderr=subprocess.DEVNULL)
        self.tenant = self.vaultctl("init", "--max-size", "64g")["tenant"]
        self.vaultctl("vault", "create", "demo")
        self.client = self.vaultctl("principal", "create", "bench")
        self.vaultctl("policy", "set", "demo", "bench", "--secrets", "get,list,set")
        start = time.time()
        subprocess.run([f"{TOP}/build/bench/fill", f"{self.prefix}/store",
                        f"{self.prefix}/seal.key", "demo",
                        str(self.args.secrets), str(self.args.value)], check=True)
        print(f"{self.args.secrets} secrets of {self.args.value} bytes stored in "
              f"{time.time() - start:.1f} s", file=sys.stderr)

    def start(self, limit_headers="", limit_body="-"):
        path = f"{self.prefix}/nginx.conf"
        with open(path, "w", encoding="utf-8") as f:
            f.write(CONFIG.format(
                module=f"{TOP}/build/ngx_http_vault_module.so", workers=1,
                affinity="01", prefix=self.prefix, domain=DOMAIN,
                limit_headers=limit_headers, limit_body=limit_body, **self.ports))
        self.nginx = subprocess.Popen(
            ["nginx", "-p", self.prefix, "-c", path, "-g", "user root;"]
            if os.geteuid() == 0 else ["nginx", "-p", self.prefix, "-c", path],
            stderr=subprocess.DEVNULL)
        for _ in range(100):
            try:
                self.open("http", "login.localhost", f"/{self.tenant}/discovery/v2.0/keys")
                return
            except OSError:
                time.sleep(0.1)
        raise SystemExit("nginx does not answer; see its error log")

    def stop(self):
        if self.nginx:
            self.nginx.send_signal(signal.SIGQUIT)
            self.nginx.wait(30)
            self.nginx = None

    def open(self, port, host, path, data=None, headers=None):
        scheme = "https" if port.endswith("https") else "http"
        request = urllib.request.Request(
            f"{scheme}://127.0.0.1:{self.ports[port]}{path}", data,
            {"Host": f"{host}:{self.ports[port]}", **(headers or {})})
        context = ssl._create_unverified_context() if scheme == "https" else None
        with urllib.request.urlopen(request, timeout=10, context=context) as answer:
            return answer.headers, answer.read()

    def token(self):
        form = urllib.parse.urlencode({
            "grant_type": "client_credentials",
            "client_id": self.client["clientId"],
            "client_secret": self.client["clientSecret"],
            "scope": f"https://{DOMAIN}:{self.ports['https']}/.default"}).encode()
        _, body = self.open("http", "login.localhost",
                            f"/{self.tenant}/oauth2/v2.0/token", form)
        return json.loads(body)["access_token"]

    def limit(self):
        """The answer of a real read, as directives of the limit's server."""
        headers, body = self.open(
            "https", f"demo.{DOMAIN}", "/secrets/bench-0000000/?api-version=7.4",
            headers={"Authorization": f"Bearer {self.bearer}"})
        skip = {"server", "date", "content-type", "content-length", "connection"}
        lines = "\n".join(f"add_header {name} '{value}';"
                          for name, value in headers.items() if name.lower() not in skip)
        return lines, body.decode().replace("\\", "\\\\").replace("'", "\\'")

    def worker_ns(self):
        master = self.nginx.pid
        total = 0
        with open(f"/proc/{master}/task/{master}/children", encoding="ascii") as f:
            for pid in f.read().split():
                for task in os.listdir(f"/proc/{pid}/task"):
                    with open(f"/proc/{pid}/task/{task}/schedstat", encoding="ascii") as s:
                        total += int(s.read().split()[0])
        return total

    def load(self, port, host):
        scheme = "https" if port.endswith("https") else "http"
        before = self.worker_ns()
        out = subprocess.run(
            ["taskset", "-c", "1", "wrk", "-t1", "-c", str(self.args.connections),
             "-d", f"{self.args.seconds}s", "-s", f"{TOP}/tests/bench/read.lua",
             "-H", f"Host: {host}:{self.ports['https']}", "--latency",
             f"{scheme}://127.0.0.1:{self.ports[port]}"],
            check=True, stdout=subprocess.PIPE, encoding="ascii",
            env={**os.environ, "BENCH_TOKEN": self.bearer,
                 "BENCH_SECRETS": str(self.args.secrets)}).stdout
        spent = self.worker_ns() - before
        n, us, errors, p50, p99, p999, _ = map(
            int, re.search(r"RESULT (.*)", out).group(1).split())
        if errors:
            raise SystemExit(f"{errors} requests failed on {port}:\n{out}")
        return {"rps": n / us * 1e6, "cpu_us": spent / n / 1000,
                "p50_us": p50, "p99_us": p99, "p999_us": p999}

    def run(self):
        self.prepare()
        self.start()
        self.bearer = self.token()
        headers, body = self.limit()
        self.stop()
        self.start(headers, body)
        rows = []
        for name, ours, limit in (("HTTP/1.1", "http", "limit_http"),
                                  ("TLS 1.3", "https", "limit_https")):
            rounds = {ours: [], limit: []}
            for port in (limit, ours):  # warm the caches of both
                self.load(port, f"demo.{DOMAIN}")
            for _ in range(self.args.rounds):
                for port in (limit, ours):
                    rounds[port].append(self.load(port, f"demo.{DOMAIN}"))
            pick = {port: {key: statistics.median(r[key] for r in all_rounds)
                           for key in all_rounds[0]}
                    for port, all_rounds in rounds.items()}
            rows.append({"case": name, "limit": pick[limit], "ours": pick[ours],
                         "ratio": pick[limit]["cpu_us"] / pick[ours]["cpu_us"]})
        return rows

    def close(self):
        self.stop()
        shutil.rmtree(self.prefix, ignore_errors=True)


def show(args, rows):
    print(f"reading one of {args.secrets} secrets of {args.value} bytes, "
          f"{args.connections} connections, median of {args.rounds} rounds of "
          f"{args.seconds} s")
    print(f"{'case':10} {'limit':>10} {'ours':>10} {'ratio':>6} "
          f"{'limit':>9} {'ours':>9} {'p50':>7} {'p99':>7} {'p99.9':>7}")
    print(f"{'':10} {'CPU us':>10} {'CPU us':>10} {'':>6} "
          f"{'req/s':>9} {'req/s':>9} {'us':>7} {'us':>7} {'us':>7}")
    for row in rows:
        limit, ours = row["limit"], row["ours"]
        print(f"{row['case']:10} {limit['cpu_us']:10.2f} {ours['cpu_us']:10.2f} "
              f"{row['ratio']:6.2f} {limit['rps']:9.0f} {ours['rps']:9.0f} "
              f"{ours['p50_us']:7.0f} {ours['p99_us']:7.0f} {ours['p999_us']:7.0f}")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--secrets", type=int, default=1000000)
    parser.add_argument("--value", type=int, default=100, help="bytes")
    parser.add_argument("--seconds", type=int, default=5, help="of each round")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--connections", type=int, default=32)
    parser.add_argument("--port", type=int, default=18080, help="the first of four")
    parser.add_argument("--output", default=f"{TOP}/build/bench/result.json")
    args = parser.parse_args()

    bench = Bench(args)
    try:
        rows = bench.run()
    finally:
        bench.close()
    show(args, rows)
    with open(args.output, "w", encoding="utf-8") as f:
        json.dump({"arguments": vars(args), "rows": rows}, f, indent=2)


if __name__ == "__main__":
    main()
