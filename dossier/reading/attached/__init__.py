"""What stands in the files that pages hang on themselves. Everything here but `apart` runs in a process of its own."""
