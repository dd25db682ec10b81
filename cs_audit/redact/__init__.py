"""Audits without the people in them: names by pseudonyms, addresses and long numbers masked."""
