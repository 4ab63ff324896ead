"""
Warming up: what every notebook needs is there, and nothing was started or changed.
"""

from __future__ import annotations

import json
import subprocess
import sys

LOOK = """
import json, threading
import matplotlib as mpl
before = dict(mpl.rcParams)
from appi_assess.runs.kernels.warm import warm
warm()
from appi_assess import conclude, law, page, picture, renderer
from appi_assess.checks import all_checks
caches = (law.all_requirements, law.gates, law.groups, law.checklist, law._catalogue, conclude._by_law,
    conclude._groups, page._template, picture._japanese_font, renderer.outline, all_checks)
print(json.dumps({
    "cold": [c.__name__ for c in caches if not c.cache_info().currsize],
    "threads": [t.name for t in threading.enumerate()],
    "settings": [k for k, v in before.items() if mpl.rcParams[k] != v],
}))
"""


def test_warming_up_fills_the_caches_and_leaves_no_thread_and_no_setting() -> None:
    """A process that forks may run no thread, and a notebook finds matplotlib as it would be anyway."""
    ran = subprocess.run([sys.executable, "-c", LOOK], capture_output=True, text=True, check=True)
    assert json.loads(ran.stdout) == {"cold": [], "threads": ["MainThread"], "settings": []}
