"""The only importer of sqlite_utils: what was found and what people decided."""
