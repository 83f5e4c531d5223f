"""The test kit, tried the way its users use it."""
