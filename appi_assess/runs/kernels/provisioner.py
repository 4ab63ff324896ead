"""
The Jupyter kernel provisioner ``appi-assess-fork``: kernels forked from a warm process.

Where that is not possible (not Linux, another interpreter, the warm process does not start) an
ordinary kernel is launched; notebooks give the same result in both.
"""

from __future__ import annotations

import asyncio
import atexit
import os
import select
import signal
import socket
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from threading import Lock
from typing import Any
from weakref import WeakSet

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.provisioning.local_provisioner import LocalProvisioner
from traitlets import Bool

from appi_assess.resources import notebooks, templates

from .template import receive, send

NAME = "appi-assess-fork"
_PACKAGE = Path(__file__).parents[2]
_START = (
    "import sys; sys.path.append(sys.argv[3]); "
    "from appi_assess.runs.kernels.template import main; main(int(sys.argv[1]), sys.argv[2])"
)
# Several threads per kernel would only get in one another's way; a thread in the template forbids a fork.
_SINGLE = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS")

_PATIENCE, _ENDING = 60.0, 5.0  # seconds for a template to start or to fork, and to end; then it is killed


class ForkProvisioner(LocalProvisioner):
    """
    Launches kernels by forking the template of this process.

    Attributes:
        ended: Whether ``kill_all`` has ended its kernel.
    """

    warm = Bool(default_value=True, help="Fork, where the system can.")
    ended = False

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        """
        Fork a kernel, or launch an ordinary one.

        Args:
            cmd: The command of the kernelspec; only ``python -m ipykernel_launcher`` can be forked.
            kwargs: As for ``LocalProvisioner``; ``env`` and ``cwd`` are used.
        """
        _started.add(self)
        arguments = _arguments(cmd)
        if self.warm and arguments is not None:
            env = dict(kwargs.get("env") or os.environ)
            cwd = str(kwargs.get("cwd") or Path.cwd())
            forked = await asyncio.to_thread(fork_kernel, arguments, env, cwd)
            if forked:
                self.process, self.pid, self.pgid = forked, forked.pid, None  # type: ignore[assignment]
                return self.connection_info
        return await super().launch_kernel(cmd, **kwargs)


_started: WeakSet[ForkProvisioner] = WeakSet()


def kill_all() -> None:
    """
    End every kernel that this process has started; whoever waits for one learns that it died.
    """
    for provisioner in list(_started):
        provisioner.ended = True
        process = provisioner.process
        if process is not None:
            with suppress(OSError):
                process.kill()


def _arguments(cmd: list[str]) -> list[str] | None:
    """
    What follows ``ipykernel_launcher`` in a command of this interpreter; None for any other command.
    """
    if os.path.realpath(cmd[0]) != os.path.realpath(sys.executable) or "ipykernel_launcher" not in cmd:
        return None
    return cmd[cmd.index("ipykernel_launcher") + 1 :]


class Forked:
    """
    A forked kernel, with the part of ``subprocess.Popen`` that provisioners use.

    It is held by a process descriptor, so that no other process that gets its number is ever meant.
    """

    stdin = stdout = stderr = None

    def __init__(self, pid: int, descriptor: int) -> None:
        self.pid, self._descriptor, self._lock = pid, descriptor, Lock()
        self.returncode: int | None = None

    def poll(self) -> int | None:
        """
        None while it runs.
        """
        with self._lock:
            if self.returncode is None and select.select([self._descriptor], [], [], 0)[0]:
                self._gone()
        return self.returncode

    def _gone(self) -> None:
        self.returncode = 0  # how it ended is known to its parent only
        os.close(self._descriptor)

    def wait(self, timeout: float | None = None) -> int | None:
        """
        Wait for its end.
        """
        if self.returncode is None:
            select.select([self._descriptor], [], [], timeout)
        return self.poll()

    def send_signal(self, signum: int) -> None:
        """
        Signal the kernel and what it has started.
        """
        if self.poll() is not None:
            return
        with self._lock:
            if self.returncode is None:
                with suppress(ProcessLookupError):
                    os.killpg(self.pid, signum)
                if signum == signal.SIGKILL:
                    self._gone()  # it runs no more; that its memory is freed need not be waited for

    def kill(self) -> None:
        """
        End it at once.
        """
        self.send_signal(signal.SIGKILL)

    def terminate(self) -> None:
        """
        Ask it to end.
        """
        self.send_signal(signal.SIGTERM)


