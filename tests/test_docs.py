"""
README and templates agree with the law data and the code.
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
import yaml

from appi_assess import __version__, law
from appi_assess.cli import main
from appi_assess.resources import templates
from appi_assess.tables import table
from appi_assess.wording import _flat
from tests.generated import readme

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
TEST_COMMAND = 'python3 -m venv .venv && .venv/bin/pip install -e ".[test]" && .venv/bin/python -m pytest --cov --cov-report=term'


def section(name: str) -> list[list[str]]:
    """The rows of a generated table of the README."""
    text = README.split(f"<!-- {name} -->")[1].split(f"<!-- /{name} -->")[0]
    return [[c.strip() for c in line.strip("|").split("|")] for line in text.strip().splitlines()[2:]]


def test_the_words_in_the_readme_are_those_the_reader_accepts() -> None:
    """The table of accepted words is the data's."""
    assert section("answers") == [
        [value, ", ".join(words)] for value, words in table("words")["answers"].items()
    ]


def test_the_readme_lists_every_register_and_check() -> None:
    """The tables of registers and checks are made from the code."""
    assert readme(README) == README


def test_the_readme_lists_every_notebook() -> None:
    """Names and contents agree with the chapters."""
    assert section("notebooks") == [
        [f"`{c.name}.ipynb`", c.title.en] for c in (*law.chapters(), law.portfolio_chapter())
    ]


def test_the_numbers_in_the_readme_are_right() -> None:
    """Counts and dates in the prose follow the data."""
    assert f"{len(law.all_requirements())} requirements" in README
    assert f"the {len(law.chapters())} notebooks" in README
    day = law.checked_on()
    assert f"checked on {day.day} {day:%B %Y}" in README
    assert str(law.main_part_no_later_than().day) + " July 2028" in README


def test_every_command_in_the_readme_exists() -> None:
    """No command is documented that is not there."""
    assert set(re.findall(r"appi-assess (\w+)", README)) <= set(main.commands) | {"demo"}


def test_ci_runs_the_test_command_of_the_readme_as_written() -> None:
    """The second command stands in the README and in .ci/run alike."""
    assert TEST_COMMAND in README
    assert TEST_COMMAND in (ROOT / ".ci" / "run").read_text(encoding="utf-8")


def test_the_changelog_knows_the_version() -> None:
    """Users find what the present version brings."""
    assert f"## {__version__}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_every_dependency_has_its_reason() -> None:
    """Each dependency in pyproject.toml carries a comment that says why."""
    lines = (
        (ROOT / "pyproject.toml")
        .read_text(encoding="utf-8")
        .split("dependencies = [")[1]
        .split("]")[0]
        .strip()
        .splitlines()
    )
    assert all("# " in line for line in lines)
    assert len(lines) == len(
        tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["dependencies"]
    )


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_the_templates_are_yaml_with_every_gate(lang: str) -> None:
    """A blank engagement lists all scope questions and fields of the reader."""
    from datetime import date

    from appi_assess.scaffold import engagement_text

    content = yaml.safe_load(engagement_text(lang, {"language": lang, "as_of": date(2026, 11, 22)}))
    assert list(content["scope"]) == list(law.gates())
    assert set(content) == {"organisation", "language", "as_of", "period", "assessor", "reviewer", "scope"}
    assert {f"{kind}.{lang}.yaml.j2" for kind in ("answers", "engagement")} <= {
        p.name for p in (templates() / "engagement").iterdir()
    }


def test_every_wording_has_both_languages_with_the_same_words_to_fill_in() -> None:
    """A placeholder missing in one language would show a sentence without its fact."""
    for key, text in _flat().items():
        names = {lang: set(re.findall(r"(?<!\{)\{(\w+)", text[lang])) for lang in ("ja", "en")}
        if key not in (
            "date",
            "problems.date_era_over",
            "problems.date_era_before",
            "problems.date_era_zero",
        ):
            assert names["ja"] == names["en"], key


def test_every_wording_that_the_code_asks_for_exists() -> None:
    """No sentence is missing when it is needed."""
    known = set(_flat())
    for path in (ROOT / "appi_assess").rglob("*.py"):
        source = path.read_text(encoding="utf-8")
        for code in (
            re.findall(r'Problem\(\s*"(\w+)"', source)
            + re.findall(r'self\.(?:problem|refuse)\("(\w+)"', source)
            + re.findall(r'Unreadable\("(\w+)"', source)
        ):
            assert f"problems.{code}" in known, code
        for key in re.findall(r'\bself\.say\(\s*"(\w+)"', source):
            assert f"page.{key}" in known, key
        for key in re.findall(r'(?<!self\.)\b(?:say|both|say_both)\(\s*"([a-z_.]+)"', source):
            assert key in known, key
