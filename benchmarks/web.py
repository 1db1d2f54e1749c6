"""Hold the web app against its budgets: a real Chromium with a quarter of the CPU, 150 ms and 1.6 Mbit/s."""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from statistics import median, quantiles
from typing import Any, Final

import click
import web_size
from budgets import Budget, are_kept
from playwright.sync_api import Browser, BrowserContext, CDPSession, Page, sync_playwright
from web_service import call, launched, serving, sign_up

SLOW_CPU: Final = 4
NETWORK: Final = {"offline": False, "latency": 150, "downloadThroughput": 200_000, "uploadThroughput": 200_000}
TASKS: Final = 10_000
OF_TODAY: Final = 40
BATCH: Final = 500
# Move, select and deselect, change, complete, open and close a task.
KEYS: Final = ("j", "j", "k", "x", "x", "1", "e", "Enter", "Escape")
CYCLES: Final = 10
PAUSE: Final = 150  # milliseconds between two acts
CATEGORIES: Final = ("performance", "accessibility", "best-practices", "seo")
ROUNDS: Final = 3
PATIENCE: Final = 60_000  # milliseconds
# The duration of an event is the time from the key or click to the next paint. The browser reports those from 16 ms.
WATCH: Final = """
globalThis.durations = [];
new PerformanceObserver((list) => list.getEntries().forEach(({ name, duration }) => {
  if (name === "keydown" || name === "click") durations.push(duration);
})).observe({ type: "event", durationThreshold: 16 });
"""
# Resolves with the seconds since the navigation began, when the view has this many tasks.
ARRIVED: Final = """(count) => new Promise((resolve) => {
  const look = () => document.querySelectorAll("main li input[type=checkbox]").length === count
    ? resolve(performance.now() / 1000) : requestAnimationFrame(look);
  look();
})"""

# The same for a screen that is full of tasks, or shows all of them.
FILLED: Final = """(count) => new Promise((resolve) => {
  const look = () => {
    const rows = [...document.querySelectorAll("main li:has(input[type=checkbox])")];
    const isFull = rows.length === count || rows.at(-1)?.getBoundingClientRect().bottom > innerHeight;
    if (isFull) resolve(performance.now() / 1000);
    else requestAnimationFrame(look);
  };
  look();
})"""


@click.command(help=__doc__)
@click.option(
    "--lighthouse",
    help="Also measure with this package of Lighthouse, as lighthouse@12.8.2.",
)
@click.option("--tasks", default=TASKS, show_default=True, help="How many tasks the person has.")
def main(lighthouse: str | None, tasks: int) -> None:
    with serving() as url, sync_playwright() as playwright:
        browser = launched(playwright)
        size = Budget("KB of JavaScript of the first view, gzipped", web_size.first_view(), web_size.LIMIT)
        found = [size, *cold(browser, url), *many(browser, url, tasks)]
        if lighthouse:
            found += scores(lighthouse, url, cookie_of(browser, url))
        browser.close()
    for budget in found:
        print(budget)
    if not are_kept(found):
        sys.exit(1)


def slow(page: Page) -> CDPSession:
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", NETWORK)
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOW_CPU})
    return session


def seconds(page: Page) -> float:
    """Since the navigation began."""
    return float(page.evaluate("performance.now() / 1000"))


def cold(browser: Browser, url: str) -> Iterator[Budget]:
    context = browser.new_context(base_url=url)
    page = context.new_page()
    slow(page)
    page.goto("/sign-in", wait_until="commit")
    field = page.get_by_label("Email")
    field.press_sequentially("a")
    yield Budget("s until the sign-in form takes input, cold", seconds(page), 2.5)
    context.close()


