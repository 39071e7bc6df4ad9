"""Reads what a record's own words say."""
