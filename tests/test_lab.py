"""
The notebooks in an engagement, and the commands that open JupyterLab and Voila on them.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest

from appi_assess import law
from appi_assess.problems import InputProblems
from appi_assess.reader import read_engagement
from appi_assess.resources import notebooks, sample, templates
from appi_assess.runs.execute import declared_parameters, run_notebook
from appi_assess.servers import serve, server, working_copies
from appi_assess.servers.lab import lab_command, lab_environment, prepare
from appi_assess.servers.serve import checked_token, serve_command, serve_environment, serve_settings
from appi_assess.servers.working_copies import place_notebooks
from appi_assess.wording import say

from .conftest import notebook_names, run_kit

NAMES = notebook_names()
FIRST = NAMES[0]
PRIVATE = Path("private")


def placed(folder: Path, name: str = FIRST) -> Any:
    """A working copy."""
    return nbformat.read(folder / "notebooks" / name, as_version=4)


def altered(folder: Path, change: Callable[[Any], None], name: str = FIRST) -> str:
    """Change a working copy as JupyterLab would save it; its new text."""
    notebook = placed(folder, name)
    change(notebook)
    path = folder / "notebooks" / name
    nbformat.write(notebook, path)
    return path.read_text(encoding="utf-8")


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_every_notebook_is_placed_ready_to_run(tmp_path: Path, lang: str) -> None:
    """Parameters set, no outputs, code folded away, title in one language, cells as we ship them."""
    assert place_notebooks(tmp_path, lang) == []
    assert sorted(p.name for p in (tmp_path / "notebooks").iterdir()) == NAMES
    for chapter, name in zip(law.chapters(), NAMES, strict=True):
        copy, shipped = placed(tmp_path, name), nbformat.read(notebooks() / name, as_version=4)
        nbformat.validate(copy)
        title = {code: f"{chapter.id} {chapter.title[code]}" for code in ("ja", "en")}
        assert shipped.cells[0].source == f"# {title['ja']} / {title['en']}"  # so that nothing gets lost
        assert copy.cells[0].source.split("\n") == [f"# {title[lang]}", "", say("lab.run_all", lang)]
        assert copy.metadata.title == title[lang]
        parameters = declared_parameters(notebooks() / name)
        assert declared_parameters(tmp_path / "notebooks" / name) == {
            **parameters,
            "engagement": "..",
            "lang": lang,
        }
        assert [c.id for c in copy.cells] == [c.id for c in shipped.cells]
        for ours, theirs in zip(copy.cells[1:], shipped.cells[1:], strict=True):
            if "parameters" in ours.metadata.tags:
                blank = ours.source.replace('engagement = ".."', 'engagement = ""')
                assert blank.replace(f'lang = "{lang}"', 'lang = ""') == theirs.source
            else:
                assert ours.source == theirs.source
            if ours.cell_type == "code":
                assert (ours.outputs, ours.execution_count) == ([], None)
                assert ours.metadata.jupyter == {"source_hidden": True}


def test_a_placed_notebook_runs_on_the_engagement_it_lies_in(sample_copy: Path, tmp_path: Path) -> None:
    """Started where it lies, as JupyterLab does, without any parameter from outside."""
    head = sample_copy / "engagement.yaml"
    text = head.read_text(encoding="utf-8")
    name = str(read_engagement(sample_copy).organisation)
    head.write_text(text.replace(name, "Another Company Ltd"), encoding="utf-8", newline="\n")
    place_notebooks(sample_copy, "en")
    folder = sample_copy / "notebooks"
    run_notebook(folder / FIRST, tmp_path / "run.ipynb", {}, cwd=folder)
    assert "Another Company Ltd" in (tmp_path / "run.ipynb").read_text(encoding="utf-8")


def test_a_second_time_nothing_is_written_and_outputs_stay(tmp_path: Path) -> None:
    """A copy that was run, and not changed, keeps what it shows."""
    place_notebooks(tmp_path, "ja")

    def run(notebook: Any) -> None:
        notebook.cells[1].execution_count = 1
        notebook.cells[1].outputs = [nbformat.v4.new_output("stream", text="ran")]

    text = altered(tmp_path, run)
    before = {p.name: p.stat().st_mtime_ns for p in (tmp_path / "notebooks").iterdir()}
    assert place_notebooks(tmp_path, "ja") == []
    assert {p.name: p.stat().st_mtime_ns for p in (tmp_path / "notebooks").iterdir()} == before
    assert (tmp_path / "notebooks" / FIRST).read_text(encoding="utf-8") == text


def test_forms_of_an_earlier_kernel_do_not_stay_as_errors(tmp_path: Path) -> None:
    """A saved notebook shows no "model not found" the next day, but how to run it."""
    place_notebooks(tmp_path, "ja")
    path = tmp_path / "notebooks" / NAMES[4]
    notebook = nbformat.read(path, as_version=4)
    view = {"application/vnd.jupyter.widget-view+json": {"model_id": "1"}, "text/plain": "Form"}
    notebook.cells[2].outputs = [nbformat.v4.new_output("display_data", data=view)]
    nbformat.write(notebook, path)
    assert place_notebooks(tmp_path, "ja") == []
    assert all(not c.outputs for c in placed(tmp_path, NAMES[4]).cells if c.cell_type == "code")


def test_a_missing_copy_is_made_again(tmp_path: Path) -> None:
    """Deleting a copy is the way to a fresh one."""
    place_notebooks(tmp_path, "ja")
    (tmp_path / "notebooks" / FIRST).unlink()
    assert place_notebooks(tmp_path, "ja") == []
    assert (tmp_path / "notebooks" / FIRST).is_file()


@pytest.mark.parametrize("other", ["version", "language"])
def test_a_copy_of_another_version_or_language_is_renewed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, other: str
) -> None:
    """If nobody changed it, with or without outputs."""
    with monkeypatch.context() as patched:
        if other == "version":
            patched.setattr(working_copies, "__version__", "0.0.1")
        place_notebooks(tmp_path, "ja" if other == "version" else "en")
    altered(tmp_path, lambda n: n.cells[1].update(execution_count=7))
    assert place_notebooks(tmp_path, "ja") == []
    copy = placed(tmp_path)
    assert copy.cells[1].execution_count is None
    assert copy.metadata.appi_assess.lang == "ja"
    assert copy.metadata.appi_assess.version == working_copies.__version__
    assert "はじめに" in copy.cells[0].source


def _one_word(notebook: Any) -> None:
    notebook.cells[1].source += "\n# mine"


def _a_cell_more(notebook: Any) -> None:
    notebook.cells.append(nbformat.v4.new_code_cell("1 + 1"))


def _without_our_mark(notebook: Any) -> None:
    del notebook.metadata["appi_assess"]


@pytest.mark.parametrize("change", [_one_word, _a_cell_more, _without_our_mark])
def test_a_copy_that_somebody_changed_is_never_touched(tmp_path: Path, change: Callable[[Any], None]) -> None:
    """Not even by another language; the user is told which one."""
    place_notebooks(tmp_path, "ja")
    text = altered(tmp_path, change)
    for lang in ("ja", "en"):
        (notice,) = place_notebooks(tmp_path, lang)
        assert (notice.code, notice.level) == ("notebook_changed", "notice")
        assert f"notebooks/{FIRST}" in notice.said(lang)
        assert (tmp_path / "notebooks" / FIRST).read_text(encoding="utf-8") == text


@pytest.mark.parametrize(
    "content", [b"", b"no JSON", b"[]", b"{}", b'{"cells": 1}', b"\xff\xfe", b'{"cells":[{}],"metadata":{}}']
)
def test_a_file_that_is_no_notebook_is_never_touched(tmp_path: Path, content: bytes) -> None:
    """Whatever stands under the name of a notebook stays, and is named."""
    path = tmp_path / "notebooks" / FIRST
    path.parent.mkdir()
    path.write_bytes(content)
    (notice,) = place_notebooks(tmp_path, "en")
    assert (notice.code, notice.level) == ("notebook_broken", "notice")
    assert path.read_bytes() == content
    assert len(list(path.parent.iterdir())) == len(NAMES)


def test_the_copies_are_no_input_of_the_engagement(tmp_path: Path) -> None:
    """``init`` makes them; check and the list of input files pass them by."""
    assert run_kit("init", tmp_path / "s", "--sample", "--lang", "en").returncode == 0
    assert sorted(p.name for p in (tmp_path / "s" / "notebooks").iterdir()) == NAMES
    assert run_kit("check", tmp_path / "s").returncode == 0
    assert read_engagement(tmp_path / "s").files == read_engagement(sample("en")).files


@pytest.mark.parametrize("command", ["lab", "serve"])
def test_a_folder_that_is_no_engagement_is_refused(tmp_path: Path, command: str) -> None:
    """In one sentence that names the way out, and nothing is made there."""
    result = run_kit(command, tmp_path, "--lang", "en", "--no-browser")
    assert result.returncode == 1
    assert "appi-assess init" in result.stderr
    assert "Traceback" not in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_notebooks_speak_the_language_of_the_engagement_unless_asked(tmp_path: Path) -> None:
    """Even if it has errors: the forms are where they get mended."""
    head = tmp_path / "engagement.yaml"
    head.write_text("language: ja\norganisation:\n", encoding="utf-8", newline="\n")
    assert prepare(tmp_path, "") == ("ja", [])
    assert placed(tmp_path).metadata.appi_assess.lang == "ja"
    assert prepare(tmp_path, "en") == ("en", [])
    assert placed(tmp_path).metadata.appi_assess.lang == "en"


def test_lab_opens_the_first_notebook_on_this_machine_only() -> None:
    """Loopback, the engagement as root, notebook 00, no news, no updates, no other extension store."""
    command = lab_command(Path("/somewhere/案件"), PRIVATE, 8899, browser=False)
    assert command[:3] == [sys.executable, "-m", "jupyterlab"]
    assert {
        "--ServerApp.ip=127.0.0.1",
        "--ServerApp.port=8899",
        "--ServerApp.root_dir=/somewhere/案件",
        "--ServerApp.open_browser=False",
        f"--LabApp.default_url=/lab/tree/notebooks/{FIRST}",
        "--LabApp.workspaces_dir=private",
        "--LabApp.news_url=None",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
        "--LabApp.extension_manager=readonly",
    } <= set(command)
    assert not [part for part in command if "token" in part or "collaborative" in part]
    assert lab_environment(PRIVATE, {"A": "b"}) == {"A": "b", "JUPYTER_CONFIG_PATH": "private"}


def test_serve_hides_code_and_files_and_stays_on_this_machine() -> None:
    """The token stands in the environment, where other users of the machine cannot read it."""
    command = serve_command(Path("/somewhere"), PRIVATE)
    assert command == [
        *(sys.executable, "-m", "voila", "/somewhere/notebooks"),
        "--Voila.config_file_paths=private",
    ]
    settings = serve_settings("ja", 8899)
    assert settings["Voila"]["ip"] == "127.0.0.1"
    shown = settings["VoilaConfiguration"]
    assert (shown["strip_sources"], shown["show_tracebacks"], shown["file_allowlist"]) == (True, False, [])
    assert settings["HTMLExporter"] == {"language_code": "ja"}
    assert json.loads(json.dumps(settings)) == settings
    environment = serve_environment("a-token-of-length", {"JUPYTER_PATH": "theirs"})
    paths = os.pathsep.join((str(templates() / "voila"), "theirs"))
    assert environment == {"JUPYTER_PATH": paths, "JUPYTER_TOKEN": "a-token-of-length"}
    assert "a-token-of-length" not in json.dumps(settings)


def test_a_token_is_random_or_long_enough() -> None:
    """Without ``--token`` nobody gets the same one twice."""
    first, second = checked_token(None, "en"), checked_token(None, "en")
    assert first != second
    assert min(len(first), len(second)) >= 32
    assert checked_token("0123456789abcdef", "en") == "0123456789abcdef"


@pytest.mark.parametrize("token", ["", "0123456789abcde", "0123456789 abcdef", " 0123456789abcdef"])
@pytest.mark.parametrize(("lang", "said"), [("ja", "トークンなし"), ("en", "without a proper token")])
def test_serving_without_a_token_is_refused(tmp_path: Path, token: str, lang: str, said: str) -> None:
    """Leaving it empty, short or with blanks is no way to switch it off."""
    with pytest.raises(InputProblems) as caught:
        checked_token(token, lang)
    assert said in str(caught.value)
    if not token:
        result = run_kit("serve", tmp_path, "--token", "", "--lang", lang)
        assert result.returncode == 1
        assert said in result.stderr


def test_serve_without_voila_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """The extra is named."""
    serve.check_voila("en")
    monkeypatch.setattr(serve.importlib.util, "find_spec", lambda _: None)
    with pytest.raises(InputProblems) as caught:
        serve.check_voila("en")
    assert 'pip install "appi-assess[serve]"' in str(caught.value)


def test_a_port_that_is_taken_is_passed_by() -> None:
    """The next one is used; with none left the user is told."""
    import socket

    with socket.create_server((server.HOST, 0)) as taken:
        port = taken.getsockname()[1]
        assert server.free_port(port, "en") > port
    with socket.create_server((server.HOST, 65535)), pytest.raises(InputProblems) as caught:
        server.free_port(65535, "en")
    assert "65535" in str(caught.value)


WAITS = "import time, sys; print('up', flush=True); time.sleep(600)"
RUNS = """
import os, sys
from pathlib import Path
from appi_assess.servers import server
server._STOP_WITHIN = 1
sys.exit(server.run_server([sys.executable, "-c", sys.argv[1]], os.environ, Path(sys.argv[2])))
"""


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_a_server_that_is_stopped_ends_without_a_traceback(tmp_path: Path, sent: signal.Signals) -> None:
    """Neither Ctrl+C nor being told to stop leaves the server behind or shows a fault of ours."""
    with subprocess.Popen(
        [sys.executable, "-c", RUNS, WAITS, str(tmp_path)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "up\n"
        process.send_signal(sent)
        out, err = process.communicate(timeout=30)
    assert (out, err) == ("", "")


def test_the_status_of_a_server_that_fails_is_passed_on(tmp_path: Path) -> None:
    """A start that did not work is no success."""
    assert server.run_server([sys.executable, "-c", "raise SystemExit(3)"], {}, tmp_path) == 3
