"""`python -m cs_audit` is the same program as `cs-audit`."""

from cs_audit.cli import main

if __name__ == "__main__":
    main()
