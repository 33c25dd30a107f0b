"""What runs in the child process: the only part of the plugin that imports torch.

``work`` carries out one job; a ``Subject`` is the user's target made ready for it; each file in
``probes`` measures one thing and writes it into a ``Record``.
"""
