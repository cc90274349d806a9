"""The questions for learning systems: `python -m teach.quizzes class` writes three files.

`wording` turns a question's text into XHTML; `moodle`, `canvas` (QTI 1.2) and `qti21` each write
one format, and say at the top what it cannot do; `files` has what they share.

None of the three contains `check`, the expression by which the course's tests verify an answer; and
there, unlike on the pages, a number may not be given as 1/4: systems read decimal numbers.
"""
