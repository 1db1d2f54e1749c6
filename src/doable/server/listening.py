"""The socket that the service listens on."""

import resource
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from errno import EADDRINUSE
from time import monotonic, sleep
from typing import Final

from doable.errors import Misconfigured
from doable.server.connection import SURPLUS_CONNECTIONS

OWN_FILES: Final = 1500  # files in addition to the connections of clients, most of them database connections
UNREAD_SECONDS: Final = 30  # seconds that a client may leave what we sent unread
PORT_WAIT_SECONDS: Final = 0.5  # seconds, for the workers of a killed service to release the port


def allow_files(connections: int) -> None:
    """Let this process open as many files as these connections need, as far as the system allows."""
    count = connections + SURPLUS_CONNECTIONS + OWN_FILES
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = count if hard == resource.RLIM_INFINITY else min(count, hard)
    if soft != resource.RLIM_INFINITY and soft < most:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))


@contextmanager
def bound(host: str, port: int) -> Iterator[socket.socket]:
    """A socket that is bound to the port, before anything else starts. Raises Misconfigured."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except OSError as error:
        raise Misconfigured(f"HOST: {host} is not an address of this machine ({error.strerror})") from None
    # "localhost" is ::1 and 127.0.0.1: the one that every client tries.
    family, _, _, _, address = min(found, key=lambda info: info[0] != socket.AF_INET)
    deadline = monotonic() + PORT_WAIT_SECONDS
    with socket.socket(family, socket.SOCK_STREAM) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if hasattr(socket, "TCP_USER_TIMEOUT"):  # Linux has it
            # Connections inherit it. A client that reads nothing would keep its connection open even after we close it.
            listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, UNREAD_SECONDS * 1000)
        while True:
            try:
                listener.bind(address)
                break
            except OSError as error:
                if error.errno != EADDRINUSE:
                    raise Misconfigured(f"Can't listen on {host}, port {port}: {error.strerror}") from None
                if monotonic() > deadline:
                    raise Misconfigured(
                        f"Port {port} on {host} is in use; stop what uses it, or choose another one with --port"
                    ) from None
            sleep(0.05)
        yield listener
