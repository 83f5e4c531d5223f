"""Fuzzing of responses: decoding any response gives a model or a `TalonError`."""
