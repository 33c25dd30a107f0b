"""Tables of text (CSV, TSV), for every reader that meets them: bytes in, columns of cells out.

``encoding`` makes text of bytes, ``lines`` rows of text, ``table`` columns of rows, and
``cells`` numbers of cells. Nothing is guessed that could lose a value.
"""
