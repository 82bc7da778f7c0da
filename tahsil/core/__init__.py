"""What is true: pure functions over columns. Standard library and NumPy, nothing else."""
