"""What has been tried against verifiers of JWTs (RFC 8725), tried here. Every try must end in TokenInvalid."""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import AsyncIterator
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from doable.core.identity import CREDENTIAL_MAX, Identity
from doable.core.issuers import FETCH_PAUSE_SECONDS, RemoteKeys
from doable.errors import TokenExpired, TokenInvalid
from doable.settings import Settings
from doable.store.address import Address
from doable.store.database import Database
from issuer import Clock, Issuer, Published, issuer_with
from keys import ALGORITHMS, Key
from tokens import SECRET, claims_of, hs256

NOWHERE = Database(Address.parse("postgresql://nobody@127.0.0.1:1/none"), deadline=0.1)
KEYS = {alg: Key(f"the {alg} key", alg) for alg in ALGORITHMS}
CLAIMS = claims_of("alice", exp=int(time.time()) + 24 * 3600)


@pytest.fixture
async def issuer() -> AsyncIterator[Issuer]:
    async with issuer_with(*KEYS.values()) as issuer:
        yield issuer


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def victim(issuer: Issuer, clock: Clock) -> AsyncIterator[Identity]:
    """A service that trusts both the secret and the keys, so that one could be played off against the other."""
    settings = Settings(
        _env_file=None, BETTER_AUTH_SECRET=SECRET, BETTER_AUTH_URL="https://issuer.example", JWKS_URL=issuer.url
    )
    keys = RemoteKeys(issuer.url, clock=clock)
    yield Identity(settings, NOWHERE, keys)
    await keys.close()


def briefly(value: object) -> str:
    return repr(value)[:30]


def segment(value: object) -> str:
    data = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def forged(header: object, claims: object = CLAIMS, signature: bytes = b"\0" * 64) -> str:
    return f"{segment(header)}.{segment(claims)}.{segment(signature)}"


def signed_with_hmac(header: dict[str, object], secret: bytes) -> str:
    """By hand, because no library would take a public key for a secret any more."""
    content = f"{segment(header)}.{segment(CLAIMS)}"
    digest = {"HS256": "sha256", "HS384": "sha384", "HS512": "sha512"}.get(str(header["alg"]), "sha256")
    return f"{content}.{segment(hmac.new(secret, content.encode(), digest).digest())}"


async def refuses(victim: Identity, token: str) -> None:
    with pytest.raises(TokenInvalid):
        await victim.authenticate(token)
    assert victim.remembered(token.encode()) is None


async def test_the_tokens_that_are_attacked_here_would_hold(victim: Identity) -> None:
    for key in KEYS.values():
        assert (await victim.authenticate(key.sign(CLAIMS))).user_id == "alice"
    assert (await victim.authenticate(signed_with_hmac({"alg": "HS256"}, SECRET.encode()))).user_id == "alice"


@pytest.mark.parametrize("alg", ["none", "None", "NONE", "nOnE", "", None, 0, [], "HS256 "])
@pytest.mark.parametrize("signature", [b"", b"\0" * 64], ids=["unsigned", "zeros"])
async def test_a_token_can_not_go_without_a_signature(victim: Identity, alg: object, signature: bytes) -> None:
    for kid in ({}, {"kid": "the EdDSA key"}):
        await refuses(victim, forged({"alg": alg, **kid}, CLAIMS, signature))
    await refuses(victim, forged({}, CLAIMS, signature))


@pytest.mark.parametrize("alg", ["HS256", "HS384", "HS512"])
@pytest.mark.parametrize("key", KEYS.values(), ids=KEYS.keys())
async def test_a_public_key_is_no_secret_to_sign_with(victim: Identity, issuer: Issuer, key: Key, alg: str) -> None:
    public = key.private.public_key()
    known_to_all = [
        public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo),
        public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).strip(),
        public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo),
        json.dumps(key.jwk).encode(),
        str(key.jwk.get("x") or key.jwk["n"]).encode(),
        jwt.utils.base64url_decode(str(key.jwk.get("x") or key.jwk["n"])),
        issuer.publish().partition(b"\r\n\r\n")[2],
        b"",
    ]
    for secret in known_to_all:
        await refuses(victim, signed_with_hmac({"alg": alg, "kid": key.kid}, secret))
        await refuses(victim, signed_with_hmac({"alg": alg}, secret))


