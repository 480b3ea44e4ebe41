"""What this machine can do at most, with PyPI's torch: matrix products through MKL and oneDNN, reading and copying memory."""
import json
import sys
import time

import torch
import torch.nn.functional as F

SIZES = ((512, 576, 3072), (1024, 1024, 1024), (2048, 576, 1536))  # rows, inputs, outputs


def best(seconds, work):
    """Runs in the time that is given; the shortest time of one of them."""
    work()
    times, end = [], time.perf_counter() + seconds
    while time.perf_counter() < end:
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times)


def products(seconds, dtype, multiply):
    rates = []
    for rows, inputs, outputs in SIZES:
        x, w = torch.randn(rows, inputs).to(dtype), torch.randn(outputs, inputs).to(dtype)
        rates.append(2 * rows * inputs * outputs / best(seconds, multiply(x, w)) / 1e9)
    return max(rates)


def onednn(x, w):
    """With weights that are packed once, as for inference."""
    packed = torch.ops.mkldnn._reorder_linear_weight(w, x.size(0))
    return lambda: torch.ops.mkldnn._linear_pointwise(x, packed, None, "none", [], "")


def plain(x, w):
    return lambda: F.linear(x, w)


def main(told):
    torch.set_num_threads(told["threads"])
    seconds = 0.2 if told["quick"] else 2
    figures = {}
    with torch.no_grad():
        figures["f32 MKL"] = products(seconds, torch.float32, plain)
        figures["f32 oneDNN"] = products(seconds, torch.float32, onednn)
        figures["f32"] = max(figures["f32 MKL"], figures["f32 oneDNN"])
        figures["bf16"] = products(seconds, torch.bfloat16, onednn if torch.ops.mkldnn._is_mkldnn_bf16_supported() else plain)
        half = torch.ones(1 << 27)  # half a gigabyte
        figures["read"] = half.nbytes / best(seconds, lambda: half.view(torch.int32).max()) / 1e9
        into = torch.empty_like(half)
        figures["copy"] = 2 * half.nbytes / best(seconds, lambda: into.copy_(half)) / 1e9
    print(json.dumps(figures))


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
