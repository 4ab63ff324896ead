"""
The law on a day: both sides of every date.
"""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from appi_assess import law
from appi_assess.law import Catalogue
from appi_assess.problems import InputProblems
from appi_assess.requirement import KNOWN_FROM, Requirement, renumbered

DAY = timedelta(days=1)


@pytest.mark.parametrize("start", sorted({r.in_force_from for r in law.all_requirements()}))
def test_a_requirement_begins_on_its_day(start: date) -> None:
    """On its first day a requirement is law; on the day before it is not there."""
    new = {r.id for r in law.all_requirements() if r.in_force_from == start}
    assert new <= {r.id for r in law.catalogue(start)}
    if start > KNOWN_FROM:
        assert not new & {r.id for r in law.catalogue(start - DAY)}


def test_a_repealed_requirement_counts_until_its_last_day() -> None:
    """``in_force_to`` is the last day on which a requirement is law."""
    r = law.all_requirements()[0].model_copy(update={"in_force_to": date(2026, 12, 31)})
    assert r.in_force(date(2026, 12, 31))
    assert not r.in_force(date(2027, 1, 1))


def test_a_period_that_ends_before_it_begins_is_refused() -> None:
    """The data cannot hold a requirement that was never law."""
    row = law.all_requirements()[0].model_dump() | {"in_force_to": "2022-03-31"}
    with pytest.raises(ValueError, match="in_force_to is before"):
        Requirement.model_validate(row)


def test_the_day_before_the_present_numbering_is_refused() -> None:
    """The kit begins on 1 April 2022 and says so, rather than judge by later law."""
    assert law.catalogue(date(2022, 4, 1)).requirements
    with pytest.raises(InputProblems, match="begins on 2022-04-01"):
        law.catalogue(date(2022, 3, 31))


def test_the_day_of_the_2026_reform_is_refused() -> None:
    """From 16 July 2028 the main part is in force at the latest, and the kit does not hold it."""
    assert law.catalogue(date(2028, 7, 15)).requirements
    with pytest.raises(InputProblems, match=r"Act No\. 56 of 2026"):
        law.catalogue(date(2028, 7, 16))


def test_penal_articles_change_on_17_january_2027() -> None:
    """Until 16 January 2027 the old numbers and amounts, from the 17th the new ones."""
    before = {p["id"]: p for p in law.penalties(date(2027, 1, 16))}
    after = {p["id"]: p for p in law.penalties(date(2027, 1, 17))}
    assert {k: p["article"] for k, p in before.items()} == {
        "order_disobeyed": "178", "wrongful_database_provision": "179", "refusal_of_report": "182",
        "acts_abroad": "183", "company": "184", "non_criminal_fine": "185",
    }  # fmt: skip
    assert {k: p["article"] for k, p in after.items()} == {
        "order_disobeyed": "181", "wrongful_database_provision": "178", "wrongful_acquisition": "180", "refusal_of_report": "183",
        "acts_abroad": "184", "company": "185", "non_criminal_fine": "186",
    }  # fmt: skip
    assert (
        before["wrongful_database_provision"]["imprisonment_years"],
        before["wrongful_database_provision"]["fine_yen"],
    ) == ("1", "500000")
    assert (
        after["wrongful_database_provision"]["imprisonment_years"],
        after["wrongful_database_provision"]["fine_yen"],
    ) == ("2", "1000000")
    assert (
        after["wrongful_acquisition"]["imprisonment_years"],
        after["wrongful_acquisition"]["fine_yen"],
    ) == ("2", "1000000")
    for side in (before, after):
        assert (side["order_disobeyed"]["imprisonment_years"], side["order_disobeyed"]["fine_yen"]) == (
            "1",
            "1000000",
        )
        assert side["refusal_of_report"]["fine_yen"] == "500000"
        assert side["non_criminal_fine"]["fine_yen"] == "100000"
        assert side["company"]["company_fine_yen"] == "100000000"


def test_imprisonment_is_renamed_on_1_june_2025() -> None:
    """The Japanese word for imprisonment in the penalties changes on its day."""
    before = next(p for p in law.penalties(date(2025, 5, 31)) if p["id"] == "order_disobeyed")
    after = next(p for p in law.penalties(date(2025, 6, 1)) if p["id"] == "order_disobeyed")
    assert "懲役" in before["text"]["ja"]
    assert "拘禁刑" in after["text"]["ja"]
    assert "懲役" not in after["text"]["ja"]


def test_supervisory_numbers_before_april_2023_are_not_shown() -> None:
    """Numbers that nobody verified are left out instead of guessed."""
    assert law.powers(date(2023, 4, 1))
    assert not law.powers(date(2023, 3, 31))
    assert not law.penalties(date(2023, 3, 31))


def test_the_chain_of_supervisory_numbers_is_dated() -> None:
    """Old Art. 42 (order) was 145 in 2022 and is 148 since 1 April 2023."""
    row = next(row for row in renumbered() if row.old == "42")
    assert [
        row.on(d) for d in (date(2022, 3, 31), date(2022, 4, 1), date(2023, 3, 31), date(2023, 4, 1))
    ] == [None, "145", "145", "148"]


def test_old_penal_articles_move_on_17_january_2027() -> None:
    """Old Art. 84 is 179 until 16 January 2027 and 178 after."""
    row = next(row for row in renumbered() if row.old == "84")
    assert (row.on(date(2027, 1, 16)), row.on(date(2027, 1, 17))) == ("179", "178")


def test_the_reform_is_a_preview_and_never_scored() -> None:
    """No upcoming item is a requirement on any day that the kit knows."""
    upcoming = {item["id"] for item in law.upcoming()["items"]}
    assert len(upcoming) >= 10
    for day in (date(2026, 11, 22), date(2027, 1, 17), date(2028, 7, 15)):
        assert not upcoming & {r.id for r in law.catalogue(day)}
    act = law.upcoming()["act"]
    assert (act["promulgated"], act["penal_part_from"], act["main_part_no_later_than"]) == (
        "2026-07-17",
        "2027-01-17",
        "2028-07-16",
    )


def test_the_frame_has_a_row_for_each_requirement() -> None:
    """What judging needs is there for every requirement in force."""
    catalogue = law.catalogue(date(2026, 11, 22))
    assert list(catalogue.frame.index) == [r.id for r in catalogue]
    assert not catalogue.frame.isna().any().any()
    assert isinstance(catalogue, Catalogue)
    assert "A26-4" in catalogue
    assert "A99-1" not in catalogue
