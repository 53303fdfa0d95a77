"""How launches, rosters and notices create and update our courses and people, and the scores sent
back."""
