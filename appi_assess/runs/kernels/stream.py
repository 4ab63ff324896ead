"""
The standard output of a forked kernel.
"""

from __future__ import annotations

from ipykernel.iostream import OutStream


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
