"""Talks to ClinicalTrials.gov: the one CML query, its pages, the saved answer, tolerant parsing."""
