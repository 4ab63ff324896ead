"""
The kernel that runs a notebook without a person: it stops at the first error, and waits for nothing.
"""

from __future__ import annotations

from typing import Any

from ipykernel.iostream import OutStream
from ipykernel.ipkernel import IPythonKernel


class StrictKernel(IPythonKernel):
    """
    Runs no cell after one that failed.

    All cells are asked for at once. ipykernel's own drops after an error only what has arrived by then.
    """

    _stopped = False

    async def do_execute(self, code: str, silent: bool, *args: Any, **kwargs: Any) -> Any:
        """
        Run a cell, unless one before it has failed.
        """
        if self._stopped:
            return {"status": "aborted", "execution_count": self.execution_count}
        reply: Any = await super().do_execute(code, silent, *args, **kwargs)  # type: ignore[no-untyped-call]
        asked: Any = self.get_parent("shell")  # type: ignore[no-untyped-call]
        self._stopped = reply["status"] == "error" and asked["content"].get("stop_on_error", True)
        return reply


class QuickStream(OutStream):
    """
    Does not wait for another thread when nothing was written.

    ipykernel flushes standard output and error several times in each cell, and each flush waits for a
    thread that sends.
    """

    _written = False

    def write(self, string: str) -> int | None:  # type: ignore[override]
        """
        Take a text.
        """
        self._written = True
        return super().write(string)

    def flush(self) -> None:
        """
        Send what was written.
        """
        if self._written:
            self._written = False
            super().flush()  # type: ignore[no-untyped-call]
