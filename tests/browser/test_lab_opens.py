"""
JupyterLab as ``appi-assess lab`` opens it.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page

from .conftest import Server, open_notebook


def test_lab_opens_at_the_first_notebook_and_runs_it(
    server: Server, new_page: Callable[[], Page], sample_copy: Path
) -> None:
    """No question about news, nothing fetched from elsewhere, and one choice in a menu shows the chapter."""
    page = new_page()
    place = server("lab", sample_copy, "--lang", "ja")
    open_notebook(page, "00_start_and_scope", lambda: page.goto(place))
    page.wait_for_selector(".jp-RenderedMarkdown h1:has-text('00 はじめに・適用範囲')", timeout=90_000)
    page.wait_for_selector("text=Python 3 (ipykernel) | Idle", timeout=90_000)
    page.wait_for_timeout(3000)
    assert page.locator(".jp-Dialog, .Toastify__toast").count() == 0
    page.click("#jp-MainMenu >> text=Run")
    page.click('li[data-command="runmenu:run-all"]')
    page.wait_for_selector("text=Soramori Instruments", timeout=90_000)
