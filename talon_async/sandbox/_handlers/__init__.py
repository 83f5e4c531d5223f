"""What the deployment does for each operation: a module for each domain, a function for each operation."""
