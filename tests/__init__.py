"""
Tests: what users can rely on, in sentences.
"""
