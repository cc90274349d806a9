"""The questions for learning systems: `python -m teach.quizzes class` writes three files.

`wording` turns a question's text into XHTML; `moodle`, `canvas` (QTI 1.2) and `qti21` each write
one format, and say at their head what it cannot hold; `files` has what they share.

None of the three holds `check`, the expression by which the course's tests verify an answer; and a
number may not be given as 1/4 there, as on the pages: systems read decimal numbers.
"""