async def test_the_secret_signs_nothing_but_hs256(victim: Identity) -> None:
    for alg in ("HS384", "HS512", *ALGORITHMS):
        await refuses(victim, signed_with_hmac({"alg": alg, "kid": f"the {alg} key"}, SECRET.encode()))
    await refuses(victim, hs256("alice", secret=hashlib.sha256(SECRET.encode()).hexdigest()))


async def test_a_key_verifies_its_own_algorithm_and_no_other(victim: Identity) -> None:
    for key in KEYS.values():
        for other in KEYS.values():
            if other is not key:
                await refuses(victim, other.sign(CLAIMS, kid=key.kid))
                await refuses(victim, forged({"alg": other.alg, "kid": key.kid}))


async def test_an_rsa_key_for_one_padding_is_not_used_with_the_other(victim: Identity) -> None:
    key = KEYS["RS256"]
    await refuses(victim, jwt.encode(CLAIMS, key.private, "PS256", {"kid": key.kid}))
    await refuses(victim, jwt.encode(CLAIMS, key.private, "RS512", {"kid": key.kid}))


async def test_a_key_that_a_token_brings_or_points_at_is_not_used(victim: Identity, issuer: Issuer) -> None:
    mine = Key("mine")
    async with issuer_with(mine) as attacker:
        for kid in ("mine", "the EdDSA key", None):
            for header in (
                {"jwk": mine.jwk},
                {"jku": attacker.url},
                {"x5u": attacker.url},
                {"x5c": [base64.b64encode(b"a certificate").decode()]},
                {"jku": attacker.url, "jwk": mine.jwk, "x5u": attacker.url, "iss": attacker.url},
            ):
                await refuses(victim, mine.sign(CLAIMS, **{**header, "kid": kid}))
        await refuses(victim, mine.sign({**CLAIMS, "iss": attacker.url.removesuffix("/api/auth/jwks")}))
        assert attacker.fetches == 0
    assert all(request.startswith(b"GET /api/auth/jwks HTTP/1.1\r\n") for request in issuer.requests)


@pytest.mark.parametrize("crit", [["exp"], ["b64"], [], "exp", {}, ["nonsense"]], ids=str)
async def test_an_extension_that_must_be_understood_is_not_passed_over(victim: Identity, crit: object) -> None:
    key = KEYS["EdDSA"]
    for more in ({}, {"b64": True}, {"exp": 1}):
        content = f"{segment({'alg': 'EdDSA', 'kid': key.kid, 'crit': crit, **more})}.{segment(CLAIMS)}"
        await refuses(victim, f"{content}.{segment(key.private.sign(content.encode()))}")


@pytest.mark.parametrize(
    ("typ", "holds"),
    [
        *((typ, True) for typ in ("JWT", "jwt", "at+jwt", "AT+JWT", "application/at+jwt", None)),
        *(
            (typ, False)
            for typ in ("dpop+jwt", "logout+jwt", "JOSE", "", "application/", "application/json", 1, ["JWT"])
        ),
    ],
    ids=briefly,
)
async def test_a_token_for_another_purpose_is_refused(victim: Identity, typ: object, holds: bool) -> None:
    token = signed_with_hmac({"alg": "HS256", "typ": typ}, SECRET.encode())
    if holds:
        assert (await victim.authenticate(token)).user_id == "alice"
    else:
        await refuses(victim, token)


