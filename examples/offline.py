"""A client that works offline: a copy of the tasks, and a queue of writes that have not arrived yet (docs/sync.md)."""

import json
import time
import uuid
from collections.abc import Iterator
from http.client import HTTPResponse
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen


class Client:
    def __init__(self, url: str, token: str, file: Path) -> None:
        self._url, self._token, self._file = f"{url}/api/me", token, file
        self._state = json.loads(file.read_text()) if file.exists() else {"tasks": {}, "cursor": "", "queue": []}

    def tasks(self) -> list[dict]:
        """The copy, with what waits in the queue done to it; a task that was not sent yet has a key for an id."""
        tasks = dict(self._state["tasks"])
        for write in self._state["queue"]:
            id, status = f"{write['path']}//".split("/")[2:4]
            if write["method"] == "POST":
                tasks[write["key"]] = {"id": write["key"], "status": "incomplete", **write["body"]}
            elif write["method"] == "DELETE":
                tasks.pop(id, None)
            elif id in tasks:
                tasks[id] = {**tasks[id], **({"status": status} if status else write["body"])}
        return list(tasks.values())

    def write(self, method: str, path: str, body: dict | None = None) -> str:
        """Keep a write for the next sync, as in `write("POST", "/tasks", {"title": "Milk"})`; returns its key."""
        key = str(uuid.uuid4())
        self._state["queue"].append({"key": key, "method": method, "path": path, "body": body})
        self._save()
        return key

    def sync(self) -> list[str]:
        """Send what waits, then fetch what changed; returns what was refused for good. OSError: try again later."""
        refused, queue = [], self._state["queue"]
        while queue:
            key = queue[0]["key"]
            status, answer = self._ask(queue[0]["method"], queue[0]["path"], queue[0]["body"], key)
            if status >= 400:
                refused.append(answer["error"])
            for later in queue:  # What was created has an id now.
                later["path"] = later["path"].replace(key, str(answer.get("id")))
            del queue[0]
            self._save()
        delta: dict = {"has_more": True}
        while delta["has_more"]:
            status, delta = self._ask("GET", f"/sync?cursor={self._state['cursor']}".removesuffix("?cursor="))
            if status == 410:  # Away for too long: begin again, with nothing.
                self._state |= {"tasks": {}, "cursor": ""}
                delta = {"has_more": True}
                continue
            for gone in delta["removed"]:
                self._state["tasks"].pop(str(gone["id"]), None)
            self._state["tasks"] |= {str(task["id"]): task for task in delta["tasks"]}
            self._state["cursor"] = delta["cursor"]
            self._save()
        return refused

    def follow(self) -> Iterator[list[str]]:
        """Sync now, and whenever something changes."""
        while True:
            try:
                yield self.sync()
                with self._open("GET", f"/events?cursor={self._state['cursor']}") as events:
                    for line in events:
                        if line.startswith(b"data:"):
                            yield self.sync()
            except OSError:
                time.sleep(1)

    def _ask(self, method: str, path: str, body: dict | None = None, key: str | None = None) -> tuple[int, dict]:
        try:
            with self._open(method, path, body, key) as answer:
                return answer.status, json.loads(answer.read() or "{}")
        except HTTPError as error:
            with error:
                if error.code in {401, 403, 409, 429} or error.code >= 500:
                    raise  # It says nothing about the write, which stays in the queue.
                return error.code, json.loads(error.read())

    def _open(self, method: str, path: str, body: dict | None = None, key: str | None = None) -> HTTPResponse:
        headers = {"Authorization": f"Bearer {self._token}", "Content-Type": "application/json"}
        if key:
            headers["Idempotency-Key"] = f'"{key}"'
        content = json.dumps(body).encode() if body is not None else None
        return urlopen(Request(self._url + path, content, headers, method=method), timeout=60)

    def _save(self) -> None:
        """All of it or nothing: the copy, its cursor and the queue belong together."""
        new = self._file.with_suffix(".new")
        new.write_text(json.dumps(self._state))
        new.replace(self._file)
