"""What implementations do in many scenarios, kept as records, and in what two of them differ."""
