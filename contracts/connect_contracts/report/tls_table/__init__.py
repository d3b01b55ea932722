"""Recipes: the cases about TLS side by side, with what verifiers and implementations make of them.

A recipe is a case that has a name among the TLS cases, such as ``time/expired``.
"""
