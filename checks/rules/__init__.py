"""One rule, one file: the file name is the rule id with underscores."""
