"""
Tests of the register checks, one module per register.
"""
