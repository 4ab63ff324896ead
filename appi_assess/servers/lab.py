"""
JupyterLab on an engagement: its notebooks placed and set, the first of them open, nothing sent out.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from appi_assess import law
from appi_assess.engagement import ENGAGEMENT
from appi_assess.files import write_text
from appi_assess.problems import InputProblems, Problem
from appi_assess.reader import read_engagement
from appi_assess.wording import user_language

from .server import HEADERS, HOST, KERNELS, run_server
from .working_copies import COPIES, place_notebooks

_SETTINGS: dict[str, object] = {
    "jupyter_server_config.json": {
        "ServerApp": {"tornado_settings": {"headers": HEADERS}},
        "KernelManager": KERNELS,
    },
    # Asks whether to fetch news, and fetches them.
    "labconfig/page_config.json": {
        "disabledExtensions": {"@jupyterlab/apputils-extension:announcements": True}
    },
}


def prepare(folder: Path, lang: str) -> tuple[str, list[Problem]]:
    """
    Place the notebooks in an engagement, in the language asked for or else its own.

    Returns:
        The language, and a notice for each notebook that was left as it is.

    Raises:
        InputProblems: If the folder is no engagement.
    """
    if not (folder / ENGAGEMENT).is_file():
        raise InputProblems([Problem("engagement_missing", str(folder))], lang or user_language())
    try:
        lang = lang or read_engagement(folder).language
    except InputProblems as error:  # no reason to stay out: the forms are where it gets mended
        lang = error.lang
    return lang, place_notebooks(folder, lang)


def open_lab(folder: Path, port: int, browser: bool) -> int:
    """
    Run JupyterLab on an engagement until it is stopped.

    Args:
        folder: The engagement, with its notebooks placed.
        port: The first one to try.
        browser: Whether to open a browser.

    Returns:
        The exit status.
    """
    with tempfile.TemporaryDirectory(prefix="appi-assess-") as temporary:
        private = Path(temporary)
        for name, settings in _SETTINGS.items():
            write_text(private / name, json.dumps(settings))
        command = lab_command(folder.resolve(), private, port, browser)
        return run_server(command, lab_environment(private, os.environ), private)


def lab_environment(private: Path, environment: Mapping[str, str]) -> dict[str, str]:
    """
    The environment of JupyterLab: our settings before those of the user.
    """
    paths = [str(private), environment.get("JUPYTER_CONFIG_PATH", "")]
    return {**environment, "JUPYTER_CONFIG_PATH": os.pathsep.join(filter(None, paths))}


def lab_command(folder: Path, private: Path, port: int, browser: bool) -> list[str]:
    """
    The command that opens JupyterLab at the first notebook of an engagement.

    Args:
        folder: The engagement, which is all that JupyterLab shows.
        private: Where it keeps which tabs are open, so that no other engagement's appear.
        port: The first one to try.
        browser: Whether to open a browser.
    """
    return [
        *(sys.executable, "-m", "jupyterlab"),
        f"--ServerApp.ip={HOST}",
        f"--ServerApp.port={port}",
        f"--ServerApp.root_dir={folder}",
        f"--ServerApp.open_browser={browser}",
        "--log-level=WARN",
        "--ServerApp.answer_yes=True",  # Ctrl+C ends it without a question
        f"--LabApp.default_url=/lab/tree/{COPIES}/{law.chapters()[0].name}.ipynb",
        f"--LabApp.workspaces_dir={private}",
        "--LabApp.news_url=None",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
        "--LabApp.extension_manager=readonly",
        # In a container people are often root; nobody but this machine reaches the server anyway.
        *(["--allow-root"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []),
    ]
