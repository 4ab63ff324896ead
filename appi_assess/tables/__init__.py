"""
The kit's own data: YAML files beside this module, read as text and typed by their readers.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml

ARTICLES = Path(__file__).parent.parent / "articles"
# The C parser reads the whole law in a tenth of the time of the Python one.
_Loader: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


@cache
def table(name: str) -> Any:
    """
    The content of ``NAME.yaml``: mappings, lists and strings, nothing guessed.
    """
    return load(Path(__file__).parent / f"{name}.yaml")


def load(path: Path) -> Any:
    """
    Read one of the kit's own YAML files.
    """
    return yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)  # noqa: S506 - BaseLoader
