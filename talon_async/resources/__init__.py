"""The API's resources: one method for each operation."""
