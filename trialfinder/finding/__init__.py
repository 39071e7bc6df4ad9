"""People's side of it: which studies, where, how far; tables in, tables out."""
