"""The tests of the sandbox: over real HTTP, with every answer held against the provider's contract."""
