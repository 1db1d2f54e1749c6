import json

from commands import Doable


def test_the_document_needs_no_database(doable: Doable) -> None:
    printed = doable("openapi", DATABASE_URL="postgresql://127.0.0.1:1/x")
    assert printed.exit_code == 0
    document = json.loads(printed.stdout)
    assert document["openapi"].startswith("3.1")
    assert "/api/{user_id}/tasks" in document["paths"]
