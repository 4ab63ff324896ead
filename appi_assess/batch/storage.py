"""
Where engagements and results are: paths, or URLs of a storage that fsspec knows.

Whatever lies under a URL is worked on in a private folder that mirrors the places, so that the way
from a report to its engagement is the same there as on the storage. Paths never touch fsspec.
"""

from __future__ import annotations

import json
import os
import posixpath
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from appi_assess.files import write_bytes
from appi_assess.problems import InputProblems, Problem
from appi_assess.runs.manifest import MANIFEST
from appi_assess.runs.report import staged

# Stands in a folder on a storage while it is being filled: what lies there is not complete.
PARTIAL = "delivery.incomplete"
_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://")  # one letter would be a drive


def is_url(place: str) -> bool:
    """
    Whether a place is a URL.

    Examples:
        >>> is_url("s3://bucket/a"), is_url("C:/a"), is_url("a/b")
        (True, False, False)
    """
    return _URL.match(place) is not None


def plain(place: str) -> str:
    """
    A place as it is used: ``file://`` is a path like any other.

    Examples:
        >>> plain("file:///data/a"), plain("s3://bucket/a/")
        ('/data/a', 's3://bucket/a')
    """
    place = place.removeprefix("file://")
    return place.rstrip("/") if is_url(place) else place


def join(place: str, *parts: str) -> str:
    """
    A place below another.

    Examples:
        >>> join("s3://bucket/out", "reports", "a")
        's3://bucket/out/reports/a'
    """
    return "/".join((place, *parts)) if is_url(place) else str(Path(place, *parts))


def canonical(place: str) -> str:
    """
    What is the same for two names of one place.
    """
    return place if is_url(place) else os.path.realpath(place)


def is_folder(place: str) -> bool:
    """
    Whether there is a folder.

    Raises:
        InputProblems: If the storage cannot be asked.
    """
    if not is_url(place):
        return Path(place).is_dir()
    with _said(place):
        system, path = _system(place)
        return bool(system.isdir(path))


def read(place: str) -> bytes | None:
    """
    The content of a file; None if there is none.
    """
    if not is_url(place):
        try:
            return Path(place).read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            return None
    with _said(place):
        system, path = _system(place)
        return bytes(system.cat_file(path)) if system.isfile(path) else None


def read_json(place: str) -> dict[str, Any]:
    """
    A mapping from a JSON file; empty if there is none.
    """
    try:
        content = json.loads(read(place) or b"{}")
    except (ValueError, RecursionError):
        return {}
    return content if isinstance(content, dict) else {}


def write(place: str, content: bytes) -> None:
    """
    Put a file into its place.
    """
    if not is_url(place):
        return write_bytes(Path(place), content)
    with _said(place):
        system, path = _system(place)
        system.makedirs(system._parent(path), exist_ok=True)  # noqa: SLF001 - its name in fsspec
        return system.pipe_file(path, content)  # type: ignore[no-any-return]


def remove(place: str) -> None:
    """
    Remove a file, if it is there.
    """
    if not is_url(place):
        return Path(place).unlink(missing_ok=True)
    with _said(place):
        system, path = _system(place)
        if system.isfile(path):
            system.rm_file(path)
    return None


def mirrored(root: Path, place: str) -> Path:
    """
    Where a place is worked on below ``root``.

    Examples:
        >>> mirrored(Path("r"), "s3://bucket/a").as_posix(), mirrored(Path("r"), "/data/a").as_posix()
        ('r/s3/bucket/a', 'r/file/data/a')
    """
    kind, _, rest = place.partition("://") if is_url(place) else ("file", "", Path(place).as_posix())
    parts = posixpath.normpath("/" + rest.replace(":", "_")).strip("/")
    return root / kind / parts


