import ssl
from typing import Any

import pytest

from doable.errors import Misconfigured
from doable.store.address import Address

NEON = "postgresql://u:p@ep-cool-name-123456-pooler.eu-central-1.aws.neon.tech/db"


def parsed(url: str) -> Address:
    return Address.parse(url)


@pytest.mark.parametrize("scheme", ["postgres", "postgresql"])
def test_a_url_is_read_as_hosts_print_it(scheme: str) -> None:
    address = parsed(f"{scheme}://us%40er:p%2Fw@db.example.com:6543/my%20db?connect_timeout=7&application_name=x")
    assert (address.host, address.port, address.database) == ("db.example.com", 6543, "my db")
    assert (address.user, address.password) == ("us@er", "p/w")
    assert (address.timeout, address.application_name) == (7, "x")


def test_what_is_left_out_is_libpqs_default() -> None:
    address = parsed("postgresql://db.example.com")
    assert (address.port, address.user, address.password, address.database) == (5432, None, None, None)
    assert (address.tls, address.timeout, address.application_name) == ("prefer", 15, "doable")


def test_parameters_may_say_it_all() -> None:
    address = parsed("postgresql:///?host=/run/postgresql&port=1&user=u&password=p&dbname=d")
    assert address == Address("/run/postgresql", 1, "u", "p", "d", tls="prefer")


@pytest.mark.parametrize(
    ("mode", "tls"),
    [("disable", False), ("allow", "allow"), ("prefer", "prefer"), ("require", "require")],
)
def test_modes_without_verification_are_the_drivers(mode: str, tls: object) -> None:
    assert parsed(f"postgresql://h/d?sslmode={mode}").tls == tls


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("sslmode=verify-full", True),
        ("sslmode=verify-ca", False),
        ("sslmode=require&channel_binding=require", True),
        ("channel_binding=require", True),
        ("sslmode=verify-full&sslrootcert=system", True),
    ],
)
def test_tls_is_never_weaker_than_the_url_says(query: str, names: bool) -> None:
    context: Any = parsed(f"postgresql://h/d?{query}").tls
    assert isinstance(context, ssl.SSLContext)
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.check_hostname is names


def test_a_root_certificate_makes_require_verify_the_chain(tmp_path: Any) -> None:
    with pytest.raises(Misconfigured, match=r"sslrootcert=/nowhere/root\.crt can't be read"):
        parsed("postgresql://h/d?sslmode=require&sslrootcert=/nowhere/root.crt")
    (tmp_path / "root.crt").write_text("no certificate")
    with pytest.raises(Misconfigured, match="can't be read"):
        parsed(f"postgresql://h/d?sslmode=require&sslrootcert={tmp_path}/root.crt")


@pytest.mark.parametrize("query", ["", "?sslmode=require", "?sslmode=require&channel_binding=require"])
def test_neon_is_always_verified(query: str) -> None:
    context: Any = parsed(NEON + query).tls
    assert isinstance(context, ssl.SSLContext)
    assert context.check_hostname


def test_the_direct_address_of_neon_is_found() -> None:
    pooled = parsed(NEON)
    assert pooled.direct.host == "ep-cool-name-123456.eu-central-1.aws.neon.tech"
    assert pooled.direct.direct == pooled.direct
    elsewhere = parsed("postgresql://db-pooler.example.com/d")
    assert elsewhere.direct == elsewhere


@pytest.mark.parametrize(
    "query", ["pgbouncer=true", "connection_limit=1", "schema=public", "options=endpoint%3Dep-cool-name-123456"]
)
def test_what_other_clients_need_is_let_by(query: str) -> None:
    assert parsed(f"{NEON}?{query}").database == "db"


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("mysql://h/d", "it must begin with postgresql://"),
        ("h/d", "it must begin with postgresql://"),
        ("postgresql:///d", "it names no host"),
        ("postgresql://h:port/d", "it is not a URL that can be read"),
        ("postgresql://h:99999/d", "it is not a URL that can be read"),
        ("postgresql://[h/d", "it is not a URL that can be read"),
        ("postgresql://h/d?port=x", "port=x is not a number"),
        ("postgresql://h/d?connect_timeout=soon", "connect_timeout=soon is not a number"),
        ("postgresql://h/d?sslmode=strict", "sslmode=strict is not one of"),
        ("postgresql://h/d?sslmode=disable&channel_binding=require", "sslmode=disable contradicts the verified TLS"),
        (f"{NEON}?sslmode=disable", "sslmode=disable contradicts the verified TLS"),
        ("postgresql://h/d?options=-csearch_path%3Dx", "the parameter options is not supported; remove it"),
        ("postgresql://h/d?target_session_attrs=any&a=1", "the parameter a is not supported; remove it"),
    ],
)
def test_what_can_not_be_understood_is_refused_by_name(url: str, sentence: str) -> None:
    with pytest.raises(Misconfigured) as caught:
        parsed(url)
    assert str(caught.value).startswith(f"DATABASE_URL: {sentence}")


def test_the_variable_at_fault_is_named() -> None:
    with pytest.raises(Misconfigured, match=r"^DATABASE_READ_URL: it names no host"):
        Address.parse("postgresql:///d", "DATABASE_READ_URL")


def test_a_password_is_never_repeated() -> None:
    assert "hunter2" not in str(parsed("postgresql://u:hunter2@h/d?"))
    assert str(parsed("postgresql://u:hunter2@h:1/d")) == "h:1/d"
    with pytest.raises(Misconfigured) as caught:
        parsed("postgresql://u:hunter2@h:port/d")
    assert "hunter2" not in str(caught.value)


def test_a_password_does_not_show_in_a_traceback() -> None:
    assert "hunter2" not in repr(parsed("postgresql://u:hunter2@h:1/d"))
