"""Tables and constraints; how they are read as columns. Rules live in tahsil/core."""
