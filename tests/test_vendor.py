from shutil import copytree

import pytest

from scripts import vendor


def test_vendored_files_match_their_manifest():
    assert vendor.problems() == []


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda folder: (folder / "leaflet/leaflet.css").unlink(), "is missing"),
        (lambda folder: (folder / "leaflet/more.js").write_text(""), "is not in the manifest"),
        (lambda folder: (folder / "leaflet/leaflet.js").write_text(""), "differs from"),
    ],
)
def test_a_file_that_is_not_as_vendored_is_named(tmp_path, change, sentence):
    folder = copytree(vendor.FOLDER, tmp_path / "vendor")
    change(folder)
    (problem,) = vendor.problems(folder)
    assert sentence in problem


def test_a_pointer_to_a_source_map_is_dropped():
    assert vendor.without_source_map(b"run()\n//# sourceMappingURL=a.js.map\n") == b"run()\n"
    assert vendor.without_source_map(b"run()\n") == b"run()\n"
