"""
Chapters without code: who may see them, what they load, and that forms talk to their kernel.
"""

from __future__ import annotations

import json
import re
import shutil
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import Page

from appi_assess import law
from appi_assess.resources import sample
from appi_assess.servers.working_copies import place_notebooks

from .conftest import Server

NewPage = Callable[[], Page]
FIRST, SECOND = (f"{chapter.name}.ipynb" for chapter in law.chapters()[:2])
FORM = """
import os

import anywidget
import ipywidgets
import traitlets


class Counter(anywidget.AnyWidget):
    _esm = '''
    export default { render({ model, el }) {
      const button = document.createElement("button");
      button.id = "counter";
      const show = () => { button.textContent = "count " + model.get("twice"); };
      button.onclick = () => { model.set("count", model.get("count") + 1); model.save_changes(); };
      model.on("change:twice", show);
      show();
      el.append(button);
    } };
    '''
    count = traitlets.Int(0).tag(sync=True)
    twice = traitlets.Int(0).tag(sync=True)

    @traitlets.observe("count")
    def _counted(self, change):
        self.twice = change["new"] * 2


slider = ipywidgets.IntSlider(value=3, description="slide")
label = ipywidgets.Label(value="at 3")
slider.observe(lambda change: setattr(label, "value", f"at {change['new']}"), names="value")
software = ipywidgets.Label(value="software " + os.environ.get("SERVER_SOFTWARE", "none"))
ipywidgets.VBox([slider, label, software, Counter()])
"""


