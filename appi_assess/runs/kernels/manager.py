"""
How the runner starts a kernel: this very interpreter, nobody's settings, sockets nobody else can reach.
"""

from __future__ import annotations

import os
import socket
import sys
import time
from collections import deque
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from queue import Empty
from typing import Any

import zmq
from ipykernel.kernelspec import get_kernel_dict
from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning.factory import KernelProvisionerFactory
from traitlets import Bool, Type
from traitlets.config import Config

from .provisioner import NAME

_KNOCK = 4  # milliseconds
_SOCKET_PATH = 90  # systems allow about a hundred characters


class QuickClient(AsyncKernelClient):
    """
    A client that is ready when the kernel has answered, and that can ask for several cells at once.

    jupyter_client's own waits on until nothing has come for 0.2 seconds, to drop messages of the start;
    nbclient drops by itself what does not belong to its cells.
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._asked: deque[str] = deque()

    def _context_default(self) -> Any:
        context = super()._context_default()
        # The kernel's sockets appear some milliseconds after we first knock; zmq would wait for 100.
        context.setsockopt(zmq.RECONNECT_IVL, _KNOCK)
        return context

    def ask(self, cells: Iterable[str]) -> None:
        """
        Ask for these cells, one after the other until one fails, so that the kernel need not wait.
        """
        self._asked.extend(super(QuickClient, self).execute(cell) for cell in cells)

    def execute(self, code: str, *args: Any, **kwargs: Any) -> str:
        """
        The message that asks for a cell: the next of those asked for already, or a new one.
        """
        return self._asked.popleft() if self._asked else super().execute(code, *args, **kwargs)

    async def wait_for_ready(self, timeout: float | None = None) -> None:  # noqa: ASYNC109 - as there
        """
        Wait until the kernel answers and its outputs arrive.

        Args:
            timeout: Seconds; None for no limit.

        Raises:
            RuntimeError: If it died or took longer.
        """
        end = time.monotonic() + (timeout or float("inf"))
        while time.monotonic() < end:
            self.kernel_info()
            with suppress(Empty):
                reply = await self.get_shell_msg(timeout=1)
                if reply["msg_type"] == "kernel_info_reply":
                    await self.get_iopub_msg(timeout=0.2)
                    self._handle_kernel_info_reply(reply)
                    return
            if not await self.is_alive():
                raise RuntimeError("Kernel died before replying to kernel_info")
        raise RuntimeError(f"Kernel did not answer in {timeout} seconds")


class PrivateKernelManager(AsyncKernelManager):
    """
    Starts kernels of the interpreter that runs the kit, whatever kernelspecs a user has installed.

    The user's IPython profile takes no part: its start-up files could change results, and its history
    would keep what was run.
    """

    client_factory = Type(QuickClient, klass=AsyncKernelClient)
    warm = Bool(default_value=True, config=True, help="Fork from a warm process, where the system can.")

    @property
    def kernel_spec(self) -> KernelSpec:
        """
        The specification of our own kernel.
        """
        content = get_kernel_dict()
        folder = Path(self.connection_file).parent
        argv = [
            sys.executable,
            "-m",
            "ipykernel_launcher",
            "-f",
            "{connection_file}",
            f"--ipython-dir={folder}",
            "--HistoryManager.enabled=False",
            "--InteractiveShellApp.ignore_cwd=True",
            "--InteractiveShellApp.exec_PYTHONSTARTUP=False",
            f"--IPKernelApp.kernel_class={__package__}.kernel.StrictKernel",
            f"--IPKernelApp.outstream_class={__package__}.kernel.QuickStream",
            "--Kernel._execute_sleep=0",
        ]
        metadata = dict(content.get("metadata", {}))
        if NAME in KernelProvisionerFactory.instance().get_provisioner_entries():
            metadata["kernel_provisioner"] = {"provisioner_name": NAME, "config": {"warm": self.warm}}
        return KernelSpec(
            argv=argv, display_name=content["display_name"], language="python", metadata=metadata
        )


def private_transport(folder: Path, *, warm: bool) -> Config:
    """
    Settings of the manager: sockets in a private folder, or encrypted TCP where there are none.

    Args:
        folder: A folder that only this user can enter.
        warm: Fork the kernel from a warm process, where the system can.
    """
    settings: dict[str, object] = {"connection_file": str(folder / "kernel.json")}
    if len(str(folder)) < _SOCKET_PATH and hasattr(socket, "AF_UNIX") and os.name == "posix":
        settings |= {"transport": "ipc", "ip": str(folder / "k")}
    else:
        settings |= {"transport_encryption": "required"}
    return Config({"KernelManager": settings, "PrivateKernelManager": {"warm": warm}})
