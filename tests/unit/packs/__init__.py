"""What holds for content packs: reading, playing, checking, stamping."""
