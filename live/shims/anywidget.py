"""What the course's figures need of anywidget where no Jupyter runs: traits, and an identity.

A figure is shown by its own HTML, which the page brings to life.
"""

from traitlets import HasTraits


class AnyWidget(HasTraits):
    """The base of a figure; it talks to no front end."""

    _model_id = None

    def __init__(self, **traits):
        super().__init__(**traits)
        self.open()

    def open(self):
        """Do nothing: there is nobody to announce the figure to."""

    @property
    def model_id(self):
        return self._model_id

    def _repr_mimebundle_(self, **_):
        return {}, {}
