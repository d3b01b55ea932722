"""What is told of one case: its failure as text, its report as data, nothing secret in either."""
