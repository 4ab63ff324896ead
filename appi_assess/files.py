"""
The one place where files get written: whole, or not at all.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from pathlib import Path


def write_bytes(path: Path, content: bytes) -> None:
    """
    Put ``content`` at ``path`` so that a reader sees the old file or the new one, never half.

    Args:
        path: Where the file shall stand; its folder is made if needed.
        content: Everything that goes into it.

    Raises:
        OSError: If the disk refuses; nothing stands under ``path`` that was not there before.
    """
    path = Path(os.path.realpath(path))  # a link stays a link
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name[:80]}.{secrets.token_hex(6)}.tmp")
    try:
        with temporary.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if path.exists():
            temporary.chmod(path.stat().st_mode & 0o7777)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def write_text(path: Path, text: str) -> None:
    """
    Write ``text`` as UTF-8 with the line ends it has.
    """
    write_bytes(path, text.encode("utf-8"))


def append_text(path: Path, text: str) -> None:
    """
    Add ``text`` at the end of a file, on disk when this returns; a line cut off earlier is ended first.

    Raises:
        OSError: If the disk refuses.
    """
    with path.open("a+b") as file:
        file.seek(0, os.SEEK_END)
        if file.tell():
            file.seek(-1, os.SEEK_END)
            if file.read(1) != b"\n":
                text = "\n" + text
        file.write(text.encode("utf-8"))
        file.flush()
        os.fsync(file.fileno())


def sha256(path: Path) -> str:
    """
    The SHA-256 of a file's bytes, in hexadecimal.
    """
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
