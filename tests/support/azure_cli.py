"""The Azure CLI as its users run it: registered once, logged in, no Microsoft.

Whatever it asks of a host that is not below .localhost goes to a proxy on the
loopback interface, which writes the name down and refuses.
"""

import json
import os
import socket
import subprocess
import threading

from support.paths import ROOT

AZ = ROOT / "build" / "az" / "bin" / "az"


class Elsewhere:
    """A proxy that lets nothing through and remembers who was asked for."""

    def __init__(self):
        self.asked = []
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.socket.getsockname()[1]}"
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self):
        while True:
            try:
                connection, _ = self.socket.accept()
            except OSError:
                return
            with connection:
                connection.settimeout(5)
                try:
                    line = connection.recv(4096).split(b"\r\n")[0].decode()
                    connection.sendall(b"HTTP/1.1 403 Forbidden\r\n"
                                       b"Content-Length: 0\r\n\r\n")
                except OSError:
                    continue
            self.asked.append(line)

    def close(self):
        self.socket.close()


class AzureCli:
    """One configuration of the CLI, for one server that `make run` started."""

    def __init__(self, folder, server):
        self.folder = folder
        self.server = server
        self.elsewhere = Elsewhere()
        self.env = {
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "AZURE_CONFIG_DIR": str(folder / "azure"),
            "AZURE_CORE_COLLECT_TELEMETRY": "no",
            "AZURE_CORE_NO_COLOR": "yes",
            "AZURE_CORE_ONLY_SHOW_ERRORS": "yes",
            "REQUESTS_CA_BUNDLE": server["CA_FILE"],
            "HTTPS_PROXY": self.elsewhere.url,
            "HTTP_PROXY": self.elsewhere.url,
            "NO_PROXY": ".localhost,localhost,127.0.0.1",
        }

    def close(self):
        self.elsewhere.close()

    def _call(self, arguments):
        return subprocess.run([str(AZ), *arguments, "-o", "json"],
                              env=self.env, cwd=self.folder, timeout=120,
                              capture_output=True, text=True)

    def __call__(self, *arguments):
        """What the command answers, None when that is nothing."""
        done = self._call(arguments)
        assert done.returncode == 0, f"az {arguments}\n{done.stderr}"
        return json.loads(done.stdout) if done.stdout.strip() else None

    def fails(self, *arguments):
        """What a command says that must fail."""
        done = self._call(arguments)
        assert done.returncode != 0, f"az {arguments}\n{done.stdout}"
        return done.stderr

    def login(self):
        """Registers the server as a cloud by its address, and logs in."""
        self("config", "set", "core.instance_discovery=false")
        self("cloud", "register", "-n", "Local",
             "--endpoint-resource-manager", self.server["ARM_URL"])
        self("cloud", "set", "-n", "Local")
        return self("login", "--service-principal",
                    "-u", self.server["CLIENT_ID"],
                    "-p", self.server["CLIENT_SECRET"],
                    "--tenant", self.server["TENANT_ID"])
