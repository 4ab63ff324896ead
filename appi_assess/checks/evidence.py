"""
The list of evidence (証跡): what would not count as support on the day. These checks only inform.
"""

from __future__ import annotations

import numpy as np

from appi_assess.registers import Rows

from . import Result, check

NAME = "evidence"


@check(
    NAME,
    "dated",
    serves=(),
    head="dated",
    rule={
        "ja": "証跡に、基準日までの日付がある",
        "en": "The evidence has a date that is not after the assessment date",
    },
    fails={
        "ja": "証跡「{file}」に日付がないか、基準日より後の日付のため、裏付けとして数えません。",
        "en": 'Evidence "{file}" has no date, or one after the assessment date, and does not count.',
    },
    remedy={
        "ja": "作成日または改定日を確かめて書く",
        "en": "Find out when it was made or revised, and write it",
    },
)
def dated(rows: Rows, day: np.datetime64) -> Result:
    """
    Undated evidence supports nothing (README, verdicts); a date still to come counts as none.
    """
    del day
    return np.ones(len(rows), dtype=bool), rows.filled("dated")


@check(
    NAME,
    "valid_until",
    serves=(),
    head="valid",
    rule={
        "ja": "証跡が有効期限を過ぎていない",
        "en": "The evidence is not past its last good day",
    },
    fails={
        "ja": "証跡「{file}」は{valid_until}で有効期限が切れています。",
        "en": 'Evidence "{file}" expired after {valid_until}.',
    },
    remedy={"ja": "新しい証跡に差し替える", "en": "Replace it by a newer one"},
)
def still_valid(rows: Rows, day: np.datetime64) -> Result:
    """
    The last good day counts; evidence without one does not expire.
    """
    until = rows.date("valid_until")
    return ~np.isnat(until), until >= day


@check(
    NAME,
    "owner",
    serves=(),
    head="owner",
    rule={"ja": "証跡の管理者が決まっている", "en": "The evidence has an owner"},
    fails={
        "ja": "証跡「{file}」の管理者が決まっていません。",
        "en": 'Evidence "{file}" has no owner.',
    },
    remedy={"ja": "管理し更新する部署または人を決める", "en": "Settle who keeps it up to date"},
)
def owned(rows: Rows, day: np.datetime64) -> Result:
    """
    Somebody keeps the evidence up to date.
    """
    del day
    return np.ones(len(rows), dtype=bool), rows.filled("owner")
