import pytest

from rounds import Rounds


@pytest.fixture(scope="session")
def rounds(pytestconfig: pytest.Config) -> Rounds:
    return Rounds(pytestconfig.getoption("rounds") == "full")
