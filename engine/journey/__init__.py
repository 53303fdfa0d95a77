"""Use cases of one learner: join, open, act, finish, answer, pause, leave."""
