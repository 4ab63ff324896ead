"""
The warm process from which kernels are forked: everything imported, nothing started.

It starts no thread, no event loop and no zmq context, as these do not survive a fork; and it never
sees an engagement of a client, so nothing can leak from one kernel to the next.
"""

from __future__ import annotations

import gc
import json
import os
import select
import signal
import socket
import struct
import sys
import time
import types
from pathlib import Path
from typing import Any, NoReturn

_REAP_EVERY = 1.0
_LENGTH = struct.Struct("!I")
_YOUNG = 50_000  # objects between two looks for garbage: a kernel lives for one notebook only


def send(channel: socket.socket, message: object, descriptors: tuple[int, ...] = ()) -> None:
    """
    Send one message as JSON after its length, with open file descriptors.
    """
    body = json.dumps(message).encode("utf-8")
    socket.send_fds(channel, [_LENGTH.pack(len(body))], descriptors)
    channel.sendall(body)


def receive(channel: socket.socket) -> tuple[Any, list[int]]:
    """
    The next message and its file descriptors.

    Raises:
        EOFError: If the other side is gone.
    """
    head, descriptors, _, _ = socket.recv_fds(channel, _LENGTH.size, 1)
    head += _exactly(channel, _LENGTH.size - len(head)) if head else b""
    if not head:
        raise EOFError
    return json.loads(_exactly(channel, *_LENGTH.unpack(head))), descriptors


def _exactly(channel: socket.socket, count: int) -> bytes:
    found = b""
    while len(found) < count:
        part = channel.recv(count - len(found))
        if not part:
            raise EOFError
        found += part
    return found


def main(descriptor: int, package: str) -> None:
    """
    Warm up, say so, and fork a kernel for each request until the owner is gone.

    Args:
        descriptor: Our end of the owner's socket pair.
        package: Where the owner found the package; another one must not answer for it.
    """
    channel = socket.socket(fileno=descriptor)
    os.set_inheritable(descriptor, False)  # noqa: FBT003
    import appi_assess

    if Path(appi_assess.__file__).parent != Path(package):
        return
    from .warm import warm

    warm()
    gc.collect()
    gc.freeze()  # what is warm stays shared between the kernels
    send(channel, {"threads": len(list(Path("/proc/self/task").iterdir()))})
    while True:
        _reap()
        if not select.select([channel], [], [], _REAP_EVERY)[0]:
            continue
        try:
            request, _ = receive(channel)
        except EOFError:
            return
        pid = os.fork()
        if pid == 0:
            _become_kernel(channel, **request)
        # Not reaped yet, so the number is surely that of our child.
        process = os.pidfd_open(pid)
        send(channel, {"pid": pid}, (process,))
        os.close(process)


def _reap() -> None:
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        return


def _become_kernel(channel: socket.socket, argv: list[str], env: dict[str, str], cwd: str) -> NoReturn:
    """
    Turn this fork into an ordinary kernel; the process ends with it.
    """
    status = 1
    try:
        channel.close()
        os.setsid()
        os.environ.clear()
        os.environ.update(env)
        time.tzset()
        os.chdir(cwd)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        _silence()
        sys.modules["__main__"] = types.ModuleType("__main__")
        sys.argv = ["ipykernel_launcher", *argv]
        _reseed()
        gc.set_threshold(_YOUNG)
        from ipykernel import kernelapp

        # Read from the environment when the class was made, which was before the fork.
        kernelapp.launch_new_instance(argv=[*argv, f"--IPKernelApp.parent_handle={os.getppid()}"])
        status = 0
    finally:
        os._exit(status)


def _silence() -> None:
    """
    No terminal: what a notebook prints goes through its messages.
    """
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nowhere, stream)
    os.close(nowhere)


def _reseed() -> None:
    """
    Forks would otherwise share one sequence of random numbers.
    """
    import random

    import numpy as np

    random.seed()
    np.random.seed()  # noqa: NPY002 - the global state is what a fork would share
