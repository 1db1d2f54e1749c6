"""Builds the program: settings in, one ASGI application out."""

from asyncio import create_task, to_thread
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from fastapi import FastAPI

from doable import logs, tracing
from doable.core.accounts import AccountService
from doable.core.batch import BatchService
from doable.core.changes import ChangeService
from doable.core.collections import FilterService, LabelService, ListService
from doable.core.core import Core
from doable.core.feed import Feed
from doable.core.idempotency import IdempotencyService
from doable.core.identity import Identity
from doable.core.own_keys import OwnKeys
from doable.core.owners import Owners
from doable.core.quick_add.service import QuickAddService
from doable.core.task_limit import TaskLimit
from doable.core.tasks import TaskService
from doable.core.tickets import TicketService
from doable.core.tokens import TokenService
from doable.core.trash import TrashService
from doable.core.undo import UndoService
from doable.core.users import UserService
from doable.core.views import ViewService
from doable.http.proxies import Proxies
from doable.http.rate_limits import RateLimits
from doable.logs import RequestLog
from doable.metrics import Metrics
from doable.operations.health import HealthService
from doable.operations.housekeeping import Housekeeping
from doable.origins import Origins
from doable.rest.application import ALWAYS_ADMITTED, RestApplication
from doable.rest.list_cache import ListCache
from doable.server.admission import Admission
from doable.server.application import ServerLimits
from doable.settings import Provider, Settings
from doable.store.address import Address, address_of, read_address_of
from doable.store.database import Database
from doable.store.observation import Observation, Observer
from doable.store.pool import PoolLimits
from doable.store.replica import Replica
from doable.tracing import Tracing
from doable.web.application import WebApplication
from doable.web.build import BUILT

if TYPE_CHECKING:
    from doable.core.issuers import RemoteKeys


class Service(NamedTuple):
    """The application, and the limits for the server that runs it."""

    app: RestApplication
    limits: ServerLimits


def create_app(settings: Settings, address: Address | None = None, *, web: Path = BUILT) -> RestApplication:
    """Create only the application, for any ASGI server. The parameters are those of `create_service`."""
    return create_service(settings, address=address, web=web).app