@pytest.fixture(scope="module")
def address(server: Server, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The served Japanese sample, with a notebook of widgets and a picture beside the chapters."""
    folder = Path(shutil.copytree(sample("ja"), tmp_path_factory.mktemp("served") / "案件"))
    place_notebooks(folder, "ja")
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    for name, source in (("widgets", FORM), ("fails", "raise RuntimeError('inner words')")):
        cells = [nbformat.v4.new_code_cell(source)]
        notebook = nbformat.v4.new_notebook(cells=cells, metadata=kernel)
        nbformat.write(notebook, folder / "notebooks" / f"{name}.ipynb")
    (folder / "notebooks" / "picture.png").write_bytes(b"\x89PNG secret")
    return server("serve", folder)


def root(address: str) -> str:
    """The address without path and token."""
    return "/".join(address.split("/")[:3])


def opened(page: Page, address: str, name: str = FIRST) -> Page:
    """A chapter, once it shows."""
    page.goto(address.replace(FIRST, name))
    page.wait_for_selector("#rendered_cells", state="visible", timeout=90_000)
    return page


def answer(url: str, **headers: str) -> tuple[int, str, str]:
    """Status, final address and text that a client without a browser gets."""
    request = urllib.request.Request(url, headers=headers)  # noqa: S310 - our own server
    try:
        with urllib.request.urlopen(request, timeout=60) as response:  # noqa: S310
            return response.status, response.url, response.read().decode("utf-8", "replace")
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code, refused.url, refused.read().decode("utf-8", "replace")


UPGRADE = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA==",
}
KERNEL = "12345678-1234-1234-1234-123456789abc"


@pytest.mark.parametrize(
    "path",
    [
        "/",
        f"/voila/render/{FIRST}",
        "/voila/tree/",
        "/voila/api/contents/",
        f"/voila/api/contents/{FIRST}",
        "/voila/files/picture.png",
        f"/voila/files/{FIRST}",
        f"/api/kernels/{KERNEL}",
        f"/voila/render/{FIRST}?token=wrong-token-wrong-token",
    ],
)
def test_without_the_token_nothing_is_shown(address: str, path: str) -> None:
    """Refused, or sent to a login page that says nothing of the engagement."""
    status, url, text = answer(root(address) + path)
    assert status in (403, 404) or "/login" in url
    assert status != 404 or path.startswith("/api/")
    for word in ("そらもり", "適用範囲", "picture", "PNG", "widgets.ipynb", "dist"):
        assert word not in text


def test_without_the_token_no_kernel_can_be_reached(address: str, new_page: NewPage) -> None:
    """Neither asked for, nor talked to, nor ended, even by who knows its id."""
    page = opened(new_page(), address)
    kernel = kernel_of(page)
    for path in (f"/api/kernels/{kernel}", f"/api/kernels/{kernel}/channels"):
        assert answer(root(address) + path, **(UPGRADE if "channels" in path else {}))[0] == 403
    token = address.split("token=")[1]
    assert answer(f"{root(address)}/api/kernels/{kernel}?token={token}")[0] == 200


def kernel_of(page: Page) -> str:
    """The id of the kernel behind a page."""
    return str(json.loads(page.text_content("#jupyter-config-data") or "{}")["kernelId"])


def test_static_files_hold_nothing_of_the_engagement(address: str) -> None:
    """What is served to everyone is code of the libraries; no path leads out of them."""
    for place in ("static", "templates/appi_assess/static", "labextensions", "api/themes"):
        for path in ("picture.png", "../picture.png", "%2e%2e/picture.png", f"%2e%2e/%2e%2e/{FIRST}"):
            status, _, text = answer(f"{root(address)}/voila/{place}/{path}")
            assert status >= 400
            assert "secret" not in text


@pytest.mark.parametrize(
    "path", ["picture.png", FIRST, "../engagement.yaml", "..%2fengagement.yaml", "%2e%2e/answers.yaml"]
)
def test_files_are_not_served_even_with_the_token(address: str, path: str) -> None:
    """Pages only: neither pictures nor notebooks nor answers can be fetched."""
    token = address.split("token=")[1]
    status, _, text = answer(f"{root(address)}/voila/files/{path}?token={token}")
    assert status in (403, 404)
    assert "PNG secret" not in text


def test_a_chapter_shows_its_results_and_no_code(address: str, new_page: NewPage) -> None:
    """In the language of the engagement, with a title, and without how to run it."""
    page = opened(new_page(), address)
    page.wait_for_selector("text=そらもり計測株式会社")
    assert page.title() == "00 はじめに・適用範囲"
    assert page.evaluate("document.documentElement.lang") == "ja"
    assert page.locator("[role=main]:visible").count() == 1
    shown = page.inner_text("body")
    assert "open_start" not in shown
    assert "Run All Cells" not in shown
    assert "open_start" not in page.content()


def test_all_chapters_are_one_key_away(address: str, new_page: NewPage) -> None:
    """Links in the order of the chapters; the current one is marked for those who cannot see it."""
    page = opened(new_page(), address)
    links = page.locator("nav a")
    assert links.count() == len(law.chapters())
    assert links.all_inner_texts() == [f"{c.id} {c.short['ja']}" for c in law.chapters()]
    assert page.locator("nav a[aria-current=page]").all_inner_texts() == [links.nth(0).inner_text()]
    links.nth(1).focus()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/{SECOND}")
    page.wait_for_selector("#rendered_cells", state="visible", timeout=90_000)
    assert page.locator("nav a[aria-current=page]").all_inner_texts() == [
        page.locator("nav a").nth(1).inner_text()
    ]


@pytest.mark.parametrize("path", ["/", "/voila/tree/", "/?classic-tree=false", "/voila/render/none.ipynb"])
def test_pages_around_the_chapters_are_ours(address: str, new_page: NewPage, path: str) -> None:
    """The list of chapters, and what is said of a page that is not there, in the language."""
    page = new_page()
    page.goto(f"{root(address)}{path}{'&' if '?' in path else '?'}token={address.split('token=')[1]}")
    assert page.evaluate("document.documentElement.lang") == "ja"
    assert "章の一覧" in page.content()
    assert "お探しのページはありません" in page.content() or page.locator("nav a").count() == 13


def test_widgets_show_and_talk_to_their_kernel(address: str, new_page: NewPage) -> None:
    """A slider and a form of ours, both ways; and the kernel knows that a person is there."""
    page = opened(new_page(), address, "widgets.ipynb")
    slider = page.locator(".noUi-handle").first
    slider.wait_for(timeout=60_000)
    slider.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_selector("text=at 4")
    page.click("#counter")
    page.wait_for_selector("text=count 2")
    assert re.search(r"software voila/", page.inner_text("body"))


def test_each_user_has_a_kernel_of_his_own_that_ends_with_the_tab(address: str, new_page: NewPage) -> None:
    """What one does, the other does not see; a closed tab leaves no kernel behind."""
    one, other = (opened(new_page(), address, "widgets.ipynb") for _ in range(2))
    assert kernel_of(one) != kernel_of(other)
    one.click("#counter", timeout=60_000)
    one.wait_for_selector("text=count 2")
    other.wait_for_selector("text=count 0")
    gone, token = kernel_of(one), address.split("token=")[1]
    one.close(run_before_unload=True)
    asked = f"{root(address)}/api/kernels/{gone}?token={token}"
    for _ in range(40):
        if answer(asked)[0] == 404:
            break
        other.wait_for_timeout(250)
    assert answer(asked)[0] == 404
    other.click("#counter")
    other.wait_for_selector("text=count 2")


def test_a_failing_cell_says_so_without_a_traceback(address: str, new_page: NewPage) -> None:
    """What to do, and nothing of the code."""
    page = opened(new_page(), address, "fails.ipynb")
    page.wait_for_selector("text=appi-assess check")
    assert "inner words" not in page.content()


def test_code_cannot_be_run_by_whoever_has_the_token(address: str, new_page: NewPage) -> None:
    """The way to the kernel lets the messages of forms through, no code."""
    page = opened(new_page(), address, "widgets.ipynb")
    page.wait_for_selector("text=count 0", timeout=60_000)
    heard = page.evaluate(
        """([kernel]) => new Promise((done) => {
          const socket = new WebSocket(`ws://${location.host}/api/kernels/${kernel}/channels`);
          const heard = [];
          const send = (msg_type, content) => socket.send(JSON.stringify({
            channel: "shell", buffers: [], metadata: {}, parent_header: {}, content,
            header: {msg_id: msg_type, msg_type, session: "s", username: "", version: "5.3", date: ""}}));
          socket.onmessage = (event) => heard.push(JSON.parse(event.data).header.msg_type);
          socket.onopen = () => {
            send("execute_request", {code: "1", silent: false, store_history: true,
              user_expressions: {}, allow_stdin: false, stop_on_error: true});
            send("kernel_info_request", {});
          };
          setTimeout(() => done(heard), 4000);
        })""",
        [kernel_of(page)],
    )
    assert "kernel_info_reply" in heard
    assert "execute_reply" not in heard
