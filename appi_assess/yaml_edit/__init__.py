"""
Changing single values in a hand-kept YAML file so that everything around them stays byte for byte.

Libraries that write YAML, ruamel.yaml among them, lay a file out anew; here a value is exchanged
in the text itself, and the result is read again and compared before it is handed out.
"""

from .edit import NotEditable, Path, add, drop, put

__all__ = ["NotEditable", "Path", "add", "drop", "put"]
