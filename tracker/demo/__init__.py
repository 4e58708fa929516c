"""Invented units, people and history to try the board out with.

`cast` says who there is, `stories` what happened, `loading` makes it so. Nothing here runs
outside a demo: `load_demo` refuses, and production refuses the database that it makes.
"""
