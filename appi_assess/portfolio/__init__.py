"""
Notebook 30: the results of many organisations side by side.
"""
