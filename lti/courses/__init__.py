"""What launches, rosters and notices make of our courses and people, and the scores that go
back."""
