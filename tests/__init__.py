"""Everything that proves what Relecture does, with shared builders, fakes and apps."""
