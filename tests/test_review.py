"""
Reviews: what a reviewer writes, how far reviewer and assessor agree, and what is disputed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appi_assess import law, text
from appi_assess.assessment import Assessment, Reviewed
from appi_assess.conclude import assess_engagement
from appi_assess.engagement import Answer, Engagement, Review
from appi_assess.problems import InputProblems
from appi_assess.reader import read_engagement
from appi_assess.review import agreement, disputed, shown_kappa
from appi_assess.tables import table
from appi_assess.wording import choices

DAY = date(2026, 11, 22)
VERDICTS = ["met", "partly", "not_met", "not_applicable", "unknown"]
PAIRS = st.lists(st.tuples(st.sampled_from(VERDICTS), st.sampled_from(VERDICTS)), max_size=60)


def repeated(**counts: int) -> list[tuple[str, str]]:
    """So many pairs of each kind, such as ``met__partly=3``."""
    return [(k.split("__")[0], k.split("__")[1]) for k, n in counts.items() for _ in range(n)]


@pytest.mark.parametrize(
    ("pairs", "agreed", "kappa"),
    [
        # 35 of 50 alike; chance (25 * 30 + 25 * 20) / 2500 = 1/2; (0.7 - 0.5) / (1 - 0.5)
        (
            repeated(met__met=20, met__not_met=5, not_met__met=10, not_met__not_met=15),
            35,
            Fraction(2, 5),
        ),
        # 60 of 100 alike, chance 54/100 in the one and 46/100 in the other
        (
            repeated(met__met=45, met__not_met=15, not_met__met=25, not_met__not_met=15),
            60,
            Fraction(6, 46),
        ),
        (
            repeated(met__met=25, met__not_met=35, not_met__met=5, not_met__not_met=35),
            60,
            Fraction(14, 54),
        ),
        (repeated(met__partly=1, partly__met=1), 0, Fraction(-1)),
        (repeated(met__met=3, unknown__unknown=1), 4, Fraction(1)),
        (repeated(met__met=1, met__partly=1), 1, Fraction(0)),
        (repeated(met__partly=4), 0, Fraction(0)),
    ],
)
def test_kappa_is_that_computed_by_hand(pairs: list[tuple[str, str]], agreed: int, kappa: Fraction) -> None:
    """Observed and chance agreement as in Cohen 1960, exactly."""
    found = agreement(pairs)
    assert (found.reviewed, found.agreed, found.kappa) == (len(pairs), agreed, kappa)


@pytest.mark.parametrize("pairs", [[], repeated(met__met=1), repeated(partly__partly=7)])
def test_kappa_of_nothing_and_of_one_single_word_is_not_defined(pairs: list[tuple[str, str]]) -> None:
    """Where chance alone makes two people agree, no figure pretends to measure them."""
    assert agreement(pairs).kappa is None


@given(PAIRS)
def test_kappa_has_its_bounds_and_does_not_depend_on_who_is_who(pairs: list[tuple[str, str]]) -> None:
    """Between -1 and 1, 1 only when all agree, never above the share that agrees; the same both ways."""
    found = agreement(pairs)
    other = agreement((b, a) for a, b in pairs)
    assert (found.reviewed, found.agreed, found.kappa) == (other.reviewed, other.agreed, other.kappa)
    assert found.reviewed == len(pairs) == sum(found.confusion.values())
    if found.kappa is None:
        assert len(set(pairs)) <= 1
    else:
        assert -1 <= found.kappa <= Fraction(found.agreed, found.reviewed) <= 1
        assert (found.kappa == 1) == (found.agreed == found.reviewed)


@given(PAIRS, st.permutations(VERDICTS))
def test_kappa_does_not_depend_on_the_words(pairs: list[tuple[str, str]], words: list[str]) -> None:
    """The verdicts are names: exchanging them everywhere changes nothing."""
    renamed = dict(zip(VERDICTS, words, strict=True))
    assert agreement((renamed[a], renamed[b]) for a, b in pairs).kappa == agreement(pairs).kappa


@given(PAIRS)
def test_kappa_prints_alike_from_the_fraction_and_from_the_file(pairs: list[tuple[str, str]]) -> None:
    """The forms print the exact fraction, the report the number in ``assessment.json``."""
    kappa = agreement(pairs).kappa
    if kappa is not None:
        assert shown_kappa(kappa) == shown_kappa(float(kappa))
        assert (shown_kappa(kappa) == "1.00") == (kappa == 1)
        assert (shown_kappa(kappa) in ("0.00", "-0.00")) == (kappa == 0)


def test_kappa_is_rounded_half_up() -> None:
    """0.615 is 0.62 although no computer holds 0.615."""
    assert shown_kappa(Fraction(123, 200)) == shown_kappa(0.615) == "0.62"


@pytest.mark.parametrize(
    ("kappa", "shown"),
    [
        (Fraction(1), "1.00"),
        (Fraction(199, 200), "0.99"),
        (Fraction(0), "0.00"),
        (Fraction(1, 900), "0.01"),
        (Fraction(-1, 900), "-0.01"),
        (Fraction(-1), "-1.00"),
    ],
)
def test_no_rounding_makes_almost_all_look_like_all(kappa: Fraction, shown: str) -> None:
    """As for rates: one dispute among many is never printed as none."""
    assert shown_kappa(kappa) == shown_kappa(float(kappa)) == shown


def test_a_remark_disputes_nothing() -> None:
    """Only a verdict that differs makes a verdict disputed."""
    assert disputed("met", "partly")
    assert not disputed("met", "met")
    assert not disputed("met", None)


REVIEWS = """\
ａ１７－１:
  Verdict: 一部適合
  comment: "第1項 <b>#1</b>"
  by: 監査役
  on: 令和8年11月20日
