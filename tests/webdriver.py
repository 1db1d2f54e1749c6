"""A browser that speaks WebDriver (W3C): what WebKitGTK has."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from processes import eventually, free_port

ENTER = "\ue007"
ELEMENT = "element-6066-11e4-a52e-4f735466cecf"  # WebDriver §12.1


class Browser:
    def __init__(self, driver: httpx.Client) -> None:
        self._driver = driver
        program = next(Path("/usr/lib").glob("*/webkit2gtk-4.*/MiniBrowser"))
        options = {"binary": str(program), "args": ["--automation"]}
        session = self._call("POST", "/session", capabilities={"alwaysMatch": {"webkitgtk:browserOptions": options}})
        self._path = f"/session/{session['sessionId']}"

    def open(self, url: str) -> None:
        self._call("POST", f"{self._path}/url", url=url)

    def run(self, script: str, *given: object) -> object:
        """What a script in the page returns."""
        found: object = self._call("POST", f"{self._path}/execute/sync", script=script, args=given)
        return found

    def find(self, selector: str) -> str:
        """The first element, when there is one."""
        eventually(lambda: self.run("return document.querySelector(arguments[0]) !== null", selector) is True)
        return str(self._call("POST", f"{self._path}/element", using="css selector", value=selector)[ELEMENT])

    def click(self, selector: str) -> None:
        self._call("POST", f"{self._path}/element/{self.find(selector)}/click")

    def type(self, selector: str, text: str) -> None:
        self._call("POST", f"{self._path}/element/{self.find(selector)}/value", text=text)

    def close(self) -> None:
        self._call("DELETE", self._path)

    def _call(self, method: str, path: str, **body: object) -> dict[str, str]:
        answer = self._driver.request(method, path, json=body if method == "POST" else None)
        assert answer.is_success, answer.text
        value: dict[str, str] = answer.json()["value"]
        return value


@contextmanager
def webkit() -> Iterator[Browser]:
    """WebKitGTK's own small browser, on a screen that no one sees."""
    with started("Xvfb", "-displayfd", "1", "-screen", "0", "1280x800x24", "-nolisten", "tcp") as screen:
        assert screen.stdout is not None
        number = screen.stdout.readline().strip()
        port = free_port()
        shown = {"DISPLAY": f":{number}", "LIBGL_ALWAYS_SOFTWARE": "1"}
        with (
            started("WebKitWebDriver", f"--port={port}", "--host=127.0.0.1", **shown),
            httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60) as driver,
        ):
            eventually(lambda: answers(driver))
            browser = Browser(driver)
            try:
                yield browser
            finally:
                browser.close()


@contextmanager
def started(*command: str, **variables: str) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        command,
        env=os.environ | variables,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.terminate()


def answers(driver: httpx.Client) -> bool:
    try:
        return driver.get("/status").is_success
    except httpx.TransportError:
        return False
