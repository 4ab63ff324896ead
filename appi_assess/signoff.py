"""
What a sign-off froze, compared with what is there now.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import Literal

from .engagement import SIGNOFF, Engagement
from .files import sha256

Difference = Literal["changed", "missing", "new"]


def signed_files(folder: Path, engagement: Engagement) -> dict[str, str]:
    """
    What a sign-off freezes: the SHA-256 of every input file but the sign-off itself, by name.

    Args:
        folder: The folder of the engagement.
        engagement: The same as read; its ``files`` are those that count.

    Raises:
        OSError: If a file cannot be read.
    """
    return {name: sha256(folder / name) for name in engagement.files if name != SIGNOFF}


def differences(folder: Path, files: Iterable[str], signed: Mapping[str, str]) -> dict[str, Difference]:
    """
    The files that are no longer as they were signed, sorted by name.

    A file that cannot be read cannot be shown to be as it was, and counts as changed.

    Args:
        folder: The folder of the engagement.
        files: The input files that are there now.
        signed: The SHA-256 of each file when it was signed.
    """
    rest = {name for name in files if name != SIGNOFF}
    found: dict[str, Difference] = {}
    for name, known in signed.items():
        there = _same(name, rest)
        if there is None:
            found[name] = "missing"
            continue
        rest.remove(there)
        if _hash(folder / there) != known:
            found[there] = "changed"
    return dict(sorted((found | dict.fromkeys(rest, "new")).items()))


def _same(name: str, files: Collection[str]) -> str | None:
    """
    The file of this name; a Mac writes its file names in another Unicode form.
    """
    if name in files:
        return name
    plain = unicodedata.normalize("NFC", name)
    return next((f for f in sorted(files) if unicodedata.normalize("NFC", f) == plain), None)


def _hash(path: Path) -> str:
    try:
        return sha256(path)
    except OSError:
        return ""
