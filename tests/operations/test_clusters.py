"""What `doable doctor` says of a Citus cluster, and what errors of its other servers mean."""

import asyncpg
import pytest

from doable.errors import ListNotFound, TooMuch, UserNotFound, absent
from doable.operations.examination import _judge
from doable.settings import Settings
from doable.store.address import Address
from doable.store.failures import domain_error, is_race
from doable.store.inspection import Citus, Inspection
from doable.store.version import KNOWN, Version

HERE = Address.parse("postgresql://localhost/doable")


@pytest.mark.parametrize(
    ("cluster", "fine", "says"),
    [
        (Citus(3, [], []), True, "the users are spread over the nodes (3)"),
        (Citus(3, ["tasks", "users"], []), False, "not distributed: tasks, users; run deploy/citus.sql"),
        (Citus(3, [], ["citus.propagate_set_commands = local"]), False, "set citus.propagate_set_commands = local on"),
    ],
)
def test_the_doctor_knows_a_cluster(cluster: Citus, says: str, *, fine: bool) -> None:
    found = Inspection("18.6", Version(KNOWN[-1]), 0.0, citus=cluster)
    (finding,) = [one for one in _judge(Settings(_env_file=None), HERE, found) if one.subject == "citus"]
    assert finding.fine is fine
    assert finding.sentence.startswith(says)


@pytest.mark.parametrize(
    ("message", "error"),
    [
        ('insert or update on table "tasks_1" violates foreign key constraint "tasks_list_id_fkey_102043"', "list_id"),
        ("the owner of the row is not there: tasks_102043_user_id_fkey", UserNotFound),
        ("too many rows change: too_much", TooMuch),
    ],
)
def test_an_error_of_another_server_means_the_same(message: str, error: object) -> None:
    known = domain_error(asyncpg.PostgresError(message))
    if error == "list_id":
        assert vars(known) == vars(type(known)(absent("list_id", ListNotFound)))
    else:
        assert type(known) is error


def test_a_race_on_another_server_is_one() -> None:
    name = "tasks_uid_key_102043"
    assert is_race(asyncpg.UniqueViolationError(f'duplicate key value violates unique constraint "{name}"'))
    assert not is_race(asyncpg.UniqueViolationError('duplicate key value violates unique constraint "others_key_7"'))
