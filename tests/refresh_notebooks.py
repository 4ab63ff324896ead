"""
Runs every committed notebook on the sample again and stores its outputs: the one command for that.

    python tests/refresh_notebooks.py
"""

from __future__ import annotations

from appi_assess.assessment import schema
from appi_assess.files import write_text
from appi_assess.resources import notebooks
from appi_assess.run import run_notebook

if __name__ == "__main__":
    write_text(notebooks().parent / "appi_assess" / "assessment.schema.json", schema())
    for path in sorted(notebooks().glob("*.ipynb")):
        run_notebook(path, path, {})
