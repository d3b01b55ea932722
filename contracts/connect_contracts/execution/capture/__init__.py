"""What is said while steps run: logged, warned of, written, raised."""
