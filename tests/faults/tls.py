"""A network behind TLS that the machine trusts, and what may break in it."""

import os
import socket
import ssl
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

NOISE = b"\x17\x03\x03\x00\x20" + b"no cipher text, only noise......"
Answer = Callable[[socket.socket, list[bytes]], None]


def authority(folder: Path) -> tuple[Path, ssl.SSLContext]:
    """The file of an authority of our own, and what a server at 127.0.0.1 needs to be trusted."""
    root, leaf = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    ours, theirs = _named("An authority for tests"), _named("127.0.0.1")
    trusted = _signed(
        _stating(ours, ours, root).add_extension(
            x509.BasicConstraints(ca=True, path_length=0), critical=True
        ),
        root,
    )
    place = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
    vouched = _signed(_stating(theirs, ours, leaf).add_extension(place, critical=False), root)
    bundle, server = folder / "authority.pem", folder / "server.pem"
    bundle.write_bytes(trusted.public_bytes(serialization.Encoding.PEM))
    server.write_bytes(
        leaf.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + vouched.public_bytes(serialization.Encoding.PEM)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(server)
    return bundle, context


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _stating(
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
        .not_valid_after(now + timedelta(days=1))
    )


def _signed(stated: x509.CertificateBuilder, key: ec.EllipticCurvePrivateKey) -> x509.Certificate:
    return stated.sign(key, hashes.SHA256())


def breaking_after_the_request(context: ssl.SSLContext, network: str, how: str) -> Answer:
    """The network at the address `network` carries each request out; its answer never comes whole.

    how: "noise", which no key opens; "cut", in the middle of the answer; "silence", the end
    without a word.
    """

    def answer(connection: socket.socket, seen: list[bytes]) -> None:
        with context.wrap_socket(connection, server_side=True) as secure:
            request = _whole_request(secure)
            seen.append(request)
            given = _carried_out(request, network)
            if how == "cut":
                secure.sendall(given[: len(given) // 2])
            with socket.socket(fileno=os.dup(secure.fileno())) as bare:
                if how == "noise":
                    bare.sendall(NOISE)
                bare.shutdown(socket.SHUT_RDWR)

    return answer


def breaking_in_the_handshake(connection: socket.socket, seen: list[bytes]) -> None:
    """Noise where the server should say who it is."""
    hello = connection.recv(65536)
    if b"HTTP" in hello:
        seen.append(hello)
    connection.sendall(NOISE)


def _whole_request(secure: ssl.SSLSocket) -> bytes:
    request = b""
    while b"\r\n\r\n" not in request:
        request += secure.recv(65536)
    head, _, body = request.partition(b"\r\n\r\n")
    lines = dict(line.lower().split(b": ", 1) for line in head.split(b"\r\n")[1:])
    missing = int(lines.get(b"content-length", b"0")) - len(body)
    while missing > 0:
        piece = secure.recv(missing)
        request, missing = request + piece, missing - len(piece)
    return request


def _carried_out(request: bytes, network: str) -> bytes:
    place = urlsplit(network)
    with socket.create_connection((place.hostname, place.port)) as there:
        there.sendall(request)
        answer = HTTPConnection.response_class(there)
        answer.begin()
        status = f"HTTP/1.1 {answer.status} OK\r\nContent-Length: {answer.length}\r\n\r\n"
        return status.encode() + answer.read()
