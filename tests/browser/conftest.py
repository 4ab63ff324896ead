"""
What the browser tests share: a Chromium, servers of the kit, and the rule that nothing leaves.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from queue import Empty, Queue

import pytest
from playwright.sync_api import Browser, Page, Request, sync_playwright

_CHROMIUMS = ("chromium", "chromium-browser", "google-chrome")
_ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+/\S*token=\S+")
_OURS = ("http://127.0.0.1:", "data:", "blob:")
START_WITHIN = 90

Server = Callable[..., str]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A Chromium of this machine; CI has one and must not skip."""
    found = next(filter(None, map(shutil.which, _CHROMIUMS)), None)
    if found is None:
        reason = f"no browser found; looked for {', '.join(_CHROMIUMS)}"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=found, args=["--no-sandbox", "--disable-gpu"])
        yield opened
        opened.close()


@pytest.fixture
def elsewhere() -> Iterator[list[str]]:
    """Requests to other hosts; must be empty at the end of every test that opens a page."""
    found: list[str] = []
    yield found
    assert found == []


def open_notebook(page: Page, name: str, load: Callable[[], object]) -> None:
    """
    Load a page of JupyterLab, and wait until its notebook ``name`` is in front and has its kernel.

    Before, JupyterLab says "Idle" already, and Run All Cells does nothing.
    """
    sockets: list[str] = []
    page.on("websocket", lambda found: sockets.append(found.url))
    load()
    end = time.monotonic() + START_WITHIN
    while time.monotonic() < end:
        sessions = page.evaluate("async () => (await fetch('/api/sessions')).json()")
        ids = [s["kernel"]["id"] for s in sessions if s["path"].endswith(f"/{name}.ipynb")]
        if any(id_ in url for id_ in ids for url in sockets):
            break
        page.wait_for_timeout(200)
    else:
        pytest.fail(f"{name} has no kernel after {START_WITHIN} seconds")
    page.wait_for_selector(f".lm-DockPanel-tabBar .lm-mod-current:has-text('{name}')")


@pytest.fixture
def new_page(browser: Browser, elsewhere: list[str]) -> Iterator[Callable[[], Page]]:
    """Opens a page as a user of its own would: without the cookies of another."""
    contexts = []

    def opened() -> Page:
        context = browser.new_context(viewport={"width": 1280, "height": 900})
        contexts.append(context)

        def noted(request: Request) -> None:
            if not request.url.startswith(_OURS):
                elsewhere.append(request.url)

        context.on("request", noted)
        return context.new_page()

    yield opened
    for context in contexts:
        context.close()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Starts ``appi-assess lab`` or ``serve`` on a folder; its address with the token."""
    settings = tmp_path_factory.mktemp("jupyter")  # neither read nor change those of this user
    (settings / "jupyter_server_config.json").write_text(
        json.dumps({"ServerApp": {"allow_root": True}}), encoding="utf-8"
    )
    started = []

    def start(kind: str, folder: Path, *arguments: str) -> str:
        with socket.create_server(("127.0.0.1", 0)) as probe:
            port = probe.getsockname()[1]
        command = (
            sys.executable,
            "-m",
            "appi_assess",
            kind,
            str(folder),
            "--no-browser",
            "--port",
            str(port),
        )
        process = subprocess.Popen(
            [*command, *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            start_new_session=True,
            env={
                **os.environ,
                "PYTHONUTF8": "1",
                "PYTHONUNBUFFERED": "1",
                "JUPYTER_CONFIG_DIR": str(settings),
            },
        )
        started.append(process)
        return _address(process)

    yield start
    for process in started:
        _end(process)


def _address(process: subprocess.Popen[str]) -> str:
    """The address that a server prints; its output is read on, so that it never has to wait."""
    lines: Queue[str | None] = Queue()

    def read() -> None:
        assert process.stdout is not None
        with process.stdout as stdout:
            for line in stdout:
                lines.put(line)
        lines.put(None)

    reader = threading.Thread(target=read, name=f"reader-{process.pid}", daemon=True)
    reader.start()
    said = ""
    while True:
        try:
            line = lines.get(timeout=START_WITHIN)
        except Empty:
            line = None
        assert line is not None, f"the server did not start: {said}"
        said += line
        if found := _ADDRESS.search(line):
            return _listening(found[0])


def _listening(address: str) -> str:
    """The address, once somebody listens there: JupyterLab prints it a little before."""
    port = int(address.split("/")[2].split(":")[1])
    for _ in range(START_WITHIN * 10):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return address
    pytest.fail(f"nobody listens at {address}")


def _end(process: subprocess.Popen[str]) -> None:
    """Tell a server to stop; what is left of its own group of processes is ended."""
    process.terminate()
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(20)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    for thread in threading.enumerate():
        if thread.name == f"reader-{process.pid}":
            thread.join(20)
