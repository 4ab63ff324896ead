"""
The notebooks of an engagement as pages without code, through Voila: this machine only, with a token.
"""

from __future__ import annotations

import importlib.util
import json
import os
import secrets
import sys
import tempfile
import webbrowser
from collections.abc import Callable, Mapping
from html import escape
from pathlib import Path
from urllib.parse import quote

from appi_assess import law
from appi_assess.files import write_text
from appi_assess.problems import InputProblems, Problem
from appi_assess.resources import templates
from appi_assess.wording import choices

from .server import HEADERS, HOST, KERNELS, free_port, run_server
from .working_copies import COPIES

MIN_TOKEN = 16
TEMPLATE = "appi_assess"
CULL_AFTER = 600  # seconds; a closed tab ends its kernel at once, one that vanished after this time


def check_voila(lang: str) -> None:
    """
    Make sure that the optional part is installed.

    Raises:
        InputProblems: Saying how to install it.
    """
    if importlib.util.find_spec("voila") is None:
        raise InputProblems([Problem("voila_missing")], lang)


def checked_token(token: str | None, lang: str) -> str:
    """
    The token that the user chose, or a random one.

    Raises:
        InputProblems: If it is too short to keep anyone out, or holds blanks, which get lost.
    """
    if token is None:
        return secrets.token_urlsafe(24)
    if len(token) < MIN_TOKEN or token.split() != [token]:
        raise InputProblems([Problem("token_weak", key="--token", words={"limit": MIN_TOKEN})], lang)
    return token


def serve_notebooks(
    folder: Path, lang: str, port: int, token: str, browser: bool, tell: Callable[[str], None]
) -> int:
    """
    Run Voila on an engagement until it is stopped.

    Args:
        folder: The engagement, with its notebooks placed.
        lang: Language of the pages around the notebooks.
        port: The first one to try.
        token: What a browser must bring.
        browser: Whether to open a browser.
        tell: Gets the address once somebody answers there.

    Returns:
        The exit status.
    """
    port = free_port(port, lang)
    first = f"{law.chapters()[0].name}.ipynb"
    url = f"http://{HOST}:{port}/voila/render/{first}?token={quote(token, safe='')}"
    with tempfile.TemporaryDirectory(prefix="appi-assess-") as temporary:
        private = Path(temporary)

        def ready() -> None:
            tell(url)
            if browser:
                # Through a private file: other users of the machine see the arguments of a browser.
                way = private / "open.html"
                write_text(way, f'<meta http-equiv="refresh" content="0;url={escape(url)}">\n')
                webbrowser.open(way.as_uri())

        write_text(private / "voila.json", json.dumps(serve_settings(lang, port), ensure_ascii=False))
        command = serve_command(folder.resolve(), private)
        return run_server(command, serve_environment(token, os.environ), private, (port, ready))


def serve_command(folder: Path, private: Path) -> list[str]:
    """
    The command that serves the notebooks of an engagement.

    Args:
        folder: The engagement.
        private: Where our settings are; no other configuration has a say.
    """
    return [
        *(sys.executable, "-m", "voila", str(folder / COPIES)),
        f"--Voila.config_file_paths={private}",
    ]


def serve_environment(token: str, environment: Mapping[str, str]) -> dict[str, str]:
    """
    The environment of Voila: the token, which a command line would show to others, and our template.
    """
    paths = [str(templates() / "voila"), environment.get("JUPYTER_PATH", "")]
    return {
        **environment,
        "JUPYTER_TOKEN": token,
        "JUPYTER_PATH": os.pathsep.join(filter(None, paths)),
    }


def serve_settings(lang: str, port: int) -> dict[str, Mapping[str, object]]:
    """
    How Voila is to serve: loopback only, no code, no files, nothing from elsewhere.
    """
    words = choices("served", lang)
    chapters = [{"name": c.name, "label": f"{c.id} {c.short[lang]}"} for c in law.chapters()]
    own = {"lang": lang, "words": words, "chapters": chapters}
    return {
        "Voila": {
            "ip": HOST,
            "port": port,
            "port_retries": 0,  # the address is told before
            "open_browser": False,
            "auto_token": True,  # takes that of the environment
            "log_level": "ERROR",
            "tornado_settings": {
                "headers": HEADERS,
                "allow_unauthenticated_access": False,
                # A page that closes ends its kernel with a request that cannot carry Jupyter's own
                # mark against forgery. The cookie is not sent from other sites instead.
                "disable_check_xsrf": True,
                "jinja_template_vars": {TEMPLATE: own},
            },
        },
        "IdentityProvider": {"cookie_options": {"samesite": "Strict"}},
        "VoilaConfiguration": {
            "template": TEMPLATE,
            "resources": {TEMPLATE: own},
            "allow_template_override": "NO",
            "allow_theme_override": "NO",
            "classic_tree": True,
            "strip_sources": True,
            "show_tracebacks": False,
            "file_allowlist": [],
        },
        "VoilaExecutor": {"cell_error_instruction": words["failed"]},
        "HTMLExporter": {"language_code": lang},
        "KernelManager": KERNELS,
        "MappingKernelManager": {
            "cull_idle_timeout": CULL_AFTER,
            "cull_interval": 60,
            "cull_connected": False,
        },
    }
