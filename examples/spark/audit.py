"""cs-audit for spark-submit, which starts scripts: spark-submit audit.py run --engine spark ..."""

from cs_audit.cli import main

main()
