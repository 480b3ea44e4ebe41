"""Writes one completion in every compression of Parquet and Arrow that pyarrow has.

    python tools/codec_fixtures.py cluster/src/test/resources/codecs
"""

import sys
from pathlib import Path

import pyarrow
import pyarrow.feather
import pyarrow.parquet

FOLDER = Path(sys.argv[1])
TABLE = pyarrow.table(
    {
        "problemId": ["a"],
        "group": pyarrow.array([0], pyarrow.int64()),
        "completion": ["<think>x</think>\\boxed{8} " * 3],
    }
)

for codec in ("none", "snappy", "gzip", "zstd", "brotli", "lz4"):
    pyarrow.parquet.write_table(TABLE, FOLDER / f"c-{codec}.parquet", compression=codec)
for codec in ("uncompressed", "lz4", "zstd"):
    pyarrow.feather.write_feather(TABLE, FOLDER / f"c-{codec}.arrow", compression=codec)
