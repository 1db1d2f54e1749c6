import re
from pathlib import Path

import pytest

from doable.errors import Misconfigured
from doable.operations.advice import told
from doable.rate import Rate
from doable.settings import Provider, Settings, load
from processes import SETTINGS

ROOT = Path(__file__).parent.parent
SECRET = "x" * 32


@pytest.fixture(autouse=True)
def nothing_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in SETTINGS:
        monkeypatch.delenv(name, raising=False)


def test_nothing_has_to_be_set() -> None:
    settings = load()
    assert settings.provider is Provider.ACCOUNTS
    assert settings.keys_url is None
    assert (settings.host, settings.port) == ("127.0.0.1", 8000)


def test_the_command_line_wins_over_the_environment_and_that_over_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    Path(".env").write_text("PORT=1\nHOST=file\nLOG_LEVEL=error\nUNKNOWN=1\n")
    monkeypatch.setenv("PORT", "2")
    monkeypatch.setenv("HOST", "environment")
    settings = load(port=3, host=None)
    assert (settings.port, settings.host, settings.log_level) == (3, "environment", "error")


def test_an_empty_variable_counts_as_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "")
    monkeypatch.setenv("PORT", "")
    assert load().database_url is None
    assert load().port == 8000


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("DATABASE_URL='pa$$word'", "pa$$word"),
        ("DATABASE_URL='a${HOST}b'", "a${HOST}b"),
        (r"DATABASE_URL='a\nb\\c'", r"a\nb\\c"),
        (r"DATABASE_URL='it\'s'", "it's"),
        ("DATABASE_URL='abc' # don't share", "abc"),
        ("export DATABASE_URL = 'a b' # a comment", "a b"),
        ("DATABASE_URL='a\nb'", "a\nb"),
        ("DATABASE_URL=pa$$word", "pa$$word"),
        ("DATABASE_URL=a${HOST}b", "ahereb"),
        (r'DATABASE_URL="a\nb${HOST}${NONE:-c}"', "a\nbherec"),
        ("\ufeffDATABASE_URL=first", "first"),
        ("HOST=there\nDATABASE_URL=${HOST}", "there"),
        ("DATABASE_URL", None),
        ("database_url=small", "small"),
    ],
)
def test_the_file_is_read_to_the_letter(line: str, value: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOST", "here")
    Path(".env").write_text(line)
    found = load().database_url
    assert (found and found.get_secret_value()) == value


@pytest.mark.parametrize(
    ("raw", "sentence"),
    [
        ("PORT=1".encode("utf-16"), ".env is UTF-16 and must be UTF-8; save it anew as UTF-8"),
        ("PORT=1".encode("utf-16-be"), ".env is UTF-16 and must be UTF-8; save it anew as UTF-8"),
        ("PORT=1\n# für\n".encode("cp1252"), ".env must be UTF-8 and line 2 is not; save it anew as UTF-8"),
    ],
)
def test_a_file_in_another_encoding_is_refused(raw: bytes, sentence: str) -> None:
    Path(".env").write_bytes(raw)
    with pytest.raises(Misconfigured) as caught:
        load()
    assert str(caught.value) == sentence


def test_a_file_that_can_not_be_read_is_refused() -> None:
    Path(".env").mkdir()
    with pytest.raises(Misconfigured, match=r"^\.env can't be read: Is a directory$"):
        load()
    Path(".env/pyvenv.cfg").touch()
    assert load().port == 8000
    Path("venv").symlink_to("venv")
    Path(".env").rename("directory")
    Path(".env").symlink_to("venv")
    with pytest.raises(Misconfigured, match=r"^\.env can't be read: Too many levels of symbolic links$"):
        load()


def test_what_kubernetes_sets_for_a_service_counts_as_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOABLE_METRICS_PORT", "tcp://10.0.0.1:9090")
    assert load().metrics_port is None
    Path(".env").write_text("DOABLE_METRICS_PORT=9000")
    assert load().metrics_port == 9000


def test_settings_never_change() -> None:
    with pytest.raises(ValueError, match="frozen"):
        load().port = 1


@pytest.mark.parametrize(
    ("variables", "provider", "keys_url"),
    [
        ({}, Provider.ACCOUNTS, None),
        ({"BETTER_AUTH_SECRET": SECRET}, Provider.BETTER_AUTH, None),
        (
            {"BETTER_AUTH_URL": "https://a.example/"},
            Provider.BETTER_AUTH,
            "https://a.example/api/auth/jwks",
        ),
        (
            {"BETTER_AUTH_URL": "https://a.example", "BETTER_AUTH_SECRET": SECRET, "JWKS_URL": "https://b.example/k"},
            Provider.BETTER_AUTH,
            "https://b.example/k",
        ),
        ({"JWKS_URL": "https://b.example/k"}, Provider.JWKS, "https://b.example/k"),
    ],
)
def test_there_is_always_one_identity_provider(
    variables: dict[str, str], provider: Provider, keys_url: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert (load().provider, load().keys_url) == (provider, keys_url)


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "[::1]"])
def test_keys_may_come_over_http_from_this_machine(host: str) -> None:
    assert load(jwks_url=f"http://{host}:3000/keys").jwks_url == f"http://{host}:3000/keys"


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("BETTER_AUTH_SECRET", "ü" * 15, "BETTER_AUTH_SECRET: it must have at least 32 bytes; make one with: openssl"),
        ("JWKS_URL", "http://issuer.example.com/keys", "JWKS_URL: keys must come over https://"),
        ("JWKS_URL", "http://10.0.0.1/keys", "JWKS_URL: keys must come over https://"),
        ("JWKS_URL", "ftp://issuer.example.com/keys", "JWKS_URL: it must be an https:// address"),
        ("BETTER_AUTH_URL", "app.example.com", "BETTER_AUTH_URL: it must be an https:// address"),
        ("CORS_ORIGINS", "*", "CORS_ORIGINS: '*' is not an origin"),
        ("CORS_ORIGINS", "https://a.example,b.example", "CORS_ORIGINS: 'b.example' is not an origin"),
        ("CORS_ORIGINS", "https://*.dev", "CORS_ORIGINS: 'https://*.dev' is not an origin; write"),
        ("CORS_ORIGINS", "https://a.example/path", "CORS_ORIGINS: 'https://a.example/path' is not an origin"),
        ("DOABLE_TRUSTED_PROXIES", "10.0.0.1/8", "DOABLE_TRUSTED_PROXIES: '10.0.0.1/8' is neither an address nor a"),
        ("DOABLE_TRUSTED_PROXIES", "caddy", "DOABLE_TRUSTED_PROXIES: 'caddy' is neither an address nor a network"),
        ("DOABLE_RATE_LIMIT_USER", "600", "DOABLE_RATE_LIMIT_USER: '600' is not a rate; write one like 600/min (sec,"),
        ("DOABLE_RATE_LIMIT_AUTH", "-1/min", "DOABLE_RATE_LIMIT_AUTH: '-1/min' is not a rate"),
        ("PORT", "http", "PORT: "),
        ("PORT", "65536", "PORT: "),
        ("DOABLE_WORKERS", "0", "DOABLE_WORKERS: "),
        ("LOG_LEVEL", "loud", "LOG_LEVEL: "),
    ],
)
def test_a_bad_setting_is_one_sentence_that_names_it(
    name: str, value: str, sentence: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(Misconfigured) as caught:
        load()
    assert str(caught.value).startswith(sentence)
    assert "\n" not in str(caught.value)


def test_an_option_of_the_command_line_is_named_by_its_variable() -> None:
    with pytest.raises(Misconfigured, match=r"^DOABLE_WORKERS: Input should be greater than or equal to 1"):
        load(workers=0)


def test_a_bad_secret_is_not_repeated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BETTER_AUTH_SECRET", "hunter2")
    with pytest.raises(Misconfigured) as caught:
        load()
    assert "hunter2" not in str(caught.value)


def test_a_replica_of_nothing_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_READ_URL", "postgresql://replica.example.com/d")
    with pytest.raises(Misconfigured, match=r"^DATABASE_READ_URL is a replica of DATABASE_URL; set that too"):
        load()


def test_two_issuers_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BETTER_AUTH_SECRET", SECRET)
    monkeypatch.setenv("JWKS_URL", "https://issuer.example.com/keys")
    with pytest.raises(Misconfigured, match=r"^BETTER_AUTH_SECRET and JWKS_URL could be two issuers"):
        load()


def test_origins_are_a_list_with_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CORS_ORIGINS", " https://a.example/ , http://localhost:3000,")
    assert load().cors_origins == ("https://a.example", "http://localhost:3000")
    assert load(cors_origins=("https://b.example",)).cors_origins == ("https://b.example",)


def test_proxies_are_a_list_with_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOABLE_TRUSTED_PROXIES", " 10.0.0.0/8 ,192.0.2.1,")
    assert load().trusted_proxies == ("10.0.0.0/8", "192.0.2.1")
    assert load(trusted_proxies=()).trusted_proxies == ()


@pytest.mark.parametrize(
    ("text", "rate"),
    [
        ("600/min", Rate(600, 60)),
        (" 5 / SEC ", Rate(5, 1)),
        ("1000/hour", Rate(1000, 3600)),
        ("1/day", Rate(1, 86400)),
        ("off", None),
        ("0", None),
        ("0/min", None),
    ],
)
def test_a_rate_is_a_count_in_a_time(text: str, rate: Rate | None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOABLE_RATE_LIMIT_AUTH", text)
    assert load().rate_limit_auth == rate
    assert rate is None or Rate.parse(str(rate)) == rate


@pytest.mark.parametrize("level", ["INFO", "Info", "info"])
def test_levels_may_be_written_large(level: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOG_LEVEL", level)
    assert load().log_level == "info"


def test_secrets_do_not_show_where_settings_are_printed() -> None:
    settings = load(better_auth_secret=SECRET, database_url="postgresql://u:hunter2@h/d")
    assert SECRET not in repr(settings)
    assert "hunter2" not in repr(settings)


def test_every_setting_is_explained() -> None:
    documented = (ROOT / "docs" / "settings.md").read_text()
    example = (ROOT / ".env.example").read_text()
    for field in Settings.model_fields.values():
        assert field.description
        assert f"`{field.alias}`" in documented
        assert re.search(rf"^# {field.alias}=", example, re.MULTILINE), f"{field.alias} is missing in .env.example"


def test_the_example_names_no_unknown_setting() -> None:
    named = re.findall(r"^# ([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE)
    assert set(named) <= SETTINGS


def test_what_is_told_of_settings_is_what_differs_and_nothing_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://u:hidden@db.test/x")
    monkeypatch.setenv("JWT_ISSUER", "https://u:hid@den@issuer.test/a?key=hidden#hidden")
    monkeypatch.setenv("CORS_ORIGINS", "https://a.test,http://b.test")
    monkeypatch.setenv("DOABLE_DATA_DIR", "/srv/a?b")
    monkeypatch.setenv("DOABLE_POOL_WAIT", "2.5")
    assert told(load(port=8000, workers=2)) == {
        "DATABASE_URL": "(set)",
        "JWT_ISSUER": "https://issuer.test/a",
        "CORS_ORIGINS": ["https://a.test", "http://b.test"],
        "DOABLE_DATA_DIR": "/srv/a?b",
        "DOABLE_POOL_WAIT": 2.5,
        "DOABLE_WORKERS": 2,
    }
