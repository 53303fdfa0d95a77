"""The channels through which a message can leave, one file per channel, each an implementation of
``base.Channel``."""
