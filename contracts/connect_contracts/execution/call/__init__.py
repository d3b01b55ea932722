"""What a call is given: its arguments, the files that they name, secrets of the run's own."""
