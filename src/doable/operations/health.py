"""How the service itself is."""

from doable.errors import Unavailable
from doable.metrics import Readings
from doable.store.database import Database
from doable.store.version import version


class HealthService:
    def __init__(self, db: Database) -> None:
        self._db = db
        self._stops = False

    def stop(self) -> None:
        """Be ready no more."""
        self._stops = True

    async def require_ready(self) -> str:
        """The schema version, when the database answers and has the schema of this code and we do not stop; else
        Unavailable. A newer schema is as good: the next release migrates while this one answers.
        """
        if self._stops:
            raise Unavailable
        found = await version(self._db)
        if not (found.is_current or found.is_newer):
            raise Unavailable
        return found.present or found.needed

    def pool(self) -> dict[str, int]:
        """Connections open, idle, busy, at most, and requests that wait for one."""
        return self._db.statistics

    def readings(self) -> Readings:
        """The same for metrics, and whether the database counts as away."""
        gauges = {f"doable_pool_{name}": count for name, count in self.pool().items()}
        gauges["doable_circuit_open"] = self._db.is_away
        return {(name,): value for name, value in gauges.items()}
