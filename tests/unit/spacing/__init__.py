"""What spacing promises."""
