"""
Making an engagement: whole, in any folder, and readable whatever was filled in.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from appi_assess.files import write_text
from appi_assess.reader import read_engagement
from appi_assess.scaffold import _scalar, make_engagement
from appi_assess.strict_yaml import parse

DAY = date(2026, 11, 22)


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=60))
def test_whatever_is_written_reads_back_the_same(typed: str) -> None:
    """Quotes, signs, dates, null and control characters survive writing and reading."""
    problems: list[object] = []
    node = parse(f"a: {_scalar(typed)}\n", "x", problems)  # type: ignore[arg-type]
    assert not problems
    assert node is not None
    assert isinstance(node.value, dict)
    assert node.value["a"].value == typed
    assert node.value["a"].blank == (not typed.strip())
    assert str(yaml.load(f"a: {_scalar(typed)}\n", Loader=yaml.BaseLoader)["a"]) == typed  # noqa: S506


def test_an_existing_empty_folder_is_filled_and_keeps_its_mode(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """``init .`` in a new private folder works and leaves it private."""
    folder = tmp_path / "private"
    folder.mkdir(mode=0o700)
    monkeypatch.chdir(folder)
    make_engagement(Path(), "ja", DAY)
    assert folder.stat().st_mode & 0o777 == 0o700
    assert (folder / "answers.yaml").is_file()
    assert [p.name for p in tmp_path.iterdir()] == ["private"]


def test_a_rewritten_file_keeps_its_mode_and_its_link(tmp_path: Path) -> None:
    """Writing replaces the content only."""
    real, link = tmp_path / "real.yaml", tmp_path / "link.yaml"
    real.write_text("old", encoding="utf-8")
    real.chmod(0o600)
    link.symlink_to(real)
    write_text(link, "new")
    assert link.is_symlink()
    assert real.read_text(encoding="utf-8") == "new"
    assert real.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_a_blank_engagement_is_read_but_for_its_name(tmp_path: Path, lang: str) -> None:
    """Only the organisation is missing."""
    make_engagement(tmp_path / "e", lang, DAY)
    head = tmp_path / "e" / "engagement.yaml"
    write_text(head, head.read_text(encoding="utf-8").replace("organisation:", "organisation: T", 1))
    read = read_engagement(tmp_path / "e")
    assert [p.code for p in read.notices] == ["register_templates"]
    assert not read.registers
