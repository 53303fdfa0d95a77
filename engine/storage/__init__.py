"""Where rows live: tables, sessions bound to one organisation, prebuilt statements, migrations. On
the hot paths, the only room that writes SQL."""
