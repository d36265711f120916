"""EXAMPLES: what each channel sends and shows, made by the channels themselves of one case that never was."""
