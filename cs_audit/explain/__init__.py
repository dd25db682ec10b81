"""One ticket, one rule, in words and as a picture."""
