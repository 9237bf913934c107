"""Hostile files, templates, arguments, settings, answers and calls, one generator for each, and one judge.

A *story* is told by its kind, seed and number alone, so that every finding can be repeated.
"""
