"""Three sample corporations: what their systems would write, made up from a seed, in all seven shapes."""
