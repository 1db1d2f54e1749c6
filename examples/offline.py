"""A client that works offline. It keeps a copy of everything and a queue of pending writes (docs/sync.md)."""

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
        self._state = json.loads(file.read_text()) if file.exists() else {"copy": {}, "cursor": "", "queue": []}

    def tasks(self) -> list[dict]:
        return self.objects("tasks")

    def objects(self, kind: str) -> list[dict]:
        """The copy of all `tasks`, `lists`, `labels` or `filters`, with the pending writes applied.

        An object that was not created yet has its key as its id.
        """
        objects = dict(self._state["copy"].get(kind, {}))
        for write in self._state["queue"]:
            of, id, action = f"{write['path']}//".split("/")[1:4]
            if of != kind or action == "move":  # The service knows the new order.
                continue
            if write["method"] == "POST":
                new = {"status": "incomplete"} if kind == "tasks" else {}
                objects[write["key"]] = {"id": write["key"], **new, **write["body"]}
            elif write["method"] == "DELETE":
                objects.pop(id, None)
            elif id in objects:
                objects[id] = {**objects[id], **({"status": action} if action else write["body"])}
        return list(objects.values())

    def write(self, method: str, path: str, body: dict | None = None) -> str:
        """Queue a write for the next sync, such as `write("POST", "/tasks", {"title": "Milk"})`. Returns its key.

        The key is also the `uid` of what a write creates, so that it is created once, whenever the write is repeated.
        """
        key = str(uuid.uuid4())
        if method == "POST" and path in {"/tasks", "/lists", "/labels", "/filters"}:
            body = {"uid": key, **(body or {})}
        self._state["queue"].append({"key": key, "method": method, "path": path, "body": body})
        self._save()
        return key

    def sync(self) -> list[str]:
        """Send the queue, then fetch the changes. Returns the errors of rejected writes. On OSError, retry later."""
        refused, queue = [], self._state["queue"]
        while queue:
            key = queue[0]["key"]
            status, result = self._request(queue[0]["method"], queue[0]["path"], queue[0]["body"], key)
            if status >= 400:
                refused.append(result["error"])
            for later in queue:  # Later writes use the id of the created object.
                later["path"] = later["path"].replace(key, str(result.get("id")))
                later["body"] = json.loads(json.dumps(later["body"]).replace(f'"{key}"', str(result.get("id"))))
            del queue[0]
            self._save()
        delta: dict = {"has_more": True}
        while delta["has_more"]:
            status, delta = self._request("GET", f"/sync?cursor={self._state['cursor']}".removesuffix("?cursor="))
            if status == 410:  # The cursor has expired: start again without a copy.
                self._state |= {"copy": {}, "cursor": ""}
                delta = {"has_more": True}
                continue
            for gone in delta["removed"]:
                self._state["copy"].get(f"{gone['type']}s", {}).pop(str(gone["id"]), None)
            for kind in ("tasks", "lists", "labels", "filters"):
                self._state["copy"].setdefault(kind, {}).update({str(one["id"]): one for one in delta[kind]})
            self._state["cursor"] = delta["cursor"]
            self._save()
        return refused

    def follow(self) -> Iterator[list[str]]:
        """Sync now, and again whenever something changes."""
        while True:
            try:
                yield self.sync()
                with self._open("GET", f"/events?cursor={self._state['cursor']}") as events:
                    for line in events:
                        if line.startswith(b"data:"):
                            yield self.sync()
            except OSError:
                time.sleep(1)

    def _request(self, method: str, path: str, body: dict | None = None, key: str | None = None) -> tuple[int, dict]:
        try:
            with self._open(method, path, body, key) as response:
                return response.status, json.loads(response.read() or "{}")
        except HTTPError as error:
            with error:
                if error.code in {401, 403, 408, 409, 429} or error.code >= 500:
                    raise  # The write may still succeed later, so it stays in the queue.
                return error.code, json.loads(error.read())

    def _open(self, method: str, path: str, body: dict | None = None, key: str | None = None) -> HTTPResponse:
        headers = {"Authorization": f"Bearer {self._token}", "Content-Type": "application/json"}
        if key:
            headers["Idempotency-Key"] = f'"{key}"'
        content = json.dumps(body).encode() if body is not None else None
        return urlopen(Request(self._url + path, content, headers, method=method), timeout=60)

    def _save(self) -> None:
        """Save the copy, its cursor and the queue in one step, because they belong together."""
        new = self._file.with_suffix(".new")
        new.write_text(json.dumps(self._state))
        new.replace(self._file)
