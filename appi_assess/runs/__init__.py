"""
Running notebooks: one, a report of one organisation, a batch of many, and running them again to compare.
"""