async def test_an_unencoded_payload_is_not_taken(victim: Identity) -> None:
    key = KEYS["EdDSA"]
    for payload in (segment(CLAIMS), ""):
        content = f"{segment({'alg': 'EdDSA', 'kid': key.kid, 'b64': False})}.{payload}"
        await refuses(victim, f"{content}.{segment(key.private.sign(content.encode()))}")


@pytest.mark.parametrize("name", ["exp", "sub"])
async def test_a_token_must_say_who_it_is_for_and_until_when(victim: Identity, name: str) -> None:
    claims = {key: value for key, value in CLAIMS.items() if key != name}
    for odd in ({}, {name: None}):
        await refuses(victim, KEYS["EdDSA"].sign({**claims, **odd}))


async def test_an_expired_token_does_not_pass_with_a_changed_end(victim: Identity) -> None:
    expired = KEYS["EdDSA"].sign({**CLAIMS, "exp": int(time.time()) - 3600})
    with pytest.raises(TokenExpired):
        await victim.authenticate(expired)
    header, _, signature = expired.split(".")
    await refuses(victim, f"{header}.{segment(CLAIMS)}.{signature}")


@pytest.mark.parametrize(
    "payload", [b"", b"null", b"[]", b'"alice"', b"\xff\xfe", b"{", b"[" * 5000, b'{"sub":"alice"}x']
)
async def test_a_signed_payload_that_is_no_object_is_refused(victim: Identity, payload: bytes) -> None:
    await refuses(victim, jwt.api_jws.encode(payload, KEYS["EdDSA"].private, "EdDSA", {"kid": "the EdDSA key"}))


@pytest.mark.parametrize("token", [KEYS["EdDSA"].sign(CLAIMS), hs256("alice")], ids=["EdDSA", "HS256"])
async def test_a_token_that_was_cut_or_changed_anywhere_does_not_hold(victim: Identity, token: str) -> None:
    assert (await victim.authenticate(token)).user_id == "alice"
    for place in range(len(token)):
        await refuses(victim, token[:place])
        for letter in "Ax.":
            if token[place] != letter:
                await refuses(victim, token[:place] + letter + token[place + 1 :])
    for more in ("A", "=", "==", ".", "\n", " ", ".A"):
        await refuses(victim, token + more)
        await refuses(victim, more + token)


async def test_the_signature_of_another_token_does_not_fit(victim: Identity) -> None:
    mine, theirs = KEYS["EdDSA"].sign(claims_of("mallory")), KEYS["EdDSA"].sign(CLAIMS)
    await refuses(victim, ".".join([*theirs.split(".")[:2], mine.split(".")[2]]))
    for key in KEYS.values():
        await refuses(victim, forged({"alg": key.alg, "kid": key.kid}, signature=b""))
        await refuses(victim, forged({"alg": key.alg, "kid": key.kid}, signature=b"\0" * 132))


async def test_the_key_of_somebody_else_does_not_sign_for_the_issuer(victim: Identity) -> None:
    for alg in ALGORITHMS:
        mine = Key("mine", alg)
        await refuses(victim, mine.sign(CLAIMS))
        await refuses(victim, mine.sign(CLAIMS, kid=f"the {alg} key"))
        await refuses(victim, mine.sign(CLAIMS, kid=None))


@pytest.mark.parametrize(
    "kid",
    ["../../../../dev/null", "' or 1=1 --", "the EdDSA key\0", 7, [], {"kid": "the EdDSA key"}, "k" * 4000],
    ids=briefly,
)
async def test_a_kid_is_a_name_and_nothing_else(victim: Identity, kid: object) -> None:
    content = f"{segment({'alg': 'EdDSA', 'kid': kid})}.{segment(CLAIMS)}"
    await refuses(victim, f"{content}.{segment(KEYS['EdDSA'].private.sign(content.encode()))}")
    await refuses(victim, signed_with_hmac({"alg": "EdDSA", "kid": kid}, b""))


