"""Servers that break the wire in ways in which the rehearsal does not."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from warnings import catch_warnings

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.test import override_settings


@contextmanager
def instead_of_the_network(
    answer: Callable[[socket.socket, list[bytes]], None], *, scheme: str = "http"
) -> Iterator[list[bytes]]:
    """While this lasts, channels in rehearsal reach a server that does `answer` with each caller.

    Gives the list into which answer(connection, seen) may put what it read.
    """
    listener = socket.create_server(("127.0.0.1", 0))
    seen: list[bytes] = []

    def serve() -> None:
        with suppress(OSError):
            while True:
                connection, _ = listener.accept()
                with connection, suppress(OSError):
                    answer(connection, seen)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        with override_settings(REHEARSAL_URL=f"{scheme}://127.0.0.1:{listener.getsockname()[1]}"):
            yield seen
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(10)


@contextmanager
def black_hole() -> Iterator[str]:
    """The address of a port whose queue of callers is full: nobody answers a knock."""
    with socket.create_server(("127.0.0.1", 0), backlog=0) as listener:
        callers = []
        for _ in range(4):
            caller = socket.socket()
            caller.setblocking(False)
            caller.connect_ex(listener.getsockname())
            callers.append(caller)
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        for caller in callers:
            caller.close()


def hang_up(connection: socket.socket, seen: list[bytes]) -> None:
    """Close at once, before reading anything."""


def listen(connection: socket.socket, seen: list[bytes]) -> None:
    """Read what is said, and say nothing."""
    seen.append(connection.recv(65536))


def send_away(to: str) -> Callable[[socket.socket, list[bytes]], None]:
    def answer(connection: socket.socket, seen: list[bytes]) -> None:
        seen.append(connection.recv(65536))
        connection.sendall(
            f"HTTP/1.1 307 Away\r\nLocation: {to}\r\nContent-Length: 0\r\n\r\n".encode()
        )

    return answer


def with_certificate(context: ssl.SSLContext) -> Callable[[socket.socket, list[bytes]], None]:
    """Speak TLS; what comes through in spite of the certificate is seen."""

    def answer(connection: socket.socket, seen: list[bytes]) -> None:
        with suppress(ssl.SSLError), context.wrap_socket(connection, server_side=True) as secure:
            seen.append(secure.recv(65536))

    return answer


def certificate(folder: Path, *, host: str, days: int, newest: bool = True) -> ssl.SSLContext:
    """A certificate that nobody vouches for. days: how long it is good, below 0 since when not."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=90))
        .not_valid_after(now + timedelta(days=days))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    file = folder / "server.pem"
    file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + made.public_bytes(serialization.Encoding.PEM)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    if not newest:
        with catch_warnings(action="ignore", category=DeprecationWarning):
            context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1
    return context
