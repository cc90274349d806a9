"""For instructors: sheets from the chapters, grading with nbgrader, and what a class misunderstood.

`sheets` writes what students get and what nbgrader grades; `variants` draws other numbers for the
exercises whose answer is a number, `cases` the inputs that answers are tried on at grading.
`grade` takes what was handed in through nbgrader; `kernel` and `grading` are what runs there.
`report` reads graded or downloaded notebooks, `clear_outputs` is a filter for git. `quizzes` writes
the questions for learning systems, with formulas from `formulas`.
"""