async def test_a_thousand_made_up_kids_ask_the_issuer_at_most_once_in_each_interval(
    victim: Identity, issuer: Issuer, clock: Clock
) -> None:
    await victim.authenticate(KEYS["EdDSA"].sign(CLAIMS))
    for interval in range(1, 4):
        clock.advance(FETCH_PAUSE_SECONDS)
        for number in range(1000):
            await refuses(victim, forged({"alg": "EdDSA", "kid": f"{interval}/{number}"}))
        assert issuer.fetches == 1 + interval


async def test_an_algorithm_that_nobody_has_does_not_ask_the_issuer(victim: Identity, issuer: Issuer) -> None:
    for alg in ("none", "HS512", "ES384", "ES256K", "RSA-OAEP", "EdDSA2"):
        await refuses(victim, forged({"alg": alg, "kid": "made up"}))
    assert issuer.fetches == 0


async def test_a_huge_token_is_refused_unread(victim: Identity, issuer: Issuer) -> None:
    huge = KEYS["EdDSA"].sign({**CLAIMS, "data": "x" * CREDENTIAL_MAX})
    await refuses(victim, huge)
    await refuses(victim, "x" * 10_000_000)
    assert issuer.fetches == 0
    large = KEYS["EdDSA"].sign({**CLAIMS, "data": "x" * (CREDENTIAL_MAX // 2)})
    assert (await victim.authenticate(large)).user_id == "alice"


@pytest.mark.parametrize(
    "header",
    [b"", b"null", b"[]", b'"EdDSA"', b"\xff", b"{", b"[" * 5000, b'{"alg":' + b"[" * 5000, b'{"alg":"\\ud800"}'],
    ids=briefly,
)
async def test_a_header_that_is_no_object_is_refused(victim: Identity, header: bytes) -> None:
    await refuses(victim, forged(header))


async def test_an_encrypted_token_is_not_for_us(victim: Identity) -> None:
    await refuses(victim, ".".join([segment({"alg": "dir", "enc": "A256GCM"}), *["AAAA"] * 4]))


anything: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=5,
)
names = st.sampled_from(["alg", "kid", "typ", "crit", "b64", "jku"])
values = anything | st.sampled_from([*ALGORITHMS, "HS256", "none", *(key.kid for key in KEYS.values())])


@hypothesis_settings(deadline=None)
@given(
    token=st.text()
    | st.text("abcAZ09-_.")
    | st.builds(forged, st.dictionaries(names, values) | anything, anything, st.binary())
)
async def test_nothing_that_can_be_made_up_is_taken_or_breaks_anything(token: str) -> None:
    settings = Settings(_env_file=None, BETTER_AUTH_SECRET=SECRET, BETTER_AUTH_URL="https://issuer.example")
    await refuses(Identity(settings, NOWHERE, Published(*KEYS.values())), token)


async def test_of_a_name_that_stands_twice_in_a_token_the_last_value_counts(victim: Identity) -> None:
    """RFC 7515 §4 and RFC 7519 §4 leave this or a refusal; the same for whoever chooses the key and whoever reads."""

    def signed(header: str, claims: str) -> str:
        content = f"{segment(header.encode())}.{segment(claims.encode())}"
        return f"{content}.{segment(hmac.new(SECRET.encode(), content.encode(), 'sha256').digest())}"

    good, claims = '{"alg":"HS256"}', json.dumps(CLAIMS)
    assert (await victim.authenticate(signed('{"alg":"none","alg":"HS256"}', claims))).user_id == "alice"
    assert (await victim.authenticate(signed(good, '{"sub":"bob",' + claims[1:]))).user_id == "alice"
    for header in ('{"alg":"HS256","alg":"none"}', '{"alg":"HS256","alg":"EdDSA","kid":"the EdDSA key"}'):
        await refuses(victim, signed(header, claims))
    with pytest.raises(TokenExpired):
        await victim.authenticate(signed(good, claims[:-1] + ',"exp":1}'))
