"""What was read before need not be read again: kept on disk, or in memory while files grow."""
