"""The handlers of operations: one module per resource, one function per operation."""
