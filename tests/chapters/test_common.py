"""What blocks of many chapters have in common: which places of a long ranking a picture shows."""

from __future__ import annotations

import pytest

from reportkit.chapters.common import pictured


@pytest.mark.parametrize("own", [None, 0, 10])
def test_a_picture_of_few_places_shows_all(own: int | None) -> None:
    assert pictured(11, own) == list(range(11))


def test_a_picture_of_many_places_shows_the_first_the_last_and_those_beside_ones_own() -> None:
    assert pictured(125, 60) == [*range(10), *range(58, 63), *range(120, 125)]
    assert pictured(125, None) == [*range(10), *range(120, 125)]
    assert pictured(125, 0) == [*range(10), *range(120, 125)]
    assert pictured(125, 124) == [*range(10), *range(120, 125)]
