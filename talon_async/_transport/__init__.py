"""The way of one call, and the only room that knows the HTTP libraries."""
