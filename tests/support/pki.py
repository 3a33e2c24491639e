"""A certificate authority, a server certificate and client certificates,
made with the openssl command."""

import subprocess


def _openssl(*arguments):
    subprocess.run(["openssl", *map(str, arguments)], check=True,
                   capture_output=True)


def make_server_pki(folder):
    """ca.pem, server.pem and server.key in folder (a Path)."""
    _openssl("req", "-x509", "-newkey", "ec", "-pkeyopt",
             "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
             "-subj", "/CN=vault test CA",
             "-addext", "basicConstraints=critical,CA:true",
             "-addext", "keyUsage=critical,keyCertSign,cRLSign",
             "-keyout", folder / "ca.key", "-out", folder / "ca.pem")
    _openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
             "-nodes", "-subj", "/CN=vault.localhost",
             "-keyout", folder / "server.key", "-out", folder / "server.csr")
    extensions = folder / "server.ext"
    extensions.write_text(
        "subjectAltName=DNS:vault.localhost,DNS:*.vault.localhost,"
        "DNS:login.localhost,DNS:localhost,IP:127.0.0.1\n"
        "extendedKeyUsage=serverAuth\n"
        "keyUsage=critical,digitalSignature\n"
        "basicConstraints=CA:false\n"
        "subjectKeyIdentifier=hash\n"
        "authorityKeyIdentifier=keyid\n")
    _openssl("x509", "-req", "-in", folder / "server.csr", "-days", "2",
             "-CA", folder / "ca.pem", "-CAkey", folder / "ca.key",
             "-CAcreateserial", "-extfile", extensions,
             "-out", folder / "server.pem")


def make_client_certificate(folder, name):
    """A self-signed RSA certificate: (certificate, certificate and key)."""
    certificate = folder / f"{name}.pem"
    key = folder / f"{name}.key"
    both = folder / f"{name}-both.pem"
    _openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
             "-subj", f"/CN={name}", "-keyout", key, "-out", certificate)
    both.write_text(key.read_text() + certificate.read_text())
    return certificate, both
