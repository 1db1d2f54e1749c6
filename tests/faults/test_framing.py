"""One request in, one answer out, and never the answer to another request.

Each row of messages.py goes to the service directly, where it must get exactly what the row says. Each row also goes
through each reverse proxy of docs/deploy.md. There, other users ask over the same connections to the service, and each
must get the answers to their own requests.
"""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from itertools import count
from typing import TypeAlias
from urllib.parse import urlsplit

import pytest
from messages import SECTIONS

from doable.store.address import Address as Database
from doable.store.connection import connect
from processes import Service, database_url, place
from proxies import Caddy, HAProxy, Nginx, NginxWithWebSockets, ReverseProxy
from tokens import SECRET, hs256
from wire import NOTHING, PATIENCE, SERIAL, Address, Answer, Heard, Row, Then, Wire, ask, packets_of, send

AT_ONCE = 8
GONE = 499  # in the log: the client left, or broke off its request, and nothing was done for it
VICTIMS = ("alice", "bob")
WAYS = (Nginx, NginxWithWebSockets, HAProxy, Caddy)
Complaints: TypeAlias = dict[str, list[str]]  # by the name of the row
serials = count()
senders: dict[str, Row] = {}  # by serial
visits = count()


@dataclass(frozen=True)
class Entry:
    """A request, as the service logged it."""

    id: str
    method: str
    path: str
    status: int

    @property
    def is_smuggled(self) -> bool:
        return "smuggled" in self.path or self.id.endswith("-smuggled") or self.method == "DELETE"


