"""
papermill's engine, with a client that asks for all cells at once and reads what comes back.
"""

from __future__ import annotations

import time
from typing import Any

import zmq
from jupyter_core.utils import run_sync
from nbclient.exceptions import CellExecutionComplete, CellExecutionError, CellTimeoutError, DeadKernelError
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import Engine
from papermill.log import logger

_LOOK = 1000  # milliseconds after which a silent kernel is looked after
# Cells with these tags are run one at a time, as nbclient does: they change what comes after them.
_TAGS = {"skip-execution", "raises-exception"}


class AheadEngine(Engine):  # type: ignore[misc]
    """
    Runs the cells one after the other, as papermill's own engine does, but lets the kernel begin the next
    while the outputs of the last are still read.
    """

    @classmethod
    def execute_managed_notebook(
        cls, nb_man: Any, kernel_name: str, log_output: bool = False, **kw: Any
    ) -> None:
        """
        Run every cell of the managed notebook; ``kw`` are options of ``nbclient.NotebookClient``.

        A kernel that dies takes with it what it had not sent yet, so that nobody knows at which cell. The
        notebook is then run once more, one cell at a time.
        """
        kw |= {"kernel_name": kernel_name, "log": logger, "log_output": log_output}
        client = _Client(nb_man, **kw)
        try:
            client.execute()
        except DeadKernelError:
            if client.ended or not client.ahead:
                raise
            nb_man.notebook_start()
            client = _Client(nb_man, **kw)
            client.ahead = False
            client.execute()


class _Client(PapermillNotebookClient):  # type: ignore[misc]
    ahead, ended, _tagged = True, False, False

    def papermill_execute_cells(self) -> None:
        cells = [c for c in self.nb.cells if _runs(c)]
        self._tagged = any(_TAGS & set(c.metadata.get("tags", [])) for c in cells)
        self.ahead = self.ahead and not self._tagged
        if self.ahead:
            self.kc.ask(c.source for c in cells)
        super().papermill_execute_cells()

    def execute_cell(self, cell: Any, cell_index: int, **kw: Any) -> Any:
        """
        One cell. nbclient's own makes three tasks for each, and a thread may simply wait.
        """
        if self._tagged:
            return super().execute_cell(cell, cell_index, **kw)
        if _runs(cell):
            asked, end = self.kc.execute(cell.source), time.monotonic() + self.timeout
            cell.outputs, self.clear_before_next_output = [], False
            try:
                while True:
                    message = self._answer(self.kc.iopub_channel, asked, cell, end)
                    self.process_message(message, cell, cell_index)
            except DeadKernelError:
                cell.outputs, cell.execution_count = [], None  # what it had sent by then is chance
                raise
            except CellExecutionComplete:
                content = self._answer(self.kc.shell_channel, asked, cell, end)["content"]
            if content["status"] == "error":
                raise CellExecutionError.from_cell_and_msg(cell, content)
        return cell

    def _answer(self, channel: Any, asked: str, cell: Any, end: float) -> Any:
        """
        The next message that answers a question.

        Raises:
            CellTimeoutError: If none has come at the end of the time that a cell may take.
            DeadKernelError: If none can come any more.
        """
        socket: Any = zmq.Socket.shadow(channel.socket)
        while time.monotonic() < end:
            if not socket.poll(_LOOK):
                if not run_sync(self.km.is_alive)():
                    self.ended = getattr(self.km.provisioner, "ended", False)
                    raise DeadKernelError("Kernel died")
                continue
            _, parts = channel.session.feed_identities(socket.recv_multipart())
            message = channel.session.deserialize(parts)
            if message["parent_header"].get("msg_id") == asked:
                return message
        raise CellTimeoutError.error_from_timeout_and_cell("Cell execution timed out", self.timeout, cell)


def _runs(cell: Any) -> bool:
    return cell.cell_type == "code" and bool(cell.source.strip())
