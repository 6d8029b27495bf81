"""The platform behind ``make``: fetches what is missing, runs, tests, measures.

Standard library only, Python 3.10 or newer, so that it starts on a bare machine.
``python3 -m dev --help`` lists the commands.
"""
