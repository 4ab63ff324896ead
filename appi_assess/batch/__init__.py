"""
The reports of many organisations: which, where they run, what is kept, and the report over all of them.
"""
