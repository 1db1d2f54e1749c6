"""The socket that the service listens on."""

import resource
import socket
from collections.abc import Iterator

import pytest

from doable.server.connection import SURPLUS_CONNECTIONS
from doable.server.listening import OWN_FILES, UNREAD_SECONDS, allow_files, bound


@pytest.mark.skipif(not hasattr(socket, "TCP_USER_TIMEOUT"), reason="only Linux gives up on clients that do not read")
def test_a_connection_does_not_outlive_a_client_that_reads_nothing() -> None:
    with bound("127.0.0.1", 0) as listener:
        listener.listen()
        with socket.create_connection(listener.getsockname()), listener.accept()[0] as accepted:
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT) == UNREAD_SECONDS * 1000


def test_a_system_that_never_gives_up_on_its_clients_can_be_listened_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(socket, "TCP_USER_TIMEOUT", raising=False)
    with bound("127.0.0.1", 0) as listener:
        listener.listen()
        with socket.create_connection(listener.getsockname()), listener.accept()[0] as accepted:
            accepted.sendall(b"heard")


@pytest.fixture
def limits() -> Iterator[tuple[int, int]]:
    """Those of this process on open files, as they were and will be again."""
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    yield before
    resource.setrlimit(resource.RLIMIT_NOFILE, before)


def test_as_many_files_may_be_open_as_there_may_be_connections(limits: tuple[int, int]) -> None:
    _, hard = limits
    others = SURPLUS_CONNECTIONS + OWN_FILES
    resource.setrlimit(resource.RLIMIT_NOFILE, (others + 1000, hard))
    allow_files(900)
    assert resource.getrlimit(resource.RLIMIT_NOFILE) == (others + 1000, hard)
    allow_files(1100)
    assert resource.getrlimit(resource.RLIMIT_NOFILE) == (others + 1100, hard)
    allow_files(10**9)
    assert resource.getrlimit(resource.RLIMIT_NOFILE) == (hard if hard >= 0 else 10**9 + others, hard)
