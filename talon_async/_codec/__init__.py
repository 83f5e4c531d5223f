"""Between models and JSON: what an annotation says about it, conversion both ways, and what drifts."""
