"""What it costs to know who asks, once a token was seen: from the request's headers to the actor, in this process."""

import asyncio
import time
from typing import Any, Final

from contenders import CONTENDERS
from prepare import Prepared
from seed import Postgres

from doable.app import create_app
from doable.http.authentication import identify
from doable.http.request import Request
from doable.settings import Settings
from doable.store.address import Address

TIMES: Final = 2000
TRIES: Final = 20


def measure(server: Postgres, there: Prepared) -> dict[str, float]:
    """CPU seconds for each kind of credential, the best of several tries."""
    costs = {}
    for kind, tokens in there.tokens.items():
        if tokens:
            named = {**CONTENDERS[0].environment(server, "seed_doable"), **there.environments.get(kind, {})}
            given: dict[str, Any] = {name: value for name, value in named.items() if value}
            settings = Settings(**given | {"LOG_LEVEL": "error", "_env_file": None})
            costs[kind] = asyncio.run(_cost(settings, tokens[there.people.users[0]]))
    return costs


async def _cost(settings: Settings, token: str) -> float:
    assert settings.database_url is not None
    app = create_app(settings, Address.parse(settings.database_url.get_secret_value()))
    core = app.state.core
    headers = [(b"host", b"localhost"), (b"authorization", f"Bearer {token}".encode())]

    async def ask() -> None:
        request = Request({"type": "http", "headers": headers})
        request.core = core
        await identify(request, core.identity)

    async with app.router.lifespan_context(app):
        await ask()
        tries = []
        for _ in range(TRIES):
            began = time.thread_time()
            for _ in range(TIMES):
                await ask()
            tries.append((time.thread_time() - began) / TIMES)
    return min(tries)
