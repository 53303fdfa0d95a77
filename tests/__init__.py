"""Everything that proves what Relecture does; builders, fakes and apps are shared."""
