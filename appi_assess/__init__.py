"""
A self-assessment kit for Japan's Act on the Protection of Personal Information.

Readers turn an engagement folder into values, ``assess`` and ``score`` judge them,
charts and notebooks show the result, and one writer puts it on disk.
"""

__version__ = "0.4.1"
