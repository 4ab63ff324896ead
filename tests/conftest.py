"""
What several tests share: a copy of the sample that may be changed, and the kit's commands.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings

from appi_assess import law
from appi_assess.resources import notebooks, sample

from . import small_kit

# Machines are slow at times; what a property says does not depend on that.
settings.register_profile("kit", deadline=None)
settings.load_profile("kit")

ROOT = Path(__file__).parent.parent


@pytest.fixture
def sample_copy(tmp_path: Path) -> Path:
    """A copy of the English sample engagement."""
    return Path(shutil.copytree(sample("en"), tmp_path / "engagement"))


@pytest.fixture(scope="session")
def report_made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a copy of the English sample, ``engagement``, and its ``report``: copy it to change it."""
    from appi_assess.runs.report import make_report

    folder = tmp_path_factory.mktemp("made")
    shutil.copytree(sample("en"), folder / "engagement")
    list(make_report(folder / "engagement", folder / "report"))
    return folder


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Writes an engagement from two texts and returns its folder."""

    def made(
        answers: str = "{}", engagement: str = "organisation: Test\nlanguage: en\nas_of: 2026-11-22\n"
    ) -> Path:
        folder = tmp_path / "written"
        folder.mkdir()
        (folder / "engagement.yaml").write_text(engagement, encoding="utf-8", newline="\n")
        (folder / "answers.yaml").write_text(answers, encoding="utf-8", newline="\n")
        return folder

    return made


def run_kit(
    *arguments: object, cwd: Path | None = None, **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run ``appi-assess`` as a user does, in a process of its own."""
    import os

    return subprocess.run(
        [sys.executable, "-m", "appi_assess", *map(str, arguments)],
        check=False,
        capture_output=True,
        encoding="utf-8",
        cwd=cwd,
        env={**os.environ, "PYTHONUTF8": "1", **environment},
    )


def run_nbval(notebook: Path) -> subprocess.CompletedProcess[str]:
    """Compare a notebook strictly with a new run of it, as a reviewer does."""
    return subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "--nbval",
            str(notebook),
            "-q",
            "-p",
            "no:cacheprovider",
            "-c",
            "/dev/null",
            "--rootdir",
            str(notebook.parent),
        ],
        check=False,
        capture_output=True,
        encoding="utf-8",
    )


def notebook_names() -> list[str]:
    """The file names of the notebooks on one organisation."""
    portfolio = law.portfolio_chapter().name
    return [p.name for p in sorted(notebooks().glob("*.ipynb")) if p.stem != portfolio]


@pytest.fixture
def kit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A kit of two small notebooks in place of the real ones."""
    folder = small_kit.write_kit(tmp_path / "kit")
    for module, name, value in small_kit.patches(folder):
        monkeypatch.setattr(module, name, value)
    return folder
