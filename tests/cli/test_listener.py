"""The socket that the service listens on."""

import socket

import pytest

from doable.cli.serve import UNREAD, _bound


@pytest.mark.skipif(not hasattr(socket, "TCP_USER_TIMEOUT"), reason="only Linux gives up on clients that do not read")
def test_a_connection_does_not_outlive_a_client_that_reads_nothing() -> None:
    with _bound("127.0.0.1", 0) as listener:
        listener.listen()
        with socket.create_connection(listener.getsockname()), listener.accept()[0] as accepted:
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT) == UNREAD * 1000
