"""Files for a class: where they cannot be written, a sentence says so."""

import sys


def write(files, command, folders=()):
    """Write {path: bytes} and make folders; where that fails, leave with a sentence.

    It names `command`.
    """
    try:
        for folder in folders:
            folder.mkdir(parents=True, exist_ok=True)
        for path, content in files.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
    except OSError as error:
        sys.exit(
            f"{error.filename} cannot be written ({error.strerror}): name another folder, as in "
            f"{command} CLASS=class."
        )
