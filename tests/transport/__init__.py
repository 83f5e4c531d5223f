"""The client over real sockets, and over transports of its users."""