def many(browser: Browser, url: str, tasks: int) -> Iterator[Budget]:
    """With thousands of tasks."""
    context = browser.new_context(base_url=url, viewport={"width": 1280, "height": 800})
    sign_up(context, "Grace")
    fill(context, tasks)
    page = context.new_page()
    page.add_init_script(WATCH)
    session = slow(page)
    page.goto("/today", wait_until="commit")
    arrived = float(page.evaluate(ARRIVED, OF_TODAY))
    yield Budget(f"s until Today is right, with {tasks} tasks and an empty copy", arrived, 5)
    inbox = page.get_by_role("navigation").get_by_role("link", name="Inbox")
    inbox.filter(has_text=re.compile(rf"\D{tasks}\b")).wait_for(timeout=PATIENCE)
    yield Budget("s until all of them are there", seconds(page), 20)
    page.evaluate("navigator.serviceWorker.ready.then(() => undefined)")
    page.reload(wait_until="commit")
    yield Budget("s until the screen is full of Today, warm", float(page.evaluate(FILLED, OF_TODAY)), 0.5)
    yield from latency(page)
    session.send("HeapProfiler.collectGarbage")
    heap = session.send("Runtime.getHeapUsage")["usedSize"]
    yield Budget("MB of JavaScript heap", heap / 1_000_000, 80)
    context.close()


def fill(context: BrowserContext, tasks: int) -> None:
    today = f"{datetime.now(UTC):%Y-%m-%d}"
    for start in range(0, tasks, BATCH):
        numbers = range(start, min(start + BATCH, tasks))
        due = [{"due": {"date": today}} if number < OF_TODAY else {} for number in numbers]
        made = [
            {"op": "create", "task": {"title": f"Task {number} of many", **one}}
            for number, one in zip(numbers, due, strict=True)
        ]
        call(context, "POST", "/batch", {"operations": made})


def latency(page: Page) -> Iterator[Budget]:
    """In the list of all tasks; what it shows is loaded before."""
    links = page.get_by_role("navigation")
    inbox, today = (links.get_by_role("link", name=name) for name in ("Inbox", "Today"))
    inbox.click()
    page.get_by_role("checkbox").first.wait_for()
    page.wait_for_timeout(2000)
    _press(page, KEYS, pause=500)
    page.evaluate("durations.length = 0")
    for _ in range(CYCLES):
        _press(page, KEYS, pause=PAUSE)
    yield _slowest(page, "a key", CYCLES * len(KEYS))
    for _ in range(CYCLES):
        for link in (today, inbox):
            link.click()
            page.wait_for_timeout(500)
    yield _slowest(page, "a click on another view", CYCLES * 2)


def _press(page: Page, keys: Sequence[str], *, pause: int) -> None:
    for key in keys:
        page.keyboard.press(key)
        page.wait_for_timeout(pause)


def _slowest(page: Page, what: str, count: int) -> Budget:
    page.wait_for_timeout(500)
    slower = page.evaluate("durations.splice(0)")
    p95 = quantiles([*slower, *[16.0] * (count - len(slower))], n=20)[-1]
    return Budget(f"ms from {what} to the paint, p95 of {count}", p95, 50)


def cookie_of(browser: Browser, url: str) -> str:
    """What a signed-in person's browser sends."""
    context = browser.new_context(base_url=url)
    sign_up(context, "Ada")
    fill(context, OF_TODAY)
    cookies = "; ".join(f"{cookie['name']}={cookie['value']}" for cookie in context.cookies())
    context.close()
    return cookies


def scores(package: str, url: str, cookie: str) -> Iterator[Budget]:
    """Those of Lighthouse, in the middle of three rounds."""
    for state, path, headers in (("out", "/sign-in", {}), ("in", "/today", {"Cookie": cookie})):
        rounds = [_lighthouse(package, url + path, headers) for _ in range(ROUNDS)]
        for category in CATEGORIES:
            value = median(100 * found[category]["score"] for found in rounds)
            yield Budget(f"of 100 points for {category} in Lighthouse, signed {state}", value, 95, at_least=True)


def _lighthouse(package: str, url: str, headers: Mapping[str, str]) -> Mapping[str, Any]:
    """The categories of one round."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "report.json"
        command: Sequence[str] = [
            *("npx", "--yes", package, url, "--quiet", "--output=json", f"--output-path={file}"),
            f"--extra-headers={json.dumps(headers)}",
            "--chrome-flags=--headless=new --no-sandbox",
        ]
        environment = os.environ | {"CHROME_PATH": shutil.which("chromium") or ""}
        subprocess.run(command, check=True, env=environment, timeout=180)
        report = json.loads(file.read_text())
    if error := report.get("runtimeError"):
        raise RuntimeError(error["message"])
    found: Mapping[str, Any] = report["categories"]
    return found


if __name__ == "__main__":
    main()
