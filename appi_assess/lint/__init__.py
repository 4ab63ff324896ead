"""
What a reviewer should look at before relying on an assessment.
"""
