"""
Running a Jupyter server for one user of this machine: loopback only, private folder, clean end.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from appi_assess.problems import InputProblems, Problem

HOST = "127.0.0.1"
_PORTS_TRIED = 50
_STOP_WITHIN = 10  # seconds
_POLICY = (  # of the browser: nothing is loaded from elsewhere, whatever a page asks for
    "default-src 'self' data: blob:",
    "script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:",
    "style-src 'self' 'unsafe-inline'",
    f"connect-src 'self' data: blob: ws://{HOST}:*",
    "frame-ancestors 'self'",
    "form-action 'self'",
    "base-uri 'self'",
)
HEADERS = {"Content-Security-Policy": "; ".join(_POLICY)}
KERNELS = {"transport_encryption": "auto"}  # between server and kernel, where both can


def free_port(wanted: int, lang: str) -> int:
    """
    The first port from ``wanted`` on at which nobody listens.

    Raises:
        InputProblems: If all that are tried are taken.
    """
    end = min(wanted + _PORTS_TRIED, 65536)
    for port in range(wanted, end):
        with socket.socket() as probe:
            if os.name == "posix":
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, port))
            except OSError:
                continue
            return port
    words = {"first": wanted, "last": end - 1}
    raise InputProblems([Problem("port_taken", key="--port", words=words)], lang)


def run_server(
    command: Sequence[str],
    environment: Mapping[str, str],
    private: Path,
    when: tuple[int, Callable[[], None]] | None = None,
) -> int:
    """
    Run a server until it ends by itself or is asked to stop; to be stopped is no error.

    Args:
        command: Its arguments.
        environment: Its environment.
        private: The folder it is started in. Jupyter believes the configuration files there, so it
            is never one of a client.
        when: A port, and what to do once somebody answers there.

    Returns:
        The exit status.
    """
    process = subprocess.Popen(command, env=dict(environment), cwd=private)  # noqa: S603 - our own
    before = signal.signal(signal.SIGTERM, lambda *_: process.terminate())
    try:
        if when:
            port, ready = when
            while process.poll() is None and not _answers(port):
                time.sleep(0.1)
            if process.poll() is None:
                ready()
        return process.wait()
    except KeyboardInterrupt:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # once is enough
        return _stopped(process)
    finally:
        signal.signal(signal.SIGTERM, before)


def _stopped(process: subprocess.Popen[bytes]) -> int:
    """
    Let a server end that was interrupted along with us; if it does not, make it end.
    """
    for ask in (process.terminate, process.kill):
        try:
            process.wait(_STOP_WITHIN)
        except subprocess.TimeoutExpired:
            ask()
    process.wait()
    return 0


def _answers(port: int) -> bool:
    try:
        socket.create_connection((HOST, port), timeout=1).close()
    except OSError:
        return False
    return True
