"""Tests of `talon_async.testing`, as users use it."""
