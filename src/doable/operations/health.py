"""The health of the service."""

from doable.errors import Unavailable
from doable.metrics import Readings
from doable.store.database import Database
from doable.store.version import version


class HealthService:
    def __init__(self, db: Database) -> None:
        self._db = db
        self._stops = False

    def stop(self) -> None:
        """Report not ready from now on."""
        self._stops = True

    async def require_ready(self) -> str:
        """Return the schema version. Raises Unavailable if the service is not ready.

        It is ready if the database responds and its schema is current or newer, unless the service stops. The schema is
        newer while the next release replaces this one.
        """
        if self._stops:
            raise Unavailable
        found = await version(self._db)
        if not (found.is_current or found.is_newer):
            raise Unavailable
        return found.present or found.needed

    def pool(self) -> dict[str, int]:
        """The number of database connections (`open`, `idle`, `busy`, `max`), and of requests that wait for one."""
        return self._db.statistics

    def readings(self) -> Readings:
        """The same numbers for metrics, and whether the circuit breaker is open."""
        gauges = {f"doable_pool_{name}": count for name, count in self.pool().items()}
        gauges["doable_circuit_open"] = self._db.is_away
        return {(name,): value for name, value in gauges.items()}
