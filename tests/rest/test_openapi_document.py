"""The document is complete: whoever reads it alone knows everything that can come back."""

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from fastapi.routing import iter_route_contexts

from doable.core import validation
from doable.errors import Unauthenticated
from doable.rest import session
from doable.rest.auth_responses import CODES
from doable.rest.error_docs import ERRORS, FAULTS
from doable.rest.operation import OperationRoute, refused
from doable.rest.shapes import TASK
from openapi import Contract, contract_of, our_contract

CONTRACT = our_contract(secret=None)  # With the built-in accounts there is most to tell.
DOCUMENT = CONTRACT.document
OPERATIONS = [pytest.param(method, path, entry, id=f"{method} {path}") for method, path, entry in CONTRACT.operations()]
every_operation = pytest.mark.parametrize(("method", "path", "entry"), OPERATIONS)


def examples(content: dict[str, Any]) -> list[Any]:
    several = [example["value"] for example in content.get("examples", {}).values()]
    return [*several, content["example"]] if "example" in content else several


def nodes(node: Any) -> Iterator[Any]:
    """The node, and all that stands in it."""
    yield node
    for inner in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from nodes(inner)


def test_an_example_of_a_refusal_must_be_refused() -> None:
    assert str(refused(validation.task_id, "x")) == "Invalid task ID"
    with pytest.raises(ValueError, match="nothing here is refused"):
        refused(validation.task_id, "1")


def test_every_route_is_in_the_document(app) -> None:  # noqa: ANN001
    routes = [*iter_route_contexts(app.routes)]
    operations = [route for route in routes if isinstance(route.original_route, OperationRoute)]
    told = {(method, path) for method, path, _ in contract_of(app).operations()}
    assert {(method, route.path) for route in operations for method in route.methods} == told
    others = {route.path for route in routes if route not in operations}
    assert all(path == "/openapi.json" or path.startswith("/docs") for path in others)


def test_the_document_says_who_made_it_and_where_it_is() -> None:
    assert DOCUMENT["openapi"].startswith("3.1")
    assert DOCUMENT["info"]["license"]["identifier"] == "Apache-2.0"
    assert DOCUMENT["servers"] == [{"url": "/", "description": "This service."}]
    assert DOCUMENT["components"]["securitySchemes"]["bearer"]["scheme"] == "bearer"


def test_what_the_generator_of_the_framework_drops_is_there() -> None:
    answers = DOCUMENT["paths"]["/api/{user_id}/tasks"]["get"]["responses"]
    assert answers["200"]["content"]["application/json"]["example"] == [TASK]
    assert None in TASK.values()
    assert answers["200"]["content"]["application/json"]["schema"].keys() == {"type", "items"}
    assert not [node for node in nodes(DOCUMENT) if isinstance(node, float)]


def test_operation_ids_are_unique_and_every_tag_is_explained() -> None:
    entries = [entry for _, _, entry in CONTRACT.operations()]
    assert max(Counter(entry["operationId"] for entry in entries).values()) == 1
    explained = [tag["name"] for tag in DOCUMENT["tags"]]
    assert {tag for entry in entries for tag in entry["tags"]} == set(explained)
    assert all(tag["description"] for tag in DOCUMENT["tags"])


def test_the_codes_are_those_that_are_explained() -> None:
    schemas = DOCUMENT["components"]["schemas"]
    assert schemas["ErrorCode"]["enum"] == [*ERRORS]
    assert schemas["FaultCode"]["enum"] == [*FAULTS]
    assert schemas["Problem"]["properties"]["code"] == {"$ref": "#/components/schemas/ErrorCode"}
    assert schemas["FieldFault"]["properties"]["code"] == {"$ref": "#/components/schemas/FaultCode"}


def test_the_data_of_the_events_in_the_example_are_changes() -> None:
    answers = DOCUMENT["paths"]["/api/{user_id}/events"]["get"]["responses"]
    stream = answers["200"]["content"]["text/event-stream"]
    block = next(one for one in stream["example"].split("\n\n") if "data: " in one)
    schema = stream["schema"]["contentSchema"]["items"]["properties"]
    assert block.split("\n")[0] == f"event: {schema['event']['const']}"
    change = json.loads(block.partition("data: ")[2])
    validator = CONTRACT.validator(schema["data"]["contentSchema"])
    validator.validate(change)
    for other in ({"type": "comment"}, {"kind": "exploded"}, {"id": "user-a"}, {"untold": 1}):
        assert not validator.is_valid(change | other)


