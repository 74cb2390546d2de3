"""Random numbers that are the same on every machine and in every version of the libraries."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Field = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]


class Stream:
    """Random numbers from the words of PCG64: their sequence is for good, that of distributions is not."""

    def __init__(self, seed: int) -> None:
        self._bits = np.random.PCG64(seed)

    def words(self, *shape: int) -> Whole:
        """Whole numbers from 0 to 65535, evenly spread."""
        count = int(np.prod(shape))
        raw = np.asarray(self._bits.random_raw(-(-count // 4)), dtype="<u8")
        return raw.view("<u2")[:count].astype(np.int64).reshape(shape)

    def chance(self, share: float, *shape: int) -> Mask:
        """True with probability ``share``."""
        return self.words(*shape) < int(share * 65536)

    def normal(self, *shape: int) -> Field:
        """Nearly normal deviates: twelve evenly spread words added up have variance one."""
        total: Whole = self.words(12, *shape).sum(axis=0)
        return (total - 6 * 65535) / 65536
