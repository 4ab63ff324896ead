"""
What the gap report says about reviews: agreement, disputed verdicts, and the sign-off.
"""

from __future__ import annotations

from .assessment import Finding
from .page import Block, Page, grid, heading, items, sentence
from .register_sheet import RegisterSheet
from .review import agreement
from .wording import choices, say


class ReviewSheet(RegisterSheet):
    """
    The base of a notebook that shows how far reviewer and assessor agree.
    """

    def agreement(self) -> Page:
        """
        Agreement in percent and kappa, the verdicts side by side, what is disputed, and the sign-off.
        """
        return self.page(
            heading(self.say("agreement")),
            sentence(self.say("agreement_note")),
            *self._agreement(),
            *self._left_out(),
            *self._disputes(),
            heading(self.say("signoff"), 4),
            *self._signoff(),
        )

    def _agreement(self) -> list[Block]:
        found, total = self.assessment.agreement, len(self.assessment.findings)
        if not found.reviewed:
            return [sentence(self.say("agreement_none", total=total))]
        figures = self.say(
            "agreement_figures",
            total=total,
            reviewed=found.reviewed,
            agreed=found.agreed,
            percent=self.shown(found.percent),
            left=total - found.reviewed,
        )
        kappa = found.shown_kappa
        meaning = self.say("agreement_kappa", kappa=kappa) if kappa else self.say("agreement_kappa_none")
        return [sentence(figures), sentence(meaning), self._confusion()]

    def _confusion(self) -> Block:
        pairs = agreement((f.verdict, _reviewed(f)) for f in self.assessment.findings if _reviewed(f))
        words = choices("verdict", self.lang)
        rows = []
        for mine, label in words.items():
            counts = [pairs.confusion.get((mine, other), 0) for other in words]
            rows.append((label, *counts, sum(counts)))
        sums = [sum(column) for column in zip(*(row[1:] for row in rows), strict=True)]
        head = [self.say("agreement_row"), *words.values(), self.say("total")]
        return grid(head, [*rows, (self.say("total"), *sums)], self.say("agreement_table"))

    def _left_out(self) -> list[Block]:
        comma = say("list", self.lang)
        remarks = [f.id for f in self.assessment.findings if f.review and not f.review.verdict]
        outside = self.assessment.agreement.not_in_force
        found = []
        if remarks:
            found.append(self.say("agreement_remarks", count=len(remarks), ids=comma.join(remarks)))
        if outside:
            found.append(self.say("agreement_not_in_force", ids=comma.join(outside)))
        return [sentence(text) for text in found]

    def _disputes(self) -> list[Block]:
        disputed = [f for f in self.assessment.findings if f.disputed and f.review]
        if not self.assessment.agreement.reviewed:
            return []
        title = heading(self.say("disputes", count=len(disputed)), 4)
        if not disputed:
            return [title, sentence(self.say("disputes_none"))]
        rows = [
            (
                self.titled(f),
                self.verdict(f.verdict),
                f.comment,
                self.verdict(_reviewed(f)),
                f.review.comment,
                self.signed(f.review.by, f.review.on),
            )
            for f in disputed
            if f.review
        ]
        head = ("requirement", "assessor_verdict", "assessor_comment", "reviewer_verdict", "reviewer_comment")
        titles = [self.say(key) for key in (*head, "reviewed_by")]
        return [title, grid(titles, rows, widths=(22, 10, 22, 10, 24, 12))]

    def _signoff(self) -> list[Block]:
        signed = self.assessment.signed_off
        if signed is None:
            return [sentence(self.say("signoff_none"))]
        who = self.signed(signed.by, signed.on)
        if signed.intact:
            found = [sentence(self.say("signoff_intact", who=who))]
        else:
            found = [
                sentence(self.say("signoff_differs", who=who, count=len(signed.changed))),
                items(signed.changed),
            ]
        if signed.comment:
            found.append(sentence(self.say("signoff_comment", comment=signed.comment)))
        return found


def _reviewed(f: Finding) -> str:
    """
    The reviewer's verdict; empty where there is none.
    """
    return (f.review.verdict if f.review else None) or ""
