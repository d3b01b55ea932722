"""What is said while steps are taken: logged, warned of, written, raised."""
