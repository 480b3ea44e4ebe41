"""The policy program on a CUDA device in bf16 against the CPU in f32; started by tools/gpu-check (arguments: archives).

For each shape, with random weights: log-probabilities of 8 completions of 64 tokens (mean difference below 2e-2), one
training step, 64 sequences decoded, with tokens/s, memory, and the share of the card's own read bandwidth and bf16 matrix
rate, both measured here first. `--cpu` takes the CPU in bf16 for the device: a check of this script.
"""
import sys
import time

import torch

LIMIT = 2e-2
PROMPT, COMPLETION, SAMPLES, DECODED, STEPS = 64, 64, 8, 64, 16


def shape_of(program):
    return [list(sides) for sides in program.shapes()]


def weights(shapes):
    generator = torch.Generator().manual_seed(1)
    return torch.cat([torch.ones(s[0]) if len(s) == 1 else 0.02 * torch.randn(s, generator=generator).view(-1)
                      for s in shapes])


def packed(vocabulary):
    """One prompt and its completions, as PackedSequences lays them out."""
    total, segments = PROMPT + SAMPLES * COMPLETION, 1 + SAMPLES
    tokens = torch.randint(0, vocabulary, (total,), generator=torch.Generator().manual_seed(2))
    positions = torch.cat([torch.arange(PROMPT)] + [torch.arange(PROMPT, PROMPT + COMPLETION)] * SAMPLES)
    query = torch.arange(total).view(segments, PROMPT)
    key = torch.zeros(segments, PROMPT + COMPLETION, dtype=torch.long)
    key[:, :PROMPT] = torch.arange(PROMPT)
    key[1:, PROMPT:] = query[1:]
    prompt = torch.tensor([0] + [PROMPT] * SAMPLES)
    source = torch.cat([torch.cat([torch.tensor([PROMPT - 1]), query[s, :-1]]) for s in range(1, segments)])
    return [tokens, positions, query, key, prompt, torch.arange(total), source, tokens[PROMPT:]]


def seconds(work, device):
    best = float("inf")
    for _ in range(4):
        start = time.perf_counter()
        work()
        if device.type == "cuda":
            torch.cuda.synchronize()
        best = min(best, time.perf_counter() - start)
    return best


def limits(device):
    side, count = (8192, 1 << 30) if device.type == "cuda" else (1024, 1 << 24)
    square = torch.randn(side, side, device=device, dtype=torch.bfloat16)
    large = torch.ones(count, device=device, dtype=torch.bfloat16)
    return 2 * side ** 3 / seconds(lambda: square @ square, device), 2 * count / seconds(lambda: large.sum(), device)


def check(path, device, flops, bandwidth):
    program = torch.jit.load(path, map_location="cpu")
    shapes = shape_of(program)
    theta = weights(shapes)
    batch = packed(shapes[0][0])
    with torch.no_grad():
        expected = program.logprobs(theta, *batch, torch.tensor(1.0))
    if device.type == "cuda":
        torch.cuda.reset_peak_memory_stats()
    small = theta.to(device, torch.bfloat16)
    batch = [part.to(device) for part in batch]
    with torch.no_grad():
        found = program.logprobs(small, *batch, torch.tensor(1.0, device=device)).float().cpu()
    difference = (found - expected).abs().mean().item()
    print(f"{path}: {theta.numel() / 1e6:.0f}M parameters, mean difference of log-probabilities {difference:.1e}, "
          f"limit {LIMIT:.0e}")
    gradient = torch.zeros_like(small)
    count = batch[-1].numel()
    numbers = torch.tensor([1.0, 0.8, 1.28, 1.0 / count], device=device)
    advantage = torch.randn(count, device=device)

    def step():
        program.policy_gradient(small, gradient, *batch, expected.to(device), advantage, numbers)
    took = seconds(step, device)
    tokens = batch[0].numel()
    ok = difference < LIMIT and bool(torch.isfinite(gradient).all()) and gradient.abs().sum().item() > 0
    print(f"  training: {tokens / took:.0f} tokens/s, {6 * theta.numel() * tokens / took / flops:.0%} of the matrix rate")
    rate = decode(program, small, shapes, device)
    print(f"  decoding {DECODED} sequences: {rate:.0f} tokens/s, "
          f"{rate / DECODED * 2 * theta.numel() / bandwidth:.0%} of the read bandwidth (weights alone)")
    if device.type == "cuda":
        print(f"  memory: {torch.cuda.max_memory_allocated() / 1e9:.2f} GB at most")
    return ok


def decode(program, theta, shapes, device):
    layers = (len(shapes) - 2) // 6
    qkv, width = shapes[2]
    query = shapes[3][1]
    head = 64
    cache = torch.zeros(layers, DECODED, (qkv - query) // 2 // head, 256, head, device=device, dtype=theta.dtype)
    arguments = [torch.zeros(DECODED, dtype=torch.long, device=device),
                 torch.full((DECODED,), 128, device=device),
                 torch.rand(STEPS, DECODED, device=device), torch.zeros(DECODED, dtype=torch.bool, device=device),
                 torch.full((STEPS, DECODED), -1, device=device)]
    with torch.no_grad():
        views = program.views(theta)
        took = seconds(lambda: program.decode(views, cache, cache.clone(), *arguments, 1.0, 1.0, [DECODED], [129], False), device)
    return DECODED * STEPS / took


def main():
    torch._C._set_graph_executor_optimize(False)
    paths = [a for a in sys.argv[1:] if a != "--cpu"]
    device = torch.device("cpu" if "--cpu" in sys.argv else "cuda")
    flops, bandwidth = limits(device)
    print(f"limits measured: {flops / 1e12:.1f} TFLOP/s bf16, {bandwidth / 1e9:.0f} GB/s")
    results = [check(path, device, flops, bandwidth) for path in paths]
    sys.exit(0 if all(results) else 1)


if __name__ == "__main__":
    main()
