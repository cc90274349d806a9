"""What cells and the course's package ask of IPython, where there is none."""


def get_ipython():
    return None
