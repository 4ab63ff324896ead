"""
What every notebook needs, loaded before the first one: libraries, the law, fonts, templates.
"""

from __future__ import annotations

from pathlib import Path


def warm() -> None:
    """
    Fill the caches that do not depend on a client. Starts nothing.

    Whatever is loaded at the first use is used once: the bundled sample, which is of nobody, is judged,
    and a made-up chart is drawn in each language.
    """
    _libraries()
    _judging()
    _showing()


def _libraries() -> None:
    """
    The kernel and the sheets of all notebooks, and with them pandas and matplotlib.
    """
    import ipykernel.debugger
    import ipykernel.ipkernel
    import ipykernel.kernelapp
    import ipykernel.zmqshell  # noqa: F401

    from appi_assess import chapter, gap_report  # noqa: F401
    from appi_assess.portfolio import sheet  # noqa: F401


def _judging() -> None:
    """
    The law, the checks, the wording, and the tables of countries and holidays.
    """
    from appi_assess import law, tables
    from appi_assess.notebook import open_engagement

    for path in sorted(Path(tables.__file__).parent.glob("*.yaml")):
        tables.table(path.stem)
    law.groups()
    law.checklist()
    open_engagement()


def _showing() -> None:
    """
    The page template, the fonts of both languages, and what draws and saves pictures.
    """
    import pandas as pd

    from appi_assess.charts import VERDICT_ORDER, verdict_bars
    from appi_assess.page import Page, sentence
    from appi_assess.wording import LANGUAGES, choices

    for lang in LANGUAGES:
        labels = choices("verdict", lang)
        Page(lang, sentence(labels["met"])).html()
        numbers = pd.DataFrame({verdict: [1] for verdict in VERDICT_ORDER}, index=[labels["met"]])
        chart = verdict_bars("warm", numbers, labels["met"], lang)
        chart.png()
        chart.svg()
