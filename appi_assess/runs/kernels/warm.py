"""
What every notebook needs, loaded before the first one: libraries, the law, fonts, templates.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

# What a kernel would import by itself when it starts and runs.
_NEEDED = (
    "ipykernel.debugger",
    "ipykernel.ipkernel",
    "ipykernel.kernelapp",
    "ipykernel.zmqshell",
    "IPython.core.completerlib",
    "IPython.core.debugger",
    "IPython.core.logger",
    "IPython.core.oinspect",
    "IPython.extensions.storemagic",
    "tornado.platform.asyncio",
    "zmq.utils.garbage",
    "appi_assess.chapter",
    "appi_assess.gap_report",
    "appi_assess.portfolio.sheet",
    "appi_assess.runs.kernels.kernel",
)


def warm() -> None:
    """
    Fill the caches that do not depend on a client. Starts nothing.

    Whatever is loaded at the first use is used once, with the bundled sample, which is of nobody.
    """
    _libraries()
    _judging()
    _showing()


def _libraries() -> None:
    """
    The kernel and the sheets of all notebooks, and with them pandas and matplotlib.
    """
    for module in _NEEDED:
        import_module(module)


def _judging() -> None:
    """
    The law, the wording, and the tables of countries and holidays.
    """
    from appi_assess import law, tables

    for path in sorted(Path(tables.__file__).parent.glob("*.yaml")):
        tables.table(path.stem)
    law.groups()
    law.checklist()


def _showing() -> None:
    """
    The page template, the fonts of both languages with the texts of the law, and what draws pictures.
    """
    from appi_assess.gap_report import open_gap_report
    from appi_assess.wording import LANGUAGES

    for lang in LANGUAGES:
        report = open_gap_report(lang=lang)
        report.introduction().html()
        for chart in (report.heat_map(), report.radar(), report.effort()):
            chart._repr_mimebundle_()
