"""What every other room builds on: reasons, errors, faults, clocks, folded text, addresses. Imports
nothing of ours."""
