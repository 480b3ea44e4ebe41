#!/usr/bin/env python3
"""Makes the fixture of GGUF's encodings: blocks of random bytes and what the gguf package makes of them, numbers and what it
stores for them.

    python3 -m venv V && V/bin/pip install gguf numpy
    V/bin/python tools/gguf_blocks.py model/src/test/resources/gguf-blocks/blocks.gguf

For every encoding that is read there is a tensor of its name, one block a row, and NAME.numbers, F32. Half precision scales
are set by hand in some rows: the largest, the least subnormal, -0, infinity, NaN. `input` is F32; input.NAME is stored so.
"""

import argparse
import pathlib

import gguf
import numpy as np
from gguf import GGMLQuantizationType as Kind

READ = ["F16", "BF16", "Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q8_0", "Q2_K", "Q3_K", "Q4_K", "Q5_K", "Q6_K", "IQ4_NL", "IQ4_XS"]
# where a block's half precision numbers lie
SCALES = {"Q4_0": [0], "Q4_1": [0, 2], "Q5_0": [0], "Q5_1": [0, 2], "Q8_0": [0], "Q2_K": [80, 82], "Q3_K": [108], "Q4_K": [0, 2],
          "Q5_K": [0, 2], "Q6_K": [208], "IQ4_NL": [0], "IQ4_XS": [0]}
SPECIAL = [0x7BFF, 0x0001, 0x8000, 0x7C00, 0x7E00, 0xFBFF]


def blocks(name, random):
    length, size = gguf.GGML_QUANT_SIZES[Kind[name]]
    if length == 1:
        return random.integers(0, 256, (4, 64), dtype=np.uint8)
    rows = 6 + len(SPECIAL) if length == 32 else 2 + len(SPECIAL)
    stored = random.integers(0, 256, (rows, size), dtype=np.uint8)
    for row in range(rows):
        for nth, at in enumerate(SCALES[name]):
            # an ordinary scale, or a special one in either place
            half = np.float16(random.normal() * 0.1).view(np.uint16)
            if row < len(SPECIAL) and nth == row % len(SCALES[name]):
                half = SPECIAL[row]
            stored[row, at:at + 2] = np.array([half], dtype="<u2").view(np.uint8)
    return stored


def numbers(random):
    """Blocks of 32: ordinary, zeros, subnormal, large, and one with halves that must be rounded away from 0."""
    rows = [random.normal(size=32) * scale for scale in (1, 0.02, 1e-6, 3e-8, 500)]
    rows.append(np.zeros(32))
    rows.append(np.full(32, 1e-40))
    halves = np.array([127, 0.5, -0.5, 1.5, -1.5, 2.5, -2.5, 0.49999997, -0.49999997, 63.5, -126.5] + [0] * 21)
    rows.append(halves)
    rows.append(-halves * 0.25)
    rows.append(np.linspace(-65504, 65504, 32))
    return np.array(rows, dtype=np.float32)


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("file", type=pathlib.Path)
    file = arguments.parse_args().file
    file.parent.mkdir(parents=True, exist_ok=True)
    random = np.random.default_rng(13)
    writer = gguf.GGUFWriter(file, "none")
    for name in READ:
        stored = blocks(name, random)
        with np.errstate(all="ignore"):
            decoded = np.ascontiguousarray(gguf.quants.dequantize(stored, Kind[name])).astype(np.float32)
        writer.add_tensor(name, stored, raw_dtype=Kind[name])
        writer.add_tensor(name + ".numbers", decoded)
    given = numbers(random)
    writer.add_tensor("input", given)
    for name in ("F16", "BF16", "Q8_0"):
        with np.errstate(all="ignore"):
            stored = gguf.quants.quantize(given, Kind[name]).view(np.uint8)
        writer.add_tensor("input." + name, stored, raw_dtype=Kind[name])
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    print(file, file.stat().st_size, "bytes, gguf", __import__("importlib.metadata").metadata.version("gguf"))


if __name__ == "__main__":
    main()