class _Template:
    """
    The warm process of this process, and the way to talk to it.
    """

    def __init__(self) -> None:
        self.owner, self.version = os.getpid(), version()
        self._channel, theirs = socket.socketpair()
        self._channel.settimeout(_PATIENCE)
        with theirs:
            self.process = subprocess.Popen(  # noqa: S603 - our own interpreter
                [
                    sys.executable,
                    "-P",
                    "-c",
                    _START,
                    str(theirs.fileno()),
                    str(_PACKAGE),
                    str(_PACKAGE.parent),
                ],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env=os.environ | dict.fromkeys(_SINGLE, "1"),
                cwd=os.sep,
                start_new_session=True,  # Ctrl-C is for the owner, which ends the kernels in order
            )
        atexit.register(self.close)
        try:
            self.threads: int = receive(self._channel)[0]["threads"]
        except (OSError, EOFError):
            self.close()
            raise
        self.kernels: WeakSet[Forked] = WeakSet()

    def fork(self, argv: list[str], env: dict[str, str], cwd: str) -> Forked:
        send(self._channel, {"argv": argv, "env": env | dict.fromkeys(_SINGLE, "1"), "cwd": cwd})
        answer, descriptors = receive(self._channel)
        kernel = Forked(answer["pid"], descriptors[0])
        self.kernels.add(kernel)
        return kernel

    def is_idle(self) -> bool:
        """
        Whether none of its kernels runs; they would end with it.
        """
        return all(kernel.returncode is not None for kernel in list(self.kernels))  # told by who waits for it

    def close(self) -> None:
        atexit.unregister(self.close)
        if self.owner == os.getpid():
            self._channel.close()
            try:
                self.process.wait(_ENDING)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()


class _Current:
    """
    The template of this process, those of earlier versions whose kernels still run, and the version for
    which none can be started.
    """

    def __init__(self) -> None:
        self.template: _Template | None = None
        self.former: list[_Template] = []
        self.broken: str | None = None
        self.lock = Lock()

    def fork(self, argv: list[str], env: dict[str, str], cwd: str) -> Forked | None:
        with self.lock:
            now = version()
            if now == self.broken:
                return None
            self._end_former()
            if self.template and (self.template.owner != os.getpid() or self.template.version != now):
                self.former.append(self.template)
                self.template = None
                self._end_former()
            for _ in range(2):  # a template that was killed is started anew once
                try:
                    self.template = self.template or _Template()
                    if self.template.threads > 1:
                        break
                    return self.template.fork(argv, env, cwd)
                except (OSError, EOFError):
                    self._drop()
            self.broken = now
            return None

    def _end_former(self) -> None:
        """
        End the templates of earlier versions, or of the process that this one was forked from, once none
        of their kernels needs them.
        """
        ended = [t for t in self.former if t.owner != os.getpid() or t.is_idle()]
        self.former = [t for t in self.former if t not in ended]
        for template in ended:
            template.close()

    def _drop(self) -> None:
        if self.template:
            self.template.close()
        self.template = None


_current = _Current()


def fork_kernel(argv: list[str], env: dict[str, str], cwd: str) -> Forked | None:
    """
    A kernel forked from the template, which is started first if there is none for today's package.

    Args:
        argv: Arguments of the kernel.
        env: Its whole environment.
        cwd: Its working directory.

    Returns:
        The process, or None if none can be forked here.
    """
    if not hasattr(os, "pidfd_open") or not sys.platform.startswith("linux"):
        return None
    return _current.fork(argv, env, cwd)


def version() -> str:
    """
    What tells one state of the installed package, its data and libraries from another.
    """
    folders = (_PACKAGE, notebooks(), templates())
    places = [Path(entry) for entry in sys.path if entry.endswith("-packages")]
    return str([_latest(folder) for folder in folders] + [_changed(p) for p in places])


def _latest(folder: Path) -> tuple[int, int]:
    changed = [
        _changed(os.path.join(root, name))  # noqa: PTH118 - asked before each kernel, for every file
        for root, _, names in os.walk(folder)
        if not root.endswith("__pycache__")
        for name in names
        if not name.endswith(".pyc")
    ]
    return max(changed, default=0), len(changed)


def _changed(path: str | Path) -> int:
    try:
        return os.stat(path).st_mtime_ns  # noqa: PTH116
    except OSError:
        return 0  # not there, and the same at each look
