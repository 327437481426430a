"""The commands of `python -m bot`: each module is one, called by the module's name.

A module holds either a function of its own name or a `typer.Typer` named `app` with several.
"""
