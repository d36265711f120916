"""A server that speaks TLS and remembers what reached it, byte for byte. It runs in threads, apart from our loop."""

import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from threading import Thread

from yarl import URL

CREATED = b"HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n"

PATIENCE = 10.0
"""Seconds for whoever says nothing."""


@dataclass
class Heard:
    """Per connection whose handshake ended well: what was said inside it, and the certificate that was shown."""

    url: URL
    open: list[ssl.SSLSocket] = field(default_factory=list)
    said: list[bytes] = field(default_factory=list)
    shown: list[bytes | None] = field(default_factory=list)


@contextmanager
def listening(tls: ssl.SSLContext, *, port: int = 0, answer: bytes = CREATED) -> Iterator[Heard]:
    """Answers every request with *answer*; a request ends where a read does, as ours are small."""
    with socket.create_server(("127.0.0.1", port)) as listener:
        heard = Heard(URL(f"https://127.0.0.1:{listener.getsockname()[1]}/"))
        threads: list[Thread] = []

        def accept() -> None:
            with suppress(OSError):
                while True:
                    connection, _ = listener.accept()
                    threads.append(Thread(target=_talk, args=(connection, tls, heard, answer)))
                    threads[-1].start()

        accepting = Thread(target=accept)
        accepting.start()
        try:
            yield heard
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            accepting.join()
            for inside in heard.open:
                with suppress(OSError):
                    inside.shutdown(socket.SHUT_RDWR)
            for thread in threads:
                thread.join()


def _talk(connection: socket.socket, tls: ssl.SSLContext, heard: Heard, answer: bytes) -> None:
    connection.settimeout(PATIENCE)
    with (
        connection,
        suppress(OSError),
        tls.wrap_socket(connection, server_side=True, do_handshake_on_connect=False) as inside,
    ):
        if not _shaken(inside):
            return
        heard.open.append(inside)
        place = len(heard.said)
        heard.said.append(b"")
        heard.shown.append(inside.getpeercert(binary_form=True))
        while said := inside.recv(65_536):
            heard.said[place] += said
            inside.sendall(answer)


def _shaken(inside: ssl.SSLSocket) -> bool:
    """Whether the handshake ended well. When not, all they said is taken before we close.

    What is closed on words unread is reset, and the alert that tells why is lost with it (RFC 9112 9.6).
    """
    try:
        inside.do_handshake()
    except ssl.SSLError:
        inside.shutdown(socket.SHUT_WR)
        while inside.recv(65_536):
            pass
        return False
    return True
