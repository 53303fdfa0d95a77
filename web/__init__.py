"""Pages, CLI and worker: the shell around the engine. ``bootstrap`` is the only place that wires
things together."""
