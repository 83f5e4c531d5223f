"""The path of one call to the socket and back; the only package that knows the HTTP libraries."""
