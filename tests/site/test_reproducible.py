"""The same project gives the same bytes: built again by force, in another folder, in another time zone."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from projects import REPO, read, small_project
from reportkit.manifest import hash_file
from reportkit.verify import verify


def hashes(site: Path) -> dict[str, str]:
    """Every file of a site with the hash of its content."""
    return {path.relative_to(site).as_posix(): hash_file(path) for path in sorted(site.rglob("*")) if path.is_file()}


def test_a_small_site_has_the_same_bytes_wherever_and_whenever_it_is_built(
    build: Callable[..., Path], tmp_path: Path
) -> None:
    here = small_project(tmp_path / "here", districts=("nansha",), chapters=("air", "water")).root
    expected = hashes(build(here))
    assert len(expected) > 50
    # Elsewhere, over a site that stands there already, with every report executed and every chart drawn anew.
    there = shutil.copytree(here, tmp_path / "a much longer way" / "there")
    shutil.rmtree(there / "build" / "cache")
    elsewhere = build(there, "--force", TZ="America/New_York", PYTHONHASHSEED="7", LC_ALL="C.UTF-8", LANG="C.UTF-8")
    assert hashes(elsewhere) == expected


@pytest.mark.slow
def test_the_shipped_site_has_the_same_bytes_when_it_is_built_by_force_elsewhere(
    build: Callable[..., Path], tmp_path: Path
) -> None:
    site = build(REPO)
    assert verify(site) == []
    assert len(list(site.glob("2024/enterprises/*.html"))) == len(read(REPO / "data/enterprises/register.csv")) > 300
    there = tmp_path / "there"
    there.mkdir()
    for name in ("data", "notebooks", "book"):
        shutil.copytree(REPO / name, there / name)
    shutil.copyfile(REPO / "_config.yml", there / "_config.yml")
    expected = hashes(site)
    assert hashes(build(there, TZ="Pacific/Auckland", PYTHONHASHSEED="11")) == expected
    assert hashes(build(REPO, "--force")) == expected
