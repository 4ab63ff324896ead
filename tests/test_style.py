"""
The checks that keep the code as it is: layout, lint and types.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.mark.parametrize(
    "command",
    [("ruff", "check", "."), ("ruff", "format", "--check", "."), ("mypy",)],
    ids=["lint", "layout", "types"],
)
def test_style(command: tuple[str, ...]) -> None:
    """Nothing to report."""
    result = subprocess.run(
        [sys.executable, "-m", *command], check=False, capture_output=True, encoding="utf-8", cwd=ROOT
    )
    assert result.returncode == 0, result.stdout + result.stderr


def test_only_one_module_writes() -> None:
    """All writing goes through files.py; a folder may be made, moved or copied by its owner."""
    for path in (ROOT / "appi_assess").glob("*.py"):
        if path.name != "files.py":
            source = path.read_text(encoding="utf-8")
            for call in (
                ".write_text(",
                ".write_bytes(",
                'open("w',
                "open('w",
                "nbformat.write(",
                ".to_csv(",
                "json.dump(",
            ):
                assert call not in source, (path.name, call)


def test_nothing_reaches_the_network() -> None:
    """No module of the package imports a way to the network."""
    for path in (ROOT / "appi_assess").glob("*.py"):
        for name in ("requests", "urllib", "httpx", "http.client", "aiohttp"):
            assert f"import {name}" not in path.read_text(encoding="utf-8")
