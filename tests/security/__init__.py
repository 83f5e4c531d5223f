"""Security: where the key goes, what a request can contain, and which responses are accepted."""
