"""All invented tables: the generator writes them as they are shipped, and none can be taken for a real one."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from projects import REPO, read
from reportkit import demonstration

DATA = REPO / "data"
INVENTED = sorted(
    path.relative_to(DATA).as_posix()
    for path in DATA.rglob("*.csv")
    if "demonstration" in {row.get("status") for row in read(path)}
)
NAMES = ("name", "river")  # columns of names, each in both languages


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder into which the generator has written."""
    folder = tmp_path_factory.mktemp("data")
    shutil.copy(DATA / "areas.csv", folder)
    demonstration.main([str(folder)])
    (folder / "areas.csv").unlink()
    return folder


def test_the_generator_writes_every_invented_table_and_no_other(written: Path) -> None:
    assert len(INVENTED) > 40
    assert sorted(path.relative_to(written).as_posix() for path in written.rglob("*.csv")) == INVENTED


@pytest.mark.parametrize("name", INVENTED)
def test_the_generator_writes_the_shipped_bytes(written: Path, name: str) -> None:
    assert (written / name).read_bytes() == (DATA / name).read_bytes()


@pytest.mark.parametrize("name", INVENTED)
def test_every_row_says_it_is_a_demonstration_and_no_name_can_be_taken_for_a_real_one(name: str) -> None:
    subject = name.partition("/")[0] if "/" in name else "air"
    for row in read(DATA / name):
        assert (row["status"], row["source_id"]) == ("demonstration", f"demo-{subject}")
        for column in NAMES:
            assert row.get(f"{column}_zh", "示例").startswith("示例")
            assert row.get(f"{column}_en", "Demo ").startswith("Demo ")
