"""Who people are: accounts, sign-in tries, invitations. What they do is in journey."""