def create_service(
    settings: Settings, metrics: Metrics | None = None, *, address: Address | None = None, web: Path = BUILT
) -> Service:
    """Create the service. It connects to nothing before the application starts.

    The database is at `address` (default: that of the settings). `metrics` are shared with other processes. Without
    them, the process has its own metrics if the settings turn them on. `web` is the folder of the built web app.
    """
    address = address or address_of(settings)
    if metrics is None and settings.is_measured:
        metrics = Metrics()
    traces = tracing.from_environment()
    db = _database(settings, address, [one.statement for one in (metrics, traces) if one is not None])
    replica = _replica(settings, db)
    published = _published(settings)
    accounts = _accounts(settings, db)
    identity = Identity(settings, db, accounts.keys if accounts else published)
    owners = Owners(provisions=accounts is None)
    feed = Feed(db, most=settings.max_streams, most_of_one=settings.user_max_streams)
    limit = TaskLimit(settings.user_max_tasks)
    has_trash = settings.trash_retention_days > 0
    tasks = TaskService(db, owners=owners, has_trash=has_trash, limit=limit, replica=replica)
    lists, labels = ListService(db, owners=owners, has_trash=has_trash), LabelService(db, owners=owners)
    filters = FilterService(db, owners=owners)
    services = {one.kind.name: one for one in (tasks, lists, labels, filters)}
    trash = TrashService(db, owners=owners, limit=limit)
    core = Core(
        identity=identity,
        users=UserService(db, identity.forget, owners=owners),
        tokens=TokenService(db, identity.forget, owners=owners, most=settings.user_max_tokens),
        tickets=TicketService(db, owners=owners),
        tasks=tasks,
        quick_add=QuickAddService(db, tasks),
        views=ViewService(db, tasks, owners=owners, replica=replica),
        lists=lists,
        labels=labels,
        filters=filters,
        trash=trash,
        undo=UndoService(db, owners=owners, services=services, trash=trash),
        batch=BatchService(
            db,
            owners=owners,
            services=services,
            has_trash=has_trash,
            limit=limit,
        ),
        idempotency=IdempotencyService(db, owners=owners),
        changes=ChangeService(db, feed, owners=owners, replica=replica),
        health=HealthService(db),
        accounts=accounts,
        metrics=metrics,
    )

    housekeeping = Housekeeping.of(db, settings)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        chores = [create_task(housekeeping.run())]
        if metrics is not None:
            chores.append(create_task(metrics.run()))
        yield
        for chore in chores:
            chore.cancel()
        core.changes.close()
        await identity.close()
        if published is not None:
            await published.close()
        if accounts is not None:
            accounts.close()
        if replica is not None:
            await replica.close()
        await db.close()
        await _tell_the_last(traces, log)

    cache = ListCache(settings.list_cache * 2**20)
    db.on_write(feed.notify)
    db.on_write(cache.forget)
    proxies = Proxies(settings.trusted_proxies)
    room = max((settings.pool_size + settings.pool_overflow) // 2, 2)
    admission = Admission(db, room=room, most=settings.pool_queue)
    rates = RateLimits.of(settings.rate_limit_user, settings.rate_limit_address, settings.rate_limit_auth, proxies)
    if metrics is not None:
        for read in (core.health.readings, feed.readings, rates.readings, admission.readings):
            metrics.watch(read)
    log = logs.set_up(settings.log_level, settings.log_format, trace_id=tracing.trace_id if traces else None)
    release = version("doable")
    app = RestApplication(
        core,
        version=release,
        origins=Origins(settings.cors_origins),
        proxies=proxies,
        limits=rates,
        lists=cache,
        log=log,
        metrics_token=settings.metrics_token.get_secret_value() if settings.metrics_token else None,
        tracer=traces.tracer if traces else None,
        web=WebApplication(settings, version=release, folder=web),
        lifespan=lifespan,
    )
    limits = ServerLimits(admission, settings.max_connections, settings.client_timeout, app.body_max, ALWAYS_ADMITTED)
    return Service(app, limits)


def _replica(settings: Settings, db: Database) -> Replica | None:
    """A read from the replica gets a quarter of the deadline. The rest is for the database, if the replica fails."""
    address = read_address_of(settings)
    if address is None:
        return None
    return Replica(db, Database(address, _limits(settings), deadline=settings.database_timeout / 4))


def _database(settings: Settings, address: Address, observers: Sequence[Observer]) -> Database:
    observation = Observation(slow=settings.slow_statement_ms / 1000, observers=observers)
    return Database(address, _limits(settings), deadline=settings.database_timeout, observation=observation)


def _limits(settings: Settings) -> PoolLimits:
    return PoolLimits(
        settings.pool_size, settings.pool_overflow, settings.pool_wait, settings.pool_life, settings.pool_queue
    )


async def _tell_the_last(traces: Tracing | None, log: RequestLog | None) -> None:
    if traces is not None:
        await to_thread(traces.close)
    if log is not None:
        log.flush()


def _published(settings: Settings) -> "RemoteKeys | None":
    """The keys that the issuer publishes; None if it has no key set."""
    if settings.keys_url is None:
        return None
    from doable.core.issuers import RemoteKeys  # noqa: PLC0415 - most services need no HTTP client

    return RemoteKeys(settings.keys_url)


def _accounts(settings: Settings, db: Database) -> AccountService | None:
    """The built-in accounts; None if another system is the identity provider."""
    if settings.provider is not Provider.ACCOUNTS:
        return None
    is_open = settings.sign_up == "open"
    return AccountService(
        db, OwnKeys(db), sign_up_open=is_open, issuer=settings.token_issuer, audience=settings.token_audience
    )
