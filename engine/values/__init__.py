"""The ground under every room: reasons, errors, faults, clocks, folded text, addresses. Imports
nothing of ours."""
