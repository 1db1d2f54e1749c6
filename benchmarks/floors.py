"""What nobody on this server and this driver can go below: a raw ASGI answer, without and with one prepared fetch.

Both answer as many bytes as a task has. Neither checks who asks, and neither looks at what it fetched.
"""

import os
from collections.abc import Awaitable, Callable
from typing import Any

import asyncpg

# The statement of Doable's own `get`, word for word in effect; kept here so that the floor stands still.
GET = """
select id, user_id, title, description, status, created_at, updated_at, revision
from doable.tasks where user_id = $1 and id = $2
"""
BODY = b"x" * 250
START = {
    "type": "http.response.start",
    "status": 200,
    "headers": [(b"content-type", b"application/json"), (b"content-length", str(len(BODY)).encode())],
}
ANSWER = {"type": "http.response.body", "body": BODY}

Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]


async def raw(scope: dict[str, Any], receive: Receive, send: Send) -> None:  # noqa: ARG001 - the shape of ASGI
    if scope["type"] == "http":
        await send(START)
        await send(ANSWER)


idle: list["asyncpg.Connection[asyncpg.Record]"] = []


async def fetch(scope: dict[str, Any], receive: Receive, send: Send) -> None:  # noqa: ARG001 - the shape of ASGI
    if scope["type"] != "http":
        return
    _, _, user_id, _, task_id = scope["path"].split("/")
    connection = idle.pop() if idle else await asyncpg.connect(os.environ["DATABASE_URL"])
    await connection.fetchrow(GET, user_id, int(task_id))
    idle.append(connection)
    await send(START)
    await send(ANSWER)
