"""Tests of `talon_async.testing`, in test suites as users write them."""
