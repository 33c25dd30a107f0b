"""English sentences and their catalogues: found in the code, read from files, told back."""
