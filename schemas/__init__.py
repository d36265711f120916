"""THE LANGUAGE: the models, ids, topics and code lists every stage speaks; imports nothing of ours."""
