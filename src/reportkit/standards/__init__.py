"""Rules in force: rounding and air, looked up by the date of the data; pure, and usable alone.

    from datetime import date
    from reportkit.standards import air
    air.iaqi("pm2_5", 61, date(2026, 3, 1))      # 101

:mod:`~reportkit.standards.rounding` rounds, :mod:`~reportkit.standards.rules` reads the tables and
:mod:`~reportkit.standards.air` applies them.
"""
