"""Demos of Enemy Territory, `.dm_84` and `.tv_84`: bytes → messages → states. Needs nothing but Python.

    from etstats.demo.reader import Reader
    with open("evening.tv_84", "rb") as file:
        for message in Reader(file):
            ...

Any bytes are read or refused with `errors.BadDemo`.
"""
