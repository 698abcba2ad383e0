"""One file for each rule; the registry lists them."""
