"""What the vocabulary of forms promises."""
