"""Programs that we did not write, talked to over real HTTP: if they understand us, so may other
LMSs."""
