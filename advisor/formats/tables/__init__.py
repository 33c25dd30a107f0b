"""Rows of values, for every reader that meets them: tables of text (CSV, TSV) and JSON lines.

``encoding`` makes text of bytes, ``lines`` rows of text, ``table`` columns of rows, and
``cells`` numbers of cells; ``names`` says what the name of a column means. ``json_lines`` makes
objects of JSON lines, and ``sparse`` series of rows that each name their own columns. Nothing is
guessed that could lose a value.
"""
