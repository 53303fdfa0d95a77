"""The ways a message can leave: one file a channel, each keeping the promises of
``base.Channel``."""
