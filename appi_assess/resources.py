"""
Where the kit's own notebooks and templates are: in the wheel, or in a checkout.
"""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).parent


def _find(name: str) -> Path:
    inside = _PACKAGE / "_kit" / name
    return inside if inside.is_dir() else _PACKAGE.parent / name


def notebooks() -> Path:
    """
    The folder of the numbered notebooks.
    """
    return _find("notebooks")


def templates() -> Path:
    """
    The folder of the templates: sample engagement, registers, HTML pieces.
    """
    return _find("templates")


def sample(lang: str) -> Path:
    """
    The bundled sample engagement in ``lang``.
    """
    return templates() / "sample" / lang