@every_operation
def test_an_operation_says_what_it_does_and_who_may(method: str, path: str, entry: dict[str, Any]) -> None:
    assert entry["operationId"].isalnum()
    assert entry["summary"]
    assert not entry["summary"].endswith(".")
    assert "security" in entry, f"{method} {path} says nothing of credentials"
    assert method in {"GET", "DELETE", "PATCH"} or "requestBody" in entry or "without a body" in entry["description"]


@every_operation
def test_every_answer_of_an_operation_has_a_schema_and_an_example_that_fits(
    method: str, path: str, entry: dict[str, Any]
) -> None:
    assert {"500", "503"} <= set(entry["responses"]), f"{method} {path}"
    for status, answer in entry["responses"].items():
        assert answer["description"]
        if status in {"204", "304"}:
            assert "content" not in answer
            continue
        for media_type, content in answer["content"].items():
            assert examples(content), f"{status} of {method} {path} has no example"
            assert media_type == "application/problem+json" or status < "400"
            if media_type.endswith("json"):
                for example in examples(content):
                    CONTRACT.validator(content["schema"]).validate(example)
                    # A problem may have more (RFC 9457 §3.2), but those that ours have are told.
                    assert status < "400" or set(example) <= CONTRACT.members_of(content["schema"])


@every_operation
def test_what_needs_a_credential_says_what_happens_without(method: str, path: str, entry: dict[str, Any]) -> None:
    if not entry["security"] or {} in entry["security"]:
        return
    is_session = entry["security"] == session.REQUIRED
    assert is_session or "403" in entry["responses"], f"{method} {path}"
    refusals = entry["responses"]["401"]
    code = CODES[Unauthenticated.code] if is_session else Unauthenticated.code
    assert code in refusals["content"]["application/problem+json"]["examples"]
    assert "Www-Authenticate" in refusals["headers"]


@every_operation
def test_what_an_operation_takes_is_described_with_an_example(method: str, path: str, entry: dict[str, Any]) -> None:
    in_path = [parameter["name"] for parameter in entry.get("parameters", []) if parameter["in"] == "path"]
    assert [f"{{{name}}}" for name in in_path] == [part for part in path.split("/") if part.startswith("{")]
    for parameter in entry.get("parameters", []):
        assert parameter["schema"]
        assert parameter["in"] == "path" or parameter["description"], f"{parameter['name']} of {method} {path}"
        if "example" in parameter:
            CONTRACT.validator(parameter["schema"]).validate(parameter["example"])
            # The viewer fills it in, and sends it each time; one that may be left out would change what happens.
            assert parameter["required"], f"{parameter['name']} of {method} {path} has an example"
    for content in entry.get("requestBody", {}).get("content", {}).values():
        assert examples(content)
        for example in examples(content):
            CONTRACT.validator(content["schema"]).validate(example)


async def test_what_the_viewer_fills_in_can_be_sent_twice(alice: httpx.AsyncClient) -> None:
    writes = [
        (method, path, entry)
        for method, path, entry in CONTRACT.operations()
        if entry["tags"] == ["tasks"] and method in {"POST", "PUT", "PATCH"}
    ]
    assert len(writes) == 9
    task = (await alice.post("/api/me/tasks", json={"title": "Buy groceries"})).json()
    for method, path, entry in writes * 2:
        prefilled = [one for one in entry["parameters"] if "example" in one]
        path_words = {one["name"]: one["example"] for one in prefilled} | {"id": task["id"]}
        headers = {one["name"]: one["example"] for one in prefilled if one["in"] == "header"}
        body = next((content["example"] for content in entry.get("requestBody", {}).get("content", {}).values()), None)
        answer = await alice.request(method, path.format(**path_words), headers=headers, json=body)
        assert answer.is_success, answer.text


@pytest.mark.parametrize("contract", [CONTRACT, our_contract()], ids=["with accounts", "without"])
def test_every_component_is_used(contract: Contract) -> None:
    document = contract.document
    text = repr(document)
    unused = {name for name in document["components"]["schemas"] if f"#/components/schemas/{name}'" not in text}
    assert unused == set()
    used = {name for _, _, entry in contract.operations() for way in entry["security"] for name in way}
    assert used == set(document["components"]["securitySchemes"])
