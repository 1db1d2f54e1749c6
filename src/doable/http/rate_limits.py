"""Rate limits, with the RateLimit headers of draft-ietf-httpapi-ratelimit-headers-11."""

from dataclasses import dataclass
from typing import Final

from starlette.types import Scope

from doable.errors import RateLimited
from doable.http.proxies import Proxies
from doable.http.rate_limiter import Limiter
from doable.metrics import LIMITED, Readings
from doable.rate import Rate

RATE_HEADERS: Final = "doable.rate_headers"  # the key of the scope with these headers of the response


class Limit:
    """A rate limit. `name` is its name in the headers: `user`, `address` or `auth`."""

    def __init__(self, name: str, rate: Rate) -> None:
        self.limiter: Final = Limiter(rate)
        self._policy = (b"ratelimit-policy", f'"{name}";q={rate.count};w={rate.seconds}'.encode())
        self._form = f'"{name}";r=%d;t=%d'.encode()

    def charge(self, scope: Scope, key: str) -> None:
        """Count a request against the key's quota. The headers of the response show the rest. Raises RateLimited."""
        try:
            self._tell(scope, self.limiter.take(key))
        except RateLimited as refusal:
            self._tell(scope, (0, refusal.retry_after))
            raise

    def _tell(self, scope: Scope, rest: tuple[int, int]) -> None:
        header = (b"ratelimit", self._form % rest)
        others = scope.get(RATE_HEADERS)
        scope[RATE_HEADERS] = (*others, self._policy, header) if others else (self._policy, header)


class AddressLimit(Limit):
    """A rate limit per client address."""

    def __init__(self, name: str, rate: Rate, proxies: Proxies) -> None:
        super().__init__(name, rate)
        self._proxies = proxies

    def charge_sender(self, scope: Scope) -> None:
        """Count a request against the quota of its client's network. Raises RateLimited."""
        self.charge(scope, self._proxies.network(scope))


@dataclass(frozen=True)
class RateLimits:
    """The rate limits that are on."""

    user: Limit | None = None
    address: AddressLimit | None = None
    auth: AddressLimit | None = None

    @classmethod
    def of(cls, user: Rate | None, address: Rate | None, auth: Rate | None, proxies: Proxies) -> "RateLimits":
        return cls(
            Limit("user", user) if user else None,
            AddressLimit("address", address, proxies) if address else None,
            AddressLimit("auth", auth, proxies) if auth else None,
        )

    def for_tag(self, tag: str) -> AddressLimit | None:
        """The limit for an operation with this tag before its user is known. Health checks have no limit."""
        return None if tag == "health" else self.auth if tag == "auth" else self.address

    def readings(self) -> Readings:
        """The counts, for metrics."""
        return {(LIMITED, name, outcome): n for name, counts in self.counts.items() for outcome, n in counts.items()}

    @property
    def counts(self) -> dict[str, dict[str, int]]:
        """How many requests each limit has allowed and refused in this process."""
        limits = {"user": self.user, "address": self.address, "auth": self.auth}
        return {
            name: {"allowed": limit.limiter.allowed, "refused": limit.limiter.refused}
            for name, limit in limits.items()
            if limit is not None
        }
