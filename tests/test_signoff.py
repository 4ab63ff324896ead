"""
Sign-off: a period is frozen, and whatever differs since is named.
"""

from __future__ import annotations

import unicodedata
from datetime import date
from pathlib import Path

import pytest

from appi_assess.assessment import SignedOff
from appi_assess.conclude import assess_engagement
from appi_assess.engagement import SignOff
from appi_assess.problems import InputProblems
from appi_assess.reader import read_engagement
from appi_assess.scaffold import reviews_text, signoff_text
from appi_assess.signoff import differences, signed_files

DAY = date(2026, 11, 30)
ODD = 'a: b #c "d" {e} [f]?.txt'


def sign(folder: Path, by: str = "監査役 #1", comment: str = "", lang: str = "en") -> dict[str, str]:
    """Sign an engagement off as the forms do."""
    files = signed_files(folder, read_engagement(folder))
    (folder / "signoff.yaml").write_text(
        signoff_text(lang, by, DAY, comment, files), encoding="utf-8", newline="\n"
    )
    return files


def told(folder: Path) -> list[tuple[str, str]]:
    """What reading says about the sign-off."""
    return [(n.code, n.file) for n in read_engagement(folder).notices if n.code.startswith("signoff_")]


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_what_was_signed_is_intact(sample_copy: Path, lang: str) -> None:
    """Every input file is listed with its sum, in whatever name; nothing differs, and the record says so."""
    (sample_copy / "evidence" / ODD).write_text("x", encoding="utf-8")
    files = sign(sample_copy, comment="two\nlines: {{x}} <b>", lang=lang)
    engagement = read_engagement(sample_copy)
    assert engagement.signoff == SignOff("監査役 #1", DAY, "two\nlines: {{x}} <b>", files)
    assert told(sample_copy) == []
    assert set(files) == set(engagement.files) - {"signoff.yaml"}
    assert {"engagement.yaml", "answers.yaml", "reviews.yaml", f"evidence/{ODD}"} <= set(files)
    assert "signoff.yaml" in engagement.files
    assert assess_engagement(engagement, date(2026, 11, 22)).signed_off == SignedOff(
        by="監査役 #1", on=DAY, comment="two\nlines: {{x}} <b>", intact=True, changed=()
    )


def test_what_changed_went_and_came_since_is_named(sample_copy: Path) -> None:
    """One notice per file, and the assessment is no longer intact."""
    evidence = sample_copy / "evidence"
    (evidence / "gone.txt").write_text("x", encoding="utf-8")
    sign(sample_copy)
    (evidence / "gone.txt").unlink()
    (evidence / "late.txt").write_text("x", encoding="utf-8")
    with (sample_copy / "answers.yaml").open("a", encoding="utf-8") as file:
        file.write("# a word\n")
    (sample_copy / "reviews.yaml").unlink()
    assert told(sample_copy) == [
        ("signoff_changed", "answers.yaml"),
        ("signoff_missing", "evidence/gone.txt"),
        ("signoff_new", "evidence/late.txt"),
        ("signoff_missing", "reviews.yaml"),
    ]
    engagement = read_engagement(sample_copy)
    changed = ("answers.yaml", "evidence/gone.txt", "evidence/late.txt", "reviews.yaml")
    assert engagement.signoff is not None
    assert engagement.signoff.changed == changed
    signed = assess_engagement(engagement, date(2026, 11, 22)).signed_off
    assert signed is not None
    assert (signed.intact, signed.changed) == (False, changed)


def test_what_is_no_input_is_not_signed(sample_copy: Path) -> None:
    """The journal and copies of notebooks may go on changing after a sign-off."""
    files = sign(sample_copy)
    (sample_copy / "notebooks").mkdir()
    (sample_copy / "notebooks" / "20.ipynb").write_text("{}", encoding="utf-8")
    (sample_copy / "journal.jsonl").write_text("{}\n", encoding="utf-8")
    assert told(sample_copy) == []
    assert not [name for name in files if name.startswith(("notebooks", "journal"))]


def test_verdicts_do_not_depend_on_a_sign_off(sample_copy: Path) -> None:
    """Signing changes the record of the sign-off and nothing else."""
    before = assess_engagement(read_engagement(sample_copy), date(2026, 11, 22))
    sign(sample_copy)
    after = assess_engagement(read_engagement(sample_copy), date(2026, 11, 22))
    assert after.model_copy(update={"signed_off": None}) == before


@pytest.mark.parametrize(
    ("content", "codes"),
    [
        ("", ["yaml_empty"]),
        ("{}", ["signoff_blank"] * 3),
        ("by: x\n", ["signoff_blank"] * 2),
        ("by: x\non: 2026-11-30\n", ["signoff_blank"]),
        ("by: x\non: soon\nfiles: {answers.yaml: 00}\n", ["date_form", "signoff_sum"]),
        ("by: x\non: 2026-11-30\nfiles:\n  answers.yaml:\n", ["signoff_sum"]),
        ("by: x\non: 2026-11-30\nfiles: [answers.yaml]\n", ["not_a_mapping"]),
        ("- x\n", ["not_a_mapping"]),
    ],
)
def test_a_broken_sign_off_is_an_error(sample_copy: Path, content: str, codes: list[str]) -> None:
    """A period is never silently open because its sign-off cannot be read."""
    (sample_copy / "signoff.yaml").write_text(content, encoding="utf-8")
    with pytest.raises(InputProblems) as caught:
        read_engagement(sample_copy)
    found = [p for p in caught.value.problems if p.level == "error"]
    assert [p.code for p in found] == codes
    for lang in ("ja", "en"):
        assert all(p.said(lang).startswith("signoff.yaml") for p in found)


def test_a_file_that_cannot_be_read_counts_as_changed(tmp_path: Path) -> None:
    """What cannot be compared is not vouched for."""
    (tmp_path / "folder").mkdir()
    assert differences(tmp_path, ["folder"], {"folder": "0" * 64}) == {"folder": "changed"}


def test_names_from_a_mac_are_the_same_names(tmp_path: Path) -> None:
    """A folder that went through another system is still as it was signed."""
    plain, mac = (unicodedata.normalize(form, "evidence/ガイド.txt") for form in ("NFC", "NFD"))
    (tmp_path / "evidence").mkdir()
    (tmp_path / mac).write_bytes(b"")
    empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert differences(tmp_path, [mac], {plain: empty}) == {}
    assert differences(tmp_path, [mac], {plain: "0" * 64}) == {mac: "changed"}


def test_a_name_as_long_as_a_page_can_be_signed(sample_copy: Path) -> None:
    """YAML takes long keys only in a form of their own."""
    deep = sample_copy / "evidence" / "/".join(["x" * 200] * 6)
    deep.mkdir(parents=True)
    (deep / "a.txt").write_text("x", encoding="utf-8")
    sign(sample_copy)
    assert told(sample_copy) == []


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_reviews_are_written_as_they_are_read(sample_copy: Path, lang: str) -> None:
    """The text of the file reads back as what was put into it, blank or filled."""
    path = sample_copy / "reviews.yaml"
    path.write_text(reviews_text(lang), encoding="utf-8", newline="\n")
    assert not read_engagement(sample_copy).reviews
    typed = {"A17-1": {"verdict": "不明", "comment": 'a: "b"\n# c', "by": "{{x}}", "on": DAY}}
    path.write_text(reviews_text(lang, typed), encoding="utf-8", newline="\n")
    (review,) = read_engagement(sample_copy).reviews.values()
    assert (review.verdict, review.comment, review.by, review.on) == (
        "unknown",
        'a: "b"\n# c',
        "{{x}}",
        DAY,
    )
