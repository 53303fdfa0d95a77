"""Ways a touch reaches a person. One file a channel."""
