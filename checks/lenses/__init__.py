"""What several rules want to know of a site, derived once for each snapshot."""
