"""What asking promises."""
