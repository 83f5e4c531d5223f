"""The client over real sockets, and with custom transports."""
