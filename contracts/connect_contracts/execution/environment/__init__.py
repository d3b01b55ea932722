"""What surrounds an implementation in its process: names, trust, variables, files."""
