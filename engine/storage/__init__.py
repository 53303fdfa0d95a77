"""Where rows live: tables, sessions bound to one organisation, prebuilt statements, migrations. The
only room that speaks SQL on the paths that everybody takes."""
