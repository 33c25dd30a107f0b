"""The probes: each file has one function ``measure``, declared in ``advisor_probe.catalogue``."""
