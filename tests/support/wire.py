"""HTTP/1.1 over a socket, with every byte of the request under control.

The ordinary clients refuse to send much of what the tests must send, so the
request is written here and the answer is read here.
"""

import json
import socket
import ssl


class Answer:
    """One response: status, headers in order, body."""

    def __init__(self, status, reason, headers, body):
        self.status = status
        self.reason = reason
        self.headers = headers
        self.body = body

    def header(self, name):
        """The value of a header, None if it is absent."""
        values = self.all(name)
        return values[0] if values else None

    def all(self, name):
        return [v for n, v in self.headers if n.lower() == name.lower()]

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def error(self):
        """(code, inner code or None) of an error body."""
        error = self.json["error"]
        return error["code"], error.get("innererror", {}).get("code")

    @property
    def message(self):
        return self.json["error"]["message"]

    def __repr__(self):
        return f"<Answer {self.status} {self.headers} {self.body[:600]!r}>"


class Closed(Exception):
    """The server closed the connection; `received` is what came before."""

    def __init__(self, received=b""):
        super().__init__(f"connection closed after {received[:200]!r}")
        self.received = received


class Connection:
    """A connection to a port of the loopback address.

    context, session: of TLS, for tests of more than that it is there.
    """

    def __init__(self, port, tls_name=None, ca_file=None, timeout=30,
                 context=None, session=None):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if tls_name is not None or context is not None:
            context = context or ssl.create_default_context(cafile=ca_file)
            self.socket = context.wrap_socket(self.socket, session=session,
                                              server_hostname=tls_name)
        self.buffer = b""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self.socket.close()

    def reset(self):
        """Closes with a RST, as a process that dies does."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                               b"\1\0\0\0\0\0\0\0")
        self.socket.close()

    def send(self, data):
        try:
            self.socket.sendall(data)
        except (BrokenPipeError, ConnectionResetError, ssl.SSLEOFError):
            # a refusal of a body too large comes before its end is sent
            pass

    def request(self, method, target, headers=(), body=None):
        self.send(request_bytes(method, target, headers, body))
        return self.read_answer(method)

    def read_answer(self, method="GET"):
        """The next answer on this connection."""
        while True:
            head = self._read_until(b"\r\n\r\n")
            lines = head.decode("latin-1").split("\r\n")
            _, status, reason = (lines[0] + " ").split(" ", 2)
            if status != "100":
                break
        headers = []
        for line in lines[1:]:
            name, _, value = line.partition(":")
            headers.append((name, value.strip()))
        answer = Answer(int(status), reason.strip(), headers, b"")
        answer.body = self._read_body(answer, method)
        return answer

    def at_end(self):
        """Whether the server has closed (waits for it)."""
        try:
            data = self.socket.recv(1)
        except (ConnectionResetError, ssl.SSLError):
            return True
        self.buffer += data
        return data == b""

    def _read_body(self, answer, method):
        if method == "HEAD" or answer.status in (204, 304):
            return b""
        if "chunked" in (answer.header("Transfer-Encoding") or ""):
            return self._read_chunks()
        length = answer.header("Content-Length")
        if length is None:
            return self._read_all()
        return self._read_exactly(int(length))

    def _read_chunks(self):
        body = b""
        while True:
            size = int(self._read_until(b"\r\n").split(b";")[0], 16)
            if size == 0:
                self._read_until(b"\r\n")
                return body
            body += self._read_exactly(size)
            self._read_exactly(2)

    def _receive(self):
        try:
            data = self.socket.recv(65536)
        except ConnectionResetError:
            data = b""
        if data == b"":
            raise Closed(self.buffer)
        self.buffer += data

    def _read_until(self, mark):
        while mark not in self.buffer:
            self._receive()
        head, self.buffer = self.buffer.split(mark, 1)
        return head

    def _read_exactly(self, count):
        while len(self.buffer) < count:
            self._receive()
        data, self.buffer = self.buffer[:count], self.buffer[count:]
        return data

    def _read_all(self):
        try:
            while True:
                self._receive()
        except Closed:
            data, self.buffer = self.buffer, b""
            return data


def request_bytes(method, target, headers=(), body=None):
    """A request as it goes over the wire; nothing is checked or encoded.

    target is str (sent as UTF-8) or bytes; headers a dict or pairs.
    """
    if isinstance(target, str):
        target = target.encode()
    pairs = list(headers.items() if isinstance(headers, dict) else headers)
    names = {name.lower() for name, _ in pairs}
    if (body is not None and "content-length" not in names
            and "transfer-encoding" not in names):
        pairs.append(("Content-Length", str(len(body))))
    lines = [method.encode() + b" " + target + b" HTTP/1.1"]
    for name, value in pairs:
        if isinstance(value, str):
            value = value.encode()
        lines.append(name.encode() + b": " + value)
    return b"\r\n".join(lines) + b"\r\n\r\n" + (body or b"")
