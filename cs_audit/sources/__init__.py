"""Where events come from: one file per helpdesk or file format, and the table reader they share."""