A17-2:
  verdict: UNKNOWN
A17-3:
  comment: only a remark
A17-4:
"""


def reviewed(folder: Path, content: str) -> Path:
    """An engagement with this ``reviews.yaml``."""
    (folder / "reviews.yaml").write_text(content, encoding="utf-8", newline="\n")
    return folder


def test_reviews_are_read_like_answers(write: Callable[..., Path]) -> None:
    """Any width and case, any date, either language; a block may be a remark or blank."""
    engagement = read_engagement(reviewed(write(), REVIEWS))
    assert dict(engagement.reviews) == {
        "A17-1": Review("partly", "第1項 <b>#1</b>", "監査役", date(2026, 11, 20)),
        "A17-2": Review("unknown"),
        "A17-3": Review(None, "only a remark"),
        "A17-4": Review(),
    }
    assert [(n.code, n.file, n.line) for n in engagement.notices] == [("id_folded", "reviews.yaml", 1)]
    assert "reviews.yaml" in engagement.files


@pytest.mark.parametrize("content", ["", "# nothing yet\n", "{}\n"])
def test_a_file_without_reviews_is_none(write: Callable[..., Path], content: str) -> None:
    """A file of comments only, such as the forms begin with, is no mistake; nor is no file at all."""
    folder = write()
    assert not read_engagement(folder).reviews
    found = read_engagement(reviewed(folder, content))
    assert (dict(found.reviews), found.notices) == ({}, ())


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("A17-1: met\n", '"met" stands in the wrong place. Write it indented as "verdict: met".'),
        ("A17-1:\n  verdict: maybe\n", '"maybe" is not an accepted word.'),
        ("A17-1:\n  answer: met\n", 'there is no field "answer"'),
        ("A99-1:\n  verdict: met\n", 'there is no requirement "A99-1"'),
        ("A17-1:\n  on: 2026-02-30\n", "does not exist"),
        ("A17-1:\n  verdict: met\na17-1:\n  verdict: met\n", "stands already in line 1"),
        ("- A17-1\n", 'expected "key: value" lines here.'),
    ],
)
def test_mistakes_in_reviews_are_told_with_their_place(
    write: Callable[..., Path], content: str, said: str
) -> None:
    """As for answers: file, line, and what to do."""
    with pytest.raises(InputProblems) as caught:
        read_engagement(reviewed(write(), content))
    (problem,) = [p for p in caught.value.problems if p.level == "error"]
    assert problem.said("en").startswith("reviews.yaml, line ")
    assert said in problem.said("en")


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_every_word_of_an_answer_and_every_label_of_a_verdict_is_a_reviewers_word(lang: str) -> None:
    """A reviewer writes what an assessor writes, or what the report prints; unknown besides."""
    for value, words in table("words")["answers"].items():
        if value != "unanswered":
            assert [text.word("verdicts", w) for w in words] == [value] * len(words)
    for value, label in choices("verdict", lang).items():
        assert text.word("verdicts", label) == value


def test_a_review_of_what_is_not_law_yet_is_told_and_not_counted(write: Callable[..., Path]) -> None:
    """On a day on which a requirement is not in force its review stays out of the figures."""
    day = date(2022, 4, 1)
    later = next(r.id for r in law.all_requirements() if not r.in_force(day))
    head = "organisation: T\nlanguage: en\nas_of: 2022-04-01\n"
    folder = reviewed(write("{}", head), f"{later}:\n  verdict: met\nA17-1:\n  verdict: unknown\n")
    engagement = read_engagement(folder)
    assert [(n.code, n.key, n.line) for n in engagement.notices] == [("review_not_in_force", later, 1)]
    found = assess_engagement(engagement, day).agreement
    assert (found.reviewed, found.agreed, found.not_in_force) == (1, 1, (later,))


def test_registers_that_were_read_are_not_read_again(sample_copy: Path) -> None:
    """Given registers count as they are, evidence that they name included; the answers are the file's."""
    before = read_engagement(sample_copy)
    for path in (sample_copy / "registers").iterdir():
        path.write_text("not,a,register\n", encoding="utf-8")
    after = read_engagement(sample_copy, before.registers)
    assert after.registers == before.registers
    assert after.answers == before.answers
    with pytest.raises(InputProblems):
        read_engagement(sample_copy)


