"""In front of the real one on the path, this makes uvloop look as if it were not installed."""

raise ImportError("uvloop is hidden for this run")
