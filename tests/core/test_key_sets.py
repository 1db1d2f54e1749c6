from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from doable.core.key_sets import KeySet
from keys import ALGORITHMS, Key


@pytest.mark.parametrize("alg", ALGORITHMS)
@pytest.mark.parametrize("says", [True, False], ids=["says its algorithm", "does not"])
def test_a_key_verifies_what_its_type_is_for(alg: str, *, says: bool) -> None:
    key = Key("one", alg)
    jwk = key.jwk if says else {**key.jwk, "alg": None}
    found = KeySet([jwk]).find("one", alg)
    assert found is not None
    assert found.algorithm_name == alg


@pytest.mark.parametrize(
    ("alg", "other"), [("EdDSA", "ES256"), ("ES256", "ES512"), ("RS256", "PS256"), ("RS256", "HS256")]
)
def test_a_key_verifies_nothing_else(alg: str, other: str) -> None:
    assert KeySet([Key("one", alg).jwk]).find("one", other) is None


def test_a_key_is_found_among_many_by_its_name() -> None:
    keys = [Key(str(number)) for number in range(50)]
    found = KeySet([key.jwk for key in keys]).find("33", "EdDSA")
    assert found is not None
    assert found.key == keys[33].private.public_key()


def test_a_token_without_a_kid_gets_the_only_key_that_fits() -> None:
    keys = KeySet([Key("a", "EdDSA").jwk, Key("b", "ES256").jwk, Key("c", "ES256").jwk])
    assert keys.find(None, "EdDSA") is not None
    assert keys.find(None, "ES256") is None
    assert keys.find(None, "RS256") is None


@pytest.mark.parametrize(
    "odd",
    [
        {"use": "enc"},
        {"key_ops": ["sign"]},
        {"key_ops": 7},
        {"d": "AAAA"},
        {"kid": 1},
        {"alg": "ES256"},
        {"alg": "HS256"},
        {"crv": "Ed448"},
        {"kty": ["OKP"]},
        {"kty": "oct", "k": "c2VjcmV0"},
        {"kty": "oct", "k": "c2VjcmV0", "alg": "HS256"},
        {"x": "AAAA"},
    ],
    ids=str,
)
def test_what_is_no_key_for_us_is_left_out_and_does_no_harm(odd: dict[str, object]) -> None:
    good = Key("good")
    keys = KeySet([{**Key("odd").jwk, **odd}, good.jwk, "a key", None])
    assert keys.find("good", "EdDSA") is not None
    assert keys.find(None, "EdDSA") is keys.find("good", "EdDSA")
    assert keys.find("odd", "EdDSA") is None
    assert keys.find(None, "HS256") is None


def test_a_short_rsa_key_is_left_out() -> None:
    assert KeySet([Key("k", "RS256", bits=1024).jwk]).find("k", "RS256") is None


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.sampled_from(["AQAB", "A" * 43, "sig", "EdDSA"]),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=5,
)
members = st.sampled_from(["kty", "crv", "x", "y", "n", "e", "kid", "alg", "use", "key_ops", "d", "k"])


@settings(deadline=None, max_examples=50)  # Big keys take their time on a busy machine.
@given(jwks=st.lists(st.dictionaries(members, anything) | anything), base=st.sampled_from(ALGORITHMS))
def test_no_key_set_is_so_odd_that_it_breaks_anything(jwks: list[Any], base: str) -> None:
    good = Key("good", base).jwk
    KeySet([*jwks, *({**good, **jwk} for jwk in jwks if isinstance(jwk, dict))]).find("good", base)