def test_an_engagement_without_a_name_can_be_opened_to_type_it(write: Callable[..., Path]) -> None:
    """Only where that is asked for; the missing name is told all the same."""
    folder = write("{}", "language: en\nas_of: 2026-11-22\n")
    with pytest.raises(InputProblems, match="write the name of the organisation"):
        read_engagement(folder)
    engagement = read_engagement(folder, nameless=True)
    assert engagement.organisation == ""
    assert [(n.code, n.level) for n in engagement.notices] == [("organisation_missing", "notice")]


def judged(answers: dict[str, str], reviews: dict[str, Review]) -> Assessment:
    """These answers and reviews, assessed."""
    given_answers = {k: Answer(v) for k, v in answers.items()}
    return assess_engagement(Engagement("T", "en", DAY, answers=given_answers, reviews=reviews), DAY)


ANSWERS = {"A17-1": "met", "A17-2": "met", "A17-3": "partly", "A26-4": "not_met"}


def test_a_verdict_that_a_reviewer_sees_differently_is_disputed() -> None:
    """Agreed, disputed, remarked and not reviewed are four different things."""
    reviews = {
        "A17-1": Review("met", "", "CPO", DAY),
        "A17-2": Review("partly", "not all", "CPO", DAY),
        "A17-3": Review(None, "look again"),
        "A17-5": Review(by="CPO"),
        "A26-4": Review("not_met"),
        "A26-5": Review("unknown"),
    }
    a = judged(ANSWERS, reviews)
    assert {f.id for f in a.findings if f.disputed} == {"A17-2"}
    assert a["A17-2"].review == Reviewed(verdict="partly", comment="not all", by="CPO", on=DAY)
    assert a["A17-3"].review == Reviewed(verdict=None, comment="look again", by="", on=None)
    assert a["A17-5"].review is None
    assert a["A18-1"].review is None
    found = a.agreement
    assert (found.reviewed, found.agreed, found.disputed) == (4, 3, ("A17-2",))
    assert (found.percent.part, found.percent.whole, found.percent.shown) == (3, 4, "75.0 %")
    # met 2 / 1, partly 0 / 1, not met 1 / 1, unknown 1 / 1: chance 4/16
    assert found.kappa == pytest.approx(2 / 3)
    assert found.shown_kappa == "0.67"


def test_nothing_but_review_and_agreement_changes_with_a_review() -> None:
    """Verdicts, figures, gaps and reasons stay the assessor's, whatever a reviewer writes."""
    plain = judged(ANSWERS, {})
    reviewed_ = judged(ANSWERS, {r.id: Review("not_met", "no") for r in law.all_requirements()})

    def rest(a: Assessment) -> dict[str, Any]:
        content = a.model_dump()
        del content["agreement"]
        for f in content["findings"]:
            del f["review"], f["disputed"]
        return content

    assert rest(plain) == rest(reviewed_)
    assert len(reviewed_.agreement.disputed) == len(reviewed_.findings) - 1
    assert (plain.agreement.reviewed, plain.agreement.kappa, plain.agreement.percent.value) == (0, None, None)


def test_the_assessor_may_come_round() -> None:
    """Once the answer is what the reviewer said, nothing is disputed."""
    engagement = Engagement(
        "T", "en", DAY, answers={"A17-1": Answer("met")}, reviews={"A17-1": Review("partly")}
    )
    assert assess_engagement(engagement, DAY).agreement.disputed == ("A17-1",)
    mended = replace(engagement, answers={"A17-1": Answer("partly")})
    assert assess_engagement(mended, DAY).agreement.disputed == ()
