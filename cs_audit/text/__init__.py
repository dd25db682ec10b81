"""Words: what the texts of messages say."""
