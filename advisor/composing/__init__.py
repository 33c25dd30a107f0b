"""From results to what is handed out: the report put together, its verdict, files, a notebook."""