def fetch(place: str, root: Path, wanted: Callable[[str], bool] = lambda _: True) -> Path:
    """
    Copy a folder to where it is worked on; what was not delivered to its end counts as absent.

    Args:
        place: The folder; it need not exist.
        root: The private folder of the mirror.
        wanted: Which of its files, by their names relative to it.

    Returns:
        Its mirror.
    """
    here = mirrored(root, place)
    if not is_url(place):
        if Path(place).is_dir():
            for path in Path(place).rglob("*"):
                name = path.relative_to(place).as_posix()
                if path.is_file() and wanted(name):
                    (here / name).parent.mkdir(parents=True, exist_ok=True)
                    shutil.copyfile(path, here / name)
        return here
    with _said(place):
        system, files = _files(place)
        partial = tuple(name.removesuffix(PARTIAL) for name in files if posixpath.basename(name) == PARTIAL)
        for name in filter(wanted, files):
            if not name.startswith(partial):
                (here / name).parent.mkdir(parents=True, exist_ok=True)
                system.get_file(files[name], str(here / name))
        if files:
            here.mkdir(parents=True, exist_ok=True)
    return here


def deliver(folder: Path, place: str) -> None:
    """
    Put a finished folder at its place: at a path whole or not at all; on a storage its manifest last,
    and until then it is marked as incomplete.
    """
    if not is_url(place):
        with staged(Path(place)) as staging:
            shutil.copytree(folder, staging, dirs_exist_ok=True)
        return
    with _said(place):
        system, there = _files(place)
        _, target = _system(place)
        system.makedirs(target, exist_ok=True)
        system.pipe_file(f"{target}/{PARTIAL}", b"")
        names = [p.relative_to(folder).as_posix() for p in sorted(folder.rglob("*")) if p.is_file()]
        for name in sorted(names, key=lambda name: name == MANIFEST):
            system.makedirs(posixpath.dirname(f"{target}/{name}"), exist_ok=True)
            system.put_file(str(folder / name), f"{target}/{name}")
        for name in there.keys() - {*names, PARTIAL}:
            system.rm_file(there[name])
        system.rm_file(f"{target}/{PARTIAL}")


def drop(place: str) -> None:
    """
    Remove a folder, if it is there.
    """
    if not is_url(place):
        return shutil.rmtree(place, ignore_errors=True)
    with _said(place):
        system, path = _system(place)
        if system.isdir(path):
            system.rm(path, recursive=True)
    return None


def folders(place: str) -> list[str]:
    """
    The names of the folders in a folder; none if there is no such folder.
    """
    if not is_url(place):
        return sorted(p.name for p in Path(place).iterdir() if p.is_dir()) if Path(place).is_dir() else []
    with _said(place):
        system, path = _system(place)
        rows = system.ls(path, detail=True) if system.isdir(path) else []
        return sorted(posixpath.basename(r["name"].rstrip("/")) for r in rows if r["type"] == "directory")


def _system(url: str) -> tuple[Any, str]:
    import fsspec

    system, path = fsspec.core.url_to_fs(url)
    system.invalidate_cache()  # others write there as well
    return system, path


def _files(url: str) -> tuple[Any, dict[str, str]]:
    """
    The files below a URL by their relative names; a name that would lead out of it is passed over.
    """
    system, path = _system(url)
    start = path.rstrip("/") + "/"
    found = {f.removeprefix(start): f for f in system.find(path) if f.startswith(start)}
    return system, {n: f for n, f in sorted(found.items()) if ".." not in n.split("/")}


@contextmanager
def _said(url: str) -> Iterator[None]:
    """
    Whatever a storage raises as a problem with its place; there is no common base of these errors.
    """
    try:
        yield
    except ModuleNotFoundError as error:
        if error.name != "fsspec":
            raise InputProblems([Problem("storage_failed", url, words={"reason": str(error)})]) from error
        raise InputProblems([Problem("cluster_missing", url)]) from None
    except Exception as error:
        reason = f"{type(error).__name__}: {error}"
        raise InputProblems([Problem("storage_failed", url, words={"reason": reason})]) from error
