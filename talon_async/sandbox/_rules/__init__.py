"""The rule engine: evaluates campaigns, applies effects and rolls them back."""
