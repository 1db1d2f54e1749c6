"""Every setting, with its description. Settings come from the environment, or from `.env` in the working directory."""

from enum import StrEnum
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Any, Final, Literal, Self, get_args
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, PydanticBaseSettingsSource, SettingsConfigDict

from doable import origins
from doable.environment import given
from doable.errors import Misconfigured
from doable.networks import is_loopback
from doable.rate import Rate

SECRET_MIN_BYTES: Final = 32  # RFC 7518 §3.2: an HS256 key is at least as long as its hash

TOKEN_MIN: Final = 16  # characters; a random one of this length can't be guessed

OWN_NAME: Final = "doable"  # in tokens of the built-in accounts, where no setting gives another


class Provider(StrEnum):
    """The issuer of users: always exactly one, so that two issuers can never share a `sub`."""

    BETTER_AUTH = "better-auth"
    JWKS = "jwks"
    ACCOUNTS = "accounts"


class Settings(BaseSettings):
    """Read once at start-up, by `load`, and never changed."""

    model_config = SettingsConfigDict(extra="ignore", frozen=True, populate_by_name=True)

    database_url: SecretStr | None = Field(
        None,
        alias="DATABASE_URL",
        description="The PostgreSQL (15 or newer) to use. Without it, Doable runs its own in `DOABLE_DATA_DIR`.",
    )
    database_url_unpooled: SecretStr | None = Field(
        None,
        alias="DATABASE_URL_UNPOOLED",
        description="The direct address for migrations, when `DATABASE_URL` goes through a pooler."
        " Not needed for Neon's `-pooler` hosts: Doable derives it.",
    )
    database_read_url: SecretStr | None = Field(
        None,
        alias="DATABASE_READ_URL",
        description="A read replica of `DATABASE_URL`, for lists, sync and history. Doable reads from it only"
        " while it has all changes of the user.",
    )
    data_dir: Path | None = Field(
        None,
        alias="DOABLE_DATA_DIR",
        description="The directory of the embedded PostgreSQL. Default: the platform's user data directory.",
    )
    pool_size: int = Field(
        10, alias="DOABLE_POOL_SIZE", ge=1, le=1000, description="Database connections kept per process."
    )
    pool_overflow: int = Field(
        5, alias="DOABLE_POOL_OVERFLOW", ge=0, le=1000, description="Extra connections per process under load."
    )
    pool_wait: float = Field(
        30,
        alias="DOABLE_POOL_WAIT",
        gt=0,
        description="Seconds that a request waits for a free connection, at most `DOABLE_DATABASE_TIMEOUT`.",
    )
    pool_life: float = Field(
        3600, alias="DOABLE_POOL_LIFE", gt=0, description="Seconds after which a connection is replaced."
    )
    pool_queue: int = Field(
        1000,
        alias="DOABLE_POOL_QUEUE",
        ge=0,
        le=1_000_000,
        description="Requests per process that may wait for a free connection; more get 503 immediately.",
    )
    database_timeout: float = Field(
        10,
        alias="DOABLE_DATABASE_TIMEOUT",
        gt=0,
        description="Seconds after which a request gets 503 if the database does not respond.",
    )
    better_auth_secret: SecretStr | None = Field(
        None,
        alias="BETTER_AUTH_SECRET",
        description="The secret that your Better Auth signs HS256 tokens with: at least 32 bytes.",
    )
    better_auth_url: str | None = Field(
        None,
        alias="BETTER_AUTH_URL",
        description="The base URL of your Better Auth. Doable reads its public keys from `/api/auth/jwks` there.",
    )
    jwks_url: str | None = Field(
        None,
        alias="JWKS_URL",
        description="The URL of the public keys of any other issuer, or of a Better Auth with another path.",
    )
    jwt_issuer: str | None = Field(
        None,
        alias="JWT_ISSUER",
        description="If set, a token's `iss` must be this. Tokens of the built-in accounts always have an `iss`: this,"
        " or the first of `CORS_ORIGINS` without a `*`.",
    )
    jwt_audience: str | None = Field(
        None, alias="JWT_AUDIENCE", description="The same for `aud`, which must be or contain this value."
    )
    jwt_user_claim: str = Field(
        "sub", alias="JWT_USER_CLAIM", min_length=1, description="The claim that holds the user's id."
    )
    sign_up: Literal["open", "closed"] = Field(
        "open",
        alias="DOABLE_SIGN_UP",
        description="Who may create a built-in account: everyone (`open`), or only the operator (`closed`), with"
        " `doable user add`.",
    )
    cors_origins: Annotated[tuple[str, ...], NoDecode] = Field(
        ("http://localhost:3000", "http://localhost:5173"),
        alias="CORS_ORIGINS",
        description="The web origins whose pages may call this API and act for their users, separated by commas. A"
        " pattern, `https://*.example.com` or `https://app-*.example.com`, trusts every matching host: make sure that"
        " all of them are yours.",
    )
    trusted_proxies: Annotated[tuple[str, ...], NoDecode] = Field(
        ("127.0.0.0/8", "::1"),
        alias="DOABLE_TRUSTED_PROXIES",
        description="The addresses or networks of the reverse proxies whose `X-Forwarded-For` and `X-Forwarded-Proto`"
        " are trusted, separated by commas. The default is this machine.",
    )
    rate_limit_user: Annotated[Rate | None, NoDecode] = Field(
        None,
        alias="DOABLE_RATE_LIMIT_USER",
        description="The rate limit for one user, as in `600/min` (`sec`, `min`, `hour` or `day`); more requests get"
        " 429. By default there is none.",
    )
    rate_limit_address: Annotated[Rate | None, NoDecode] = Field(
        None,
        alias="DOABLE_RATE_LIMIT_ADDRESS",
        description="The same for one address (an IPv6 address counts by its /64), with or without a credential.",
    )
    rate_limit_auth: Annotated[Rate | None, NoDecode] = Field(
        Rate(600, 60),
        alias="DOABLE_RATE_LIMIT_AUTH",
        description="The same for one address and the built-in accounts, `/api/auth/…`; `off` for no limit.",
    )
    web: Literal["on", "off"] = Field(
        "on",
        alias="DOABLE_WEB",
        description="The web app at `/`: `on`, or `off`. With `off`, it also disappears from browsers in which it is"
        " installed.",
    )
    host: str = Field("127.0.0.1", alias="HOST", description="The address to listen on.")
    port: int = Field(8000, alias="PORT", ge=0, le=65535, description="The port to listen on; 0 takes a free one.")
    workers: int = Field(1, alias="DOABLE_WORKERS", ge=1, le=256, description="Processes that share the port.")
    stop_delay: float = Field(
        0,
        alias="DOABLE_STOP_DELAY",
        ge=0,
        description="Seconds that the service keeps serving after SIGTERM, with `/health/ready` at 503, so that your"
        " load balancer notices. Ctrl+C skips them.",
    )
    stop_grace: int = Field(
        10,
        alias="DOABLE_STOP_GRACE",
        ge=1,
        description="Seconds that running requests then have to finish; those that have not finished get 503.",
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", alias="LOG_LEVEL", description="The lowest level to log: `debug`, `info`, `warning` or `error`."
    )
    log_format: Literal["auto", "json", "text"] = Field(
        "auto", alias="DOABLE_LOG_FORMAT", description="`json`, `text`, or `auto`: text on a terminal, JSON otherwise."
    )
    slow_statement_ms: int = Field(
        500,
        alias="DOABLE_SLOW_STATEMENT_MS",
        ge=0,
        description="SQL statements that take this many milliseconds or more are logged by name; 0 logs none.",
    )
    metrics_port: int | None = Field(
        None,
        alias="DOABLE_METRICS_PORT",
        ge=0,
        le=65535,
        description="A separate port for Prometheus metrics, at `/metrics`; 0 takes a free one. Without it and without"
        " `DOABLE_METRICS_TOKEN`, nothing is counted.",
    )
    metrics_host: str = Field(
        "127.0.0.1", alias="DOABLE_METRICS_HOST", description="The address on which `DOABLE_METRICS_PORT` listens."
    )
    metrics_token: SecretStr | None = Field(
        None,
        alias="DOABLE_METRICS_TOKEN",
        description="The bearer token for `/metrics` on the service's own port: at least 16 characters.",
    )
    list_cache: int = Field(
        32,
        alias="DOABLE_LIST_CACHE",
        ge=0,
        le=65536,
        description="MiB per process for cached list responses; 0 turns the cache off.",
    )
    max_connections: int = Field(
        12_000,
        alias="DOABLE_MAX_CONNECTIONS",
        ge=1,
        le=1_000_000,
        description="Client connections per process, including live event streams; requests on more connections get"
        " 503.",
    )
    client_timeout: float = Field(
        15,
        alias="DOABLE_CLIENT_TIMEOUT",
        gt=0,
        description="Seconds that a client has to send a request or to read a response, and one more for each 8 KiB.",
    )
    max_streams: int = Field(
        10_000, alias="DOABLE_MAX_STREAMS", ge=0, le=1_000_000, description="Live event streams per process, at most."
    )
    user_max_tasks: int = Field(
        100_000, alias="DOABLE_USER_MAX_TASKS", ge=1, description="Tasks that one user may have; more get 409."
    )
    user_max_changes: int = Field(
        100_000,
        alias="DOABLE_USER_MAX_CHANGES",
        ge=1,
        description="Stored changes of one user, for history and sync; older ones are removed every hour.",
    )
    user_max_tokens: int = Field(
        100,
        alias="DOABLE_USER_MAX_TOKENS",
        ge=1,
        description="Personal access tokens that one user may have, including expired ones; more get 409.",
    )
    user_max_streams: int = Field(
        100,
        alias="DOABLE_USER_MAX_STREAMS",
        ge=1,
        description="Live event streams that one user may have open per process; more get 409.",
    )
    changes_retention_days: int = Field(
        90,
        alias="CHANGES_RETENTION_DAYS",
        ge=1,
        le=36500,
        description="The retention period of history and sync cursors, in days.",
    )
    trash_retention_days: int = Field(
        30,
        alias="TRASH_RETENTION_DAYS",
        ge=0,
        le=36500,
        description="How long deleted tasks and lists stay in the trash, in days; with 0, a deletion is final.",
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003
        init_settings: PydanticBaseSettingsSource,
        *_: PydanticBaseSettingsSource,
        **_others: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Only the arguments: `load` reads the environment."""
        return (init_settings,)

    @field_validator("log_level", "sign_up", "web", mode="before")
    @classmethod
    def _lower(cls, value: object) -> object:
        return value.lower() if isinstance(value, str) else value

    @field_validator("cors_origins", mode="before")
    @classmethod
    def _split_origins(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        return tuple(origins.parse(part) for part in value.split(",") if part.strip())

    @field_validator("trusted_proxies", mode="before")
    @classmethod
    def _split_proxies(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        proxies = tuple(part.strip() for part in value.split(",") if part.strip())
        for proxy in proxies:
            try:
                ip_network(proxy)
            except ValueError:
                raise ValueError(f"{proxy!r} is neither an address nor a network like 10.0.0.0/8") from None
        return proxies

    @field_validator("rate_limit_user", "rate_limit_address", "rate_limit_auth", mode="before")
    @classmethod
    def _parse_rate(cls, value: object) -> object:
        return Rate.parse(value) if isinstance(value, str) else value

    @field_validator("better_auth_secret")
    @classmethod
    def _require_long_secret(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and len(value.get_secret_value().encode()) < SECRET_MIN_BYTES:
            raise ValueError(f"it must have at least {SECRET_MIN_BYTES} bytes; make one with: openssl rand -base64 32")
        return value

    @field_validator("metrics_token")
    @classmethod
    def _require_long_token(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and len(value.get_secret_value()) < TOKEN_MIN:
            raise ValueError(f"it must have at least {TOKEN_MIN} characters; make one with: openssl rand -hex 16")
        return value

    @field_validator("better_auth_url", "jwks_url")
    @classmethod
    def _require_safe_url(cls, value: str | None) -> str | None:
        if value is None:
            return None
        parts = urlsplit(value)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise ValueError("it must be an https:// address")
        if parts.scheme == "http" and not is_loopback(parts.hostname):
            raise ValueError("keys must come over https:// (http:// works only for this machine itself)")
        return value.rstrip("/")

    @model_validator(mode="after")
    def _require_what_is_copied(self) -> Self:
        if self.database_read_url and not self.database_url:
            raise ValueError("DATABASE_READ_URL is a replica of DATABASE_URL; set that too")
        return self

    @model_validator(mode="after")
    def _require_one_provider(self) -> Self:
        if self.jwks_url and self.better_auth_secret and not self.better_auth_url:
            raise ValueError(
                "BETTER_AUTH_SECRET and JWKS_URL could be two issuers; if they are one set BETTER_AUTH_URL too"
            )
        return self

    def with_database(self, url: str) -> Self:
        """The same settings, with another database."""
        return self.model_copy(update={"database_url": SecretStr(url)})

    @property
    def is_measured(self) -> bool:
        """Whether metrics are turned on."""
        return self.metrics_port is not None or self.metrics_token is not None

    @property
    def provider(self) -> Provider:
        if self.better_auth_secret or self.better_auth_url:
            return Provider.BETTER_AUTH
        return Provider.JWKS if self.jwks_url else Provider.ACCOUNTS

    @property
    def token_issuer(self) -> str | None:
        """What the `iss` of a token must be; None for anything, which our own tokens never have."""
        return self.jwt_issuer or self._own_name

    @property
    def token_audience(self) -> str | None:
        """The same for `aud`."""
        return self.jwt_audience or self._own_name

    @property
    def _own_name(self) -> str | None:
        if self.provider is not Provider.ACCOUNTS:
            return None
        return next((origin for origin in self.cors_origins if "*" not in origin), OWN_NAME)

    @property
    def keys_url(self) -> str | None:
        """Where the issuer's public keys are; None when there are none to fetch."""
        if self.jwks_url:
            return self.jwks_url
        return f"{self.better_auth_url}/api/auth/jwks" if self.better_auth_url else None


# The variables whose values never appear in a message or in the log.
SECRETS: Final = frozenset(
    str(field.alias) for field in Settings.model_fields.values() if SecretStr in get_args(field.annotation)
)


def load(**overrides: Any) -> Settings:
    """The settings of this process, with those of the command line over those of the environment.

    Raises Misconfigured with one sentence that names the variable and what to do.
    """
    variables = {name: str(field.alias) for name, field in Settings.model_fields.items()}
    options = {variables[name]: value for name, value in overrides.items() if value is not None}
    try:
        return Settings(**(given() | options))
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        name = variables.get(str(first["loc"][0]), str(first["loc"][0])) if first["loc"] else ""
        sentence = first["msg"].removeprefix("Value error, ")
        raise Misconfigured(f"{name}: {sentence}" if name else sentence) from None
