"""What an assessor may change without a developer. Data only; a home folder may override each file."""
