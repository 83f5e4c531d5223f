"""Tests of the sandbox over real HTTP. Every response is validated against the contract."""
