"""
What a notebook leaves at its end, by which the runner and the reviewer know that it ended well.
"""

from __future__ import annotations

from typing import Any

ASSESSMENT = "assessment.json"  # what notebook 20 concluded, whole
RESULT = "application/vnd.appi-assess.result+json"


class Record:
    """
    The last output of a notebook: what was concluded, for the runner and the reviewer.
    """

    def __init__(self, content: dict[str, str], text: str) -> None:
        self.content, self.text = content, text

    def __str__(self) -> str:
        return f"{self.text} [{self.content['assessment_sha256'][:12]}]"

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        return {RESULT: self.content, "text/plain": str(self)}
