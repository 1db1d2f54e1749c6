"""A streaming replica of a server, which can be made to fall behind."""

import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from doable.store.address import Address
from doable.store.connection import connect
from postgres import BIN, Server


def standby(directory: Path, of: Address) -> Server:
    """To be started with `with`."""
    server = Server(directory)
    command = ["pg_basebackup", "-h", str(of.host), "-U", "postgres", "-D", str(directory / "data"), "-R"]
    subprocess.run(
        [BIN / command[0], *command[1:], "--checkpoint=fast", "--no-sync"],
        check=True,
        user=server.user,
        capture_output=True,
    )
    return server


async def pause(replica: Address) -> None:
    connection = await connect(replica)
    await connection.execute("select pg_wal_replay_pause()")
    while await connection.fetchval("select pg_get_wal_replay_pause_state()") != "paused":
        pass
    await connection.close()


async def resume(replica: Address) -> None:
    connection = await connect(replica)
    await connection.execute("select pg_wal_replay_resume()")
    await connection.close()


@asynccontextmanager
async def impatient(replica: Address) -> AsyncIterator[None]:
    """It ends statements at once that keep it from following, even those that a connection begins with."""
    connection = await connect(replica)
    await connection.execute("alter system set max_standby_streaming_delay = 0")
    await connection.execute("select pg_reload_conf()")
    yield
    await connection.execute("alter system reset max_standby_streaming_delay")
    await connection.execute("select pg_reload_conf()")
    await connection.close()


async def catch_up(replica: Address, primary: Address) -> None:
    """Wait until everything that was written is there."""
    there, here = await connect(replica), await connect(primary)
    written = await here.fetchval("select pg_current_wal_insert_lsn()::text")
    while not await there.fetchval("select pg_last_wal_replay_lsn() >= $1::text::pg_lsn", written):
        pass
    await there.close()
    await here.close()
