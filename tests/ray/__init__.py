"""Jobs on Ray Data, in a session of their own: `nox --session ray`."""