class Log:
    """What the service logs, from now on."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._position = 0
        self.errors: list[str] = []
        self.forget()

    def forget(self) -> None:
        self._lines()
        self.errors.clear()

    async def until(self, request_id: str) -> list[Entry]:
        """The requests up to this one; those that are served at the same time may be missing."""
        entries: list[Entry] = []
        async with asyncio.timeout(PATIENCE):
            while all(entry.id != request_id for entry in entries):
                for line in self._lines():
                    said = json.loads(line)
                    if said["level"] == "error":
                        self.errors.append(line)
                    elif said["event"] == "request" and said["method"]:  # Else the server could not read it.
                        entries.append(Entry(said["request_id"], said["method"], said["path"], said["status"]))
                await asyncio.sleep(0.005)
        return entries

    def _lines(self) -> list[str]:
        whole = self._service.log_since(self._position).rpartition("\n")[0]
        self._position += len(f"{whole}\n".encode()) if whole else 0
        return whole.splitlines()


@dataclass
class Victim:
    """Another user. They ask for what is theirs, on a connection that they keep and on new ones."""

    user: str
    token: str
    address: Address
    heard: set[str] = field(default_factory=set)  # the ids of the answers
    faults: list[str] = field(default_factory=list)
    _wire: Wire | None = None
    _task: tuple[str, str] | None = None  # where it is, and its title

    async def visit(self) -> None:
        """See that the last task is still there, make one, and ask who they are."""
        title = f"{self.user}, {next(visits)}"
        if self._task is not None:
            self._expect(await self._ask(f"GET {self._task[0]} HTTP/1.1"), 200, "title", self._task[1])
        async with Wire(self.address) as wire:
            body = json.dumps({"title": title})
            made = await self._ask("POST /api/me/tasks HTTP/1.1", body=body, wire=wire)
        self._expect(made, 201, "title", title)
        if made is not None and made.status == 201:
            self._task = made.headers["location"], title
        await self.look()

    async def look(self) -> None:
        self._expect(await self._ask("GET /api/me HTTP/1.1"), 200, "id", self.user)

    async def leave(self) -> None:
        if self._wire is not None:
            await self._wire.__aexit__()
            self._wire = None

    async def _ask(self, line: str, *, body: str = "", wire: Wire | None = None) -> Answer | None:
        if wire is None:
            wire = await self._own_wire()
        request_id = f"{self.user}-{next(visits)}"
        before = len(wire.heard.answers)
        await wire.say(ask(line, self.token, request_id, body), methods=[line.partition(" ")[0]])
        heard = await wire.hear(lambda heard: len(heard.answers) > before)
        answers = heard.answers[before:]
        self.heard |= {str(answer.id) for answer in answers}
        if [answer.id for answer in answers] != [request_id] or heard.rest:
            self.faults.append(f"{self.user} asked {line} as {request_id}, and heard {answers} {heard.rest!r}")
            await self.leave()
            return None
        return answers[0]

    async def _own_wire(self) -> Wire:
        if self._wire is None or self._wire.heard.is_closed:
            await self.leave()
            self._wire = await Wire(self.address).__aenter__()
        return self._wire

    def _expect(self, answer: Answer | None, status: int, member: str, value: str) -> None:
        if answer is not None and (answer.status != status or f'"{member}":"{value}"'.encode() not in answer.body):
            self.faults.append(f"{self.user} expected {status} and {value}, and heard {answer}")


@pytest.fixture(scope="module")
def service(worker_address: Database) -> Iterator[Service]:
    with Service(
        DATABASE_URL=database_url(worker_address),
        BETTER_AUTH_SECRET=SECRET,
        DOABLE_TRUSTED_PROXIES="127.0.0.1",
        DOABLE_LOG_FORMAT="json",
    ) as service:
        yield service


@pytest.fixture(scope="module")
def direct(service: Service) -> Address:
    url = urlsplit(service.url)
    assert url.port is not None
    return "127.0.0.1", url.port


@pytest.fixture(scope="module")
def log(service: Service) -> Log:
    return Log(service)


@pytest.fixture(params=WAYS, scope="module", ids=lambda way: way.__name__)
def proxy(request: pytest.FixtureRequest, direct: Address) -> Iterator[ReverseProxy]:
    way: type[ReverseProxy] = request.param
    with place() as directory, way(directory, direct[1]) as proxy:
        yield proxy


@pytest.fixture
async def victims(proxy: ReverseProxy) -> AsyncIterator[list[Victim]]:
    victims = [Victim(user, hs256(user), proxy.address) for user in VICTIMS]
    yield victims
    for victim in victims:
        await victim.leave()


@pytest.fixture(params=SECTIONS)
def rows(request: pytest.FixtureRequest) -> list[Row]:
    return SECTIONS[request.param]


async def test_each_message_gets_its_own_answer(
    direct: Address, log: Log, rows: list[Row], worker_address: Database
) -> None:
    log.forget()
    room = asyncio.Semaphore(AT_ONCE)
    sent = number(rows)

    async def try_out(row: Row, serial: str) -> Heard:
        async with room:
            return await send(direct, row, serial)

    heard = dict(zip(sent, await asyncio.gather(*(try_out(row, serial) for serial, row in sent.items())), strict=True))
    complaints = {row.name: judge(row, heard[serial], serial) for serial, row in sent.items()}
    answered = {answer.id: answer.status for each in heard.values() for answer in everything(each)}
    answered[last := await witness(direct)] = 200
    for entry in await log.until(last):
        is_dropped = is_own(entry) and entry.status == GONE
        if entry.is_smuggled or not (is_dropped or answered.get(entry.id) == entry.status):
            complaints.setdefault(name_of(entry), []).append(f"{entry} was served")
    tell({**complaints, "the log": log.errors, "the tasks": await take_smuggled(worker_address)})


async def test_nobody_notices_what_another_sends_through_the_same_proxy(
    proxy: ReverseProxy, victims: list[Victim], log: Log, rows: list[Row], worker_address: Database
) -> None:
    log.forget()
    complaints: Complaints = {row.name: [] for row in rows}
    async with AsyncExitStack() as stack:
        wires = {}
        for serial, row in number(rows).items():
            wires[serial] = await stack.enter_async_context(Wire(proxy.address))
            await attack(wires[serial], packets_of(row, serial), row.methods, victims)
            for victim in victims:
                complaints[row.name] += victim.faults
                victim.faults.clear()
        answered = {id for victim in victims for id in victim.heard}
        answered.add(last := await witness(proxy.address))
        for entry in await log.until(last):
            if not await is_answered(entry, wires, answered):
                complaints.setdefault(name_of(entry), []).append(f"{entry} was served")
        for serial, wire in wires.items():
            complaints[senders[serial].name] += judge_through_proxy(senders[serial], wire.heard, serial)
    tell({**complaints, "the log": log.errors, "the tasks": await take_smuggled(worker_address)})


async def test_live_events_come_through_at_once(proxy: ReverseProxy, victims: list[Victim]) -> None:
    alice, _ = victims
    async with Wire(proxy.address) as wire:
        await wire.say(ask("GET /api/me/events HTTP/1.1", alice.token, "events"), methods=["GET"])
        await wire.hear(lambda heard: b"text/event-stream" in heard.rest)
        await alice.visit()
        assert b"event: change" in (await wire.hear(lambda heard: b"event: change" in heard.rest)).rest
    assert alice.faults == []


def number(rows: list[Row]) -> dict[str, Row]:
    """By serials that no other row has had."""
    numbered = {f"R{next(serials):05}": row for row in rows}
    senders.update(numbered)
    return numbered


def serial_of(entry: Entry) -> str | None:
    found = re.search(r"R\d{5}", f"{entry.id} {entry.path}")
    return found[0] if found else None


def name_of(entry: Entry) -> str:
    serial = serial_of(entry)
    return senders[serial].name if serial else "?"


def is_own(entry: Entry) -> bool:
    """Whether it is a request of the sender of a row, on purpose or in one of the two ways to read the row."""
    serial = serial_of(entry)
    return serial is not None and (entry.id in ids_of(senders[serial], serial) or entry.path == f"/own/{serial}")


async def is_answered(entry: Entry, wires: dict[str, Wire], others: set[str]) -> bool:
    """Whether the client that asked got the answer. A twofold row may be two requests, both of its sender."""
    if not entry.is_smuggled:
        return is_own(entry) or entry.id in others or any(entry.id in wire.heard.ids for wire in wires.values())
    serial = serial_of(entry)
    if serial not in wires or not is_own(entry):
        return False
    return entry.id in (await wires[serial].hear(lambda heard: entry.id in heard.ids)).ids


def tell(complaints: Complaints) -> None:
    lines = [f"{name}: {'; '.join(found)}" for name, found in complaints.items() if found]
    if lines:
        pytest.fail("\n".join(lines), pytrace=False)


async def attack(wire: Wire, packets: list[bytes], methods: list[str], victims: list[Victim]) -> None:
    """Send the packets. The others ask in between, and again on the connections that the packets leave behind."""
    for position, packet in enumerate(packets):
        if position:
            await victims[position % len(victims)].look()
        await wire.say(packet, methods=[] if position else methods)
    for victim in victims:
        await victim.visit()


async def witness(address: Address) -> str:
    """Make a request whose line in the log comes after those of all requests before it. Returns its id."""
    request_id = f"witness-{next(visits)}"
    async with Wire(address) as wire:
        await wire.say(ask("GET /api/me HTTP/1.1", hs256("witness"), request_id), methods=["GET"])
        heard = await wire.hear(lambda heard: heard.answers)
    assert [answer.id for answer in heard.answers] == [request_id]
    return request_id


async def take_smuggled(address: Database) -> list[str]:
    """Delete the tasks that only a smuggled request can have made, and say whose they were."""
    connection = await connect(address.direct)
    taken = await connection.fetch("delete from doable.tasks where title = 'smuggled' returning user_id")
    await connection.close()
    return [f"{row['user_id']} has a smuggled one" for row in taken]


def ids_of(row: Row, serial: str) -> list[str]:
    """The ids that its answers may have, in this order."""
    own = [*row.ids, *([f"{SERIAL}-smuggled"] if row.is_twofold else [])]
    return [id.replace(SERIAL, serial) for id in own]


def everything(heard: Heard) -> list[Answer]:
    return heard.answers if heard.after is None else [*heard.answers, heard.after]


def judge(row: Row, heard: Heard, serial: str) -> list[str]:
    """What is wrong with what Doable itself said."""
    faults = judge_end(row, heard)
    if not fits(row, heard.statuses):
        faults.append(f"{heard.statuses} instead of {[sorted(statuses) for statuses in row.answers]}")
    if heard.rest:
        faults.append(f"no whole answer: {heard.rest!r}")
    if row.continues is not None and (100 in heard.interim) is not row.continues:
        faults.append(f"interim answers: {heard.interim}")
    own = ids_of(row, serial)
    for number, answer in enumerate(heard.answers):
        if answer.status < 400 and own[number : number + 1] != [answer.id]:
            faults.append(f"answer {number + 1} has the id {answer.id}")
        is_bare = row.methods[number : number + 1] == ["HEAD"]
        faults += [] if answer.status < 400 or is_bare else judge_refusal(row, answer)
    return faults


def judge_end(row: Row, heard: Heard) -> list[str]:
    faults = []
    if row.then in {Then.CLOSES, Then.BREAKS} and not heard.is_closed:
        faults.append("not closed")
    if row.then is Then.CLOSES and heard.answers and heard.answers[-1].headers.get("connection") != "close":
        faults.append("does not say that it closes")
    if row.then is Then.GOES_ON and heard.after is None:
        faults.append("does not go on")
    if row.then is Then.EITHER and heard.after is None and not heard.is_closed:
        faults.append("neither goes on nor is closed")
    if heard.after is not None and (row.then is Then.SILENT or heard.after.status != 200):
        faults.append(f"what came after got {heard.after}")
    return faults


def judge_refusal(row: Row, answer: Answer) -> list[str]:
    if answer.headers.get("content-type") != "application/problem+json":
        return [f"{answer.status} is no problem: {answer.body[:80]!r}"]
    problem = json.loads(answer.body)
    expected = {501: "transfer_coding_unsupported"}
    if row.then is Then.CLOSES and row.answers[-1] == {400}:
        expected[400] = "malformed_request"
    if problem["status"] != answer.status or problem["code"] != expected.get(answer.status, problem["code"]):
        return [f"{answer.status} is {problem['status']} {problem['code']}"]
    return []


def fits(row: Row, statuses: list[int]) -> bool:
    left = list(statuses)
    for expected in row.answers:
        if left and left[0] in expected:
            left.pop(0)
        elif NOTHING not in expected:
            return False
    return not left


def judge_through_proxy(row: Row, heard: Heard, serial: str) -> list[str]:
    """What is wrong with Doable's answers: there must be at most one for each request, in the order of the requests."""
    answers = [answer for answer in heard.answers if answer.id is not None]
    expected = ids_of(row, serial)
    faults = []
    if len(answers) > max(1, len(expected)):
        faults.append(f"{len(answers)} answers to {len(expected)} requests")
    position = 0
    for answer in answers:
        if answer.id in expected[position:]:
            position = expected.index(answer.id) + 1
        elif answer.status < 400:
            faults.append(f"an answer {answer.id} that is none of {expected[position:]}")
    return faults
