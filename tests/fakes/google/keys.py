"""Throw-away keys: an authority that certifies Google's names on loopback, a service account, a person."""

from __future__ import annotations

import functools
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

HOSTS = (
    "sheets.googleapis.com",
    "www.googleapis.com",
    "oauth2.googleapis.com",
    "iamcredentials.googleapis.com",
)
SERVICE_ACCOUNT = "reporter@fake-project.iam.gserviceaccount.com"
PERSON = "owner@people.example"
REFRESH_TOKEN = "1//fake-refresh-token"  # noqa: S105 - the fake's own
CLIENT_SECRET = "fake-client-secret"  # noqa: S105 - the fake's own


@functools.cache
def service_key() -> rsa.RSAPrivateKey:
    """Make the service account's key, once a process; a short one, which is read sooner."""
    return rsa.generate_private_key(public_exponent=65537, key_size=1024)  # noqa: S505 - it opens the fake only


@functools.cache
def _authority() -> tuple[ec.EllipticCurvePrivateKey, x509.Certificate]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Fake authority of a test")])
    made = _builder(name, name, key).add_extension(
        x509.BasicConstraints(ca=True, path_length=0), critical=True
    )
    usage = x509.KeyUsage(
        digital_signature=True,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=True,
        crl_sign=True,
        encipher_only=False,
        decipher_only=False,
    )
    identifier = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
    made = made.add_extension(usage, critical=True).add_extension(identifier, critical=False)
    return key, made.sign(key, hashes.SHA256())


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey
) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=2))
    )


@functools.cache
def _pems() -> tuple[bytes, bytes]:
    """Give the authority's certificate, and the server's key with its certificate."""
    authority_key, authority = _authority()
    key = ec.generate_private_key(ec.SECP256R1())
    names = x509.SubjectAlternativeName([x509.DNSName(host) for host in HOSTS])
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOSTS[0])])
    made = _builder(subject, authority.subject, key).add_extension(names, critical=False)
    issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(authority_key.public_key())
    certificate = made.add_extension(issuer, critical=False).sign(authority_key, hashes.SHA256())
    pem = serialization.Encoding.PEM
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return authority.public_bytes(pem), private + certificate.public_bytes(pem)


def write_certificates(folder: Path) -> tuple[Path, Path]:
    """Write the authority, and the server's key with its certificate."""
    bundle, server = folder / "authority.pem", folder / "server.pem"
    for path, content in zip((bundle, server), _pems(), strict=True):
        path.write_bytes(content)
    return bundle, server


def _write(path: Path, content: dict[str, str]) -> Path:
    path.write_text(json.dumps(content), "utf-8")
    path.chmod(0o600)
    return path


def write_service_account(folder: Path) -> Path:
    """Write the file that Google's console gives for a service account's key."""
    private = service_key().private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    content = {
        "type": "service_account",
        "project_id": "fake-project",
        "private_key_id": "0f" * 20,
        "private_key": private.decode(),
        "client_email": SERVICE_ACCOUNT,
        "client_id": "100000000000000000001",
        "auth_uri": "https://accounts.google.com/o/oauth2/auth",
        "token_uri": "https://oauth2.googleapis.com/token",
        "universe_domain": "googleapis.com",
    }
    return _write(folder / "service_account.json", content)


def write_person(folder: Path) -> Path:
    """Write the file that a person's login leaves."""
    content = {
        "type": "authorized_user",
        "client_id": "fake.apps.googleusercontent.com",
        "client_secret": CLIENT_SECRET,
        "refresh_token": REFRESH_TOKEN,
    }
    return _write(folder / "authorized_user.json", content)
