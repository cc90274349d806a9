"""nbgrader's settings for the sheets of this course; `make sheets` puts them beside the sheets."""

from nbgrader.converters import GenerateAssignment

c = get_config()  # noqa: F821

c.CourseDirectory.course_id = "activation-functions"
# Two processes grade at once; each waits up to a minute for the other to have written.
c.CourseDirectory.db_url = "sqlite:///gradebook.db?timeout=60"
# The stubs are the chapter's own: without this nbgrader would put one stub of its own in each.
c.GenerateAssignment.preprocessors = [
    step
    for step in GenerateAssignment.preprocessors.default_args[0]
    if step.__name__ != "ClearSolutions"
]
# A check's cell that a student deleted is put back; without it the sheet would lack its points.
c.OverwriteCells.add_missing_cells = True
# For a cell that waits: one that computes without end is interrupted by teach/kernel.py.
c.Execute.timeout = 60
