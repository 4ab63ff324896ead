"""
Is a report what its inputs give? Hashes, references, notebooks, and a new run to compare with.
"""
