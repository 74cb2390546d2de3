"""reportkit: a city's annual environmental disclosure, district by district, out of notebooks.

The flow, one way, a module (or a folder) for each step::

    importers/  a real-world file          → tidy tables in data/
    load        data/                      → frames, and a record of what was read
    validate    tables × schema            → findings
    evaluate    observations × standards/  → assessments
    chapters/   assessments                → blocks: sentences, tables, charts made of figures
    run         notebooks × area × year    → executed notebooks in build/reports/
    publish     executed notebooks         → jupyter-book → build/site/

In a notebook, and anywhere else::

    from reportkit.chapters.air import Air
    chapter = Air.open("a-district", 2024, "zh")
    chapter.answer()

Every error raised on purpose is a :class:`reportkit.errors.ReportkitError`.
"""

__version__ = "0.1.0"
