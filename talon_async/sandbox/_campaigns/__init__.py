"""Campaigns, with rules in plain Python, and presets."""
