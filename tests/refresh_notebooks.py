"""
Runs every committed notebook on the sample again and stores its outputs, and makes what else is made
from data and code: the schema, the templates of the registers, the tables of the README.

    python -m tests.refresh_notebooks
"""

from __future__ import annotations

from appi_assess.assessment import schema
from appi_assess.files import write_bytes, write_text
from appi_assess.registers import REGISTERS
from appi_assess.resources import notebooks, templates
from appi_assess.runs.execute import run_notebook
from appi_assess.scaffold import register_text
from appi_assess.wording import LANGUAGES
from tests.generated import ROOT, readme

if __name__ == "__main__":
    write_text(ROOT / "appi_assess" / "assessment.schema.json", schema())
    write_text(ROOT / "README.md", readme((ROOT / "README.md").read_text(encoding="utf-8")))
    for lang in LANGUAGES:
        for name in REGISTERS:
            content = register_text(name, lang).encode("utf-8-sig")
            write_bytes(templates() / "registers" / lang / f"{name}.csv", content)
    for path in sorted(notebooks().glob("*.ipynb")):
        run_notebook(path, path, {})
