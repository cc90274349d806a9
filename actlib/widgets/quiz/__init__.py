"""A chapter's questions, answered in the page, with feedback on every wrong answer.

`figure` asks and judges; `wording` turns the text of a question into HTML. The questions
themselves are in `actlib/questions/`.
"""

from .figure import Quiz, load_questions
