"""Who people are: accounts, sign-in tries, invitations. What they live is in journey."""
