"""Demos of Enemy Territory, `.dm_84` and `.tv_84`: bytes → messages → states → events. Needs nothing but Python.

    from etstats.demo.demo import Demo
    with open("evening.tv_84", "rb") as file:
        demo = Demo(file)
        for event in demo.events():
            ...
        print(demo.about().map)

Any bytes are read or refused with `errors.BadDemo`. docs/demo.md lists every event and field.
"""
