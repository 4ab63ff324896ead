"""
Lets ``python -m appi_assess`` do what ``appi-assess`` does.
"""

from .cli import main

main()
