"""Answers of learners to the exercises, right and wrong, and what a check should say to each."""
