"""What the client promises about the key, about what it writes, and about what it reads."""
