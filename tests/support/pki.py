"""A certificate authority, a server certificate and client certificates,
made with the openssl command; and authorities for clients, whose certificates
can be as good or bad as a test wants them."""

import datetime
import subprocess

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


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
        "DNS:login.localhost,DNS:management.localhost,DNS:localhost,"
        "IP:127.0.0.1\n"
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


def _name(common_name):
    return x509.Name([
        x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Example, Inc."),
        x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


def _pem(key):
    return key.private_bytes(serialization.Encoding.PEM,
                             serialization.PrivateFormat.PKCS8,
                             serialization.NoEncryption())


class ClientAuthority:
    """An authority for client certificates; its own is in `file`."""

    def __init__(self, folder, name):
        self.folder = folder
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.name = _name(name)
        self.file = folder / f"{name}.pem"
        certificate = self._sign(self.name, self.key.public_key(), 86400,
                                 [x509.BasicConstraints(True, None)])
        self.file.write_bytes(
            certificate.public_bytes(serialization.Encoding.PEM))

    def _sign(self, subject, key, seconds, extensions, issuer=None,
              signer=None):
        now = datetime.datetime.now(datetime.timezone.utc)
        builder = (
            x509.CertificateBuilder().subject_name(subject)
            .issuer_name(issuer or self.name).public_key(key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - datetime.timedelta(days=1))
            .not_valid_after(now + datetime.timedelta(seconds=seconds)))
        for extension in extensions:
            builder = builder.add_extension(extension, critical=True)
        return builder.sign(signer or self.key, hashes.SHA256())

    def issue(self, name, names=(), seconds=86400, self_signed=False):
        """A certificate with its key; names: subject alternative ones, each
        of a class of x509."""
        key = ec.generate_private_key(ec.SECP256R1())
        extensions = [x509.BasicConstraints(False, None)]
        if names:
            extensions.append(x509.SubjectAlternativeName(names))
        subject = _name(name)
        certificate = self._sign(
            subject, key.public_key(), seconds, extensions,
            subject if self_signed else None, key if self_signed else None)
        return ClientCertificate(self.folder, certificate, key)


class ClientCertificate:
    """`file` has certificate and key; the rest is as directives want it."""

    def __init__(self, folder, certificate, key):
        self.fingerprint = certificate.fingerprint(hashes.SHA256())
        self.subject = certificate.subject.rfc4514_string()
        self.file = folder / f"{self.fingerprint.hex()}.pem"
        self.file.write_bytes(
            certificate.public_bytes(serialization.Encoding.PEM) + _pem(key))
