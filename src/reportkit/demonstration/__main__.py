"""``python -m reportkit.demonstration DATA_DIR``."""

from reportkit.demonstration import main

main()
