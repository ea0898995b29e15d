"""Headless Chromium driven over its DevTools protocol through a pair of pipes."""

from __future__ import annotations

import fcntl
import json
import os
import select
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

# Chromium reads commands from descriptor 3 and answers on 4 (--remote-debugging-pipe).
_TAKE_PIPES = """
import os, sys
os.dup2(int(sys.argv[1]), 3)
os.dup2(int(sys.argv[2]), 4)
os.execvp(sys.argv[3], sys.argv[3:])
"""
_PATIENCE = 60  # seconds without an answer


def browse(page: Path, script: str, *, width: int = 1440, height: int = 900, dark: bool = False) -> str:
    """Load a page in headless Chromium, run a script in it, and return its result as text.

    Args:
        page: the page, an HTML file.
        script: body of an asynchronous JavaScript function.
        width: width of the page in CSS pixels.
        height: height of the page in CSS pixels.
        dark: whether the system asks for the dark colour scheme.

    Returns:
        What the function returned, as text.

    Raises:
        AssertionError: the page or the script threw an error or wrote to the console.
    """
    with _chromium() as browser:
        target = browser.call("Target.createTarget", url="about:blank")["targetId"]
        browser.session = browser.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        screen = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 500}
        browser.call("Emulation.setDeviceMetricsOverride", **screen)
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        browser.call("Emulation.setEmulatedMedia", features=[scheme])
        browser.call("Page.enable")
        browser.call("Runtime.enable")
        browser.call("Page.navigate", url=page.as_uri())
        browser.wait_for("Page.loadEventFired")
        answer = browser.call(
            "Runtime.evaluate",
            expression=f"(async () => {{ {script} }})()",
            awaitPromise=True,
            returnByValue=True,
        )
        troubles = ("Runtime.exceptionThrown", "Runtime.consoleAPICalled")
        seen = [event for event in browser.events if event["method"] in troubles]
        if seen or "exceptionDetails" in answer:
            raise AssertionError(f"errors in the page: {seen} {answer.get('exceptionDetails')}")
        return str(answer["result"].get("value"))


class _Browser:
    """A running browser: commands go out, answers and events come in, as JSON messages that end with a NUL byte."""

    def __init__(self, commands: int, answers: int) -> None:
        self._commands = os.fdopen(commands, "wb", buffering=0)
        self._answers = os.fdopen(answers, "rb", buffering=0)
        self._rest = b""
        self._last = 0
        self.session: str | None = None
        self.events: list[dict[str, Any]] = []

    def call(self, method: str, **parameters: Any) -> dict[str, Any]:  # noqa: ANN401 - the protocol's own types
        """Send a command and return its result."""
        self._last += 1
        message: dict[str, Any] = {"id": self._last, "method": method, "params": parameters}
        if self.session:
            message["sessionId"] = self.session
        self._commands.write(json.dumps(message).encode() + b"\0")
        while True:
            answer = self._read()
            if answer.get("id") == self._last:
                assert "error" not in answer, answer
                return dict(answer["result"])

    def wait_for(self, method: str) -> None:
        """Read until an event has arrived."""
        while not any(event["method"] == method for event in self.events):
            self._read()

    def close(self) -> None:
        """Close the pipes, which ends the browser."""
        self._commands.close()
        self._answers.close()

    def _read(self) -> dict[str, Any]:
        while b"\0" not in self._rest:
            ready, _, _ = select.select([self._answers], [], [], _PATIENCE)
            more = self._answers.read(65536) if ready else b""
            assert more, "Chromium ended early or hangs"
            self._rest += more
        message, self._rest = self._rest.split(b"\0", 1)
        found: dict[str, Any] = json.loads(message)
        if "method" in found:
            self.events.append(found)
        return found


@contextmanager
def _chromium() -> Iterator[_Browser]:
    found = map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))
    program = next(filter(None, found), None)
    if program is None:
        pytest.skip("headless Chromium is not installed")
    command_end, commands = os.pipe()
    answers, answer_end = os.pipe()
    # Above 9, so that taking descriptors 3 and 4 overwrites neither.
    ends = [fcntl.fcntl(end, fcntl.F_DUPFD, 10) for end in (command_end, answer_end)]
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        flags = ["--headless=new", "--no-sandbox", "--disable-gpu", "--remote-debugging-pipe"]
        flags.append(f"--user-data-dir={profile}")
        process = subprocess.Popen(
            [
                sys.executable,
                "-c",
                _TAKE_PIPES,
                *map(str, ends),
                program,
                *flags,
                f"--user-data-dir={profile}",
            ],
            pass_fds=ends,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for end in (command_end, answer_end, *ends):
            os.close(end)
        browser = _Browser(commands, answers)
        try:
            yield browser
        finally:
            browser.close()
            try:
                process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
