"""The policy program on a CUDA device against the CPU in f32; started by tools/gpu-check (arguments: archives).

For each shape, with random weights, once as they come and once with logits up to +-20: the generator as
`rollout.dtype: bfloat16` runs it (weights, keys and values in bf16, the head in f32) must give log-probabilities close to
the CPU's, of 8 completions of 64 tokens that the CPU sampled, scored whole and decoded token by token. Small logits:
within 2e-2 (mean). Large ones: within 4e-2, since what bf16 loses in so many layers of random weights is multiplied with
them; the head by itself within 1e-3 then, where one in bf16 misses by 3e-2. Attention must be a fused kernel. The trainer,
f32 as always, must agree within 1e-3 and take a step of AdamW. 64 sequences are decoded, with tokens/s, memory, and the
share of the device's own read bandwidth and matrix rates, all measured here first. Matrices are never packed: that is for
CPUs. `--cpu` takes the CPU for the device: a check of this script, and of bf16 arithmetic.
"""
import math
import sys
import time

import torch

from training_blocks import Blocks

SMALL_LIMIT, LARGE_LIMIT, FULL_LIMIT = 2e-2, 4e-2, 1e-3
PROMPT, COMPLETION, SAMPLES, DECODED, STEPS = 64, 64, 8, 64, 16
LARGEST_LOGIT = 20.0
HEAD = 64
KERNELS = {0: "none, plain products", 1: "flash", 2: "memory-efficient", 3: "cuDNN"}


class Shape:
    """The sides that the script needs, read off the program's parameters: dense models with a tied head."""

    def __init__(self, program):
        self.parameters = [list(sides) for sides in program.shapes()]
        self.vocabulary, self.width = self.parameters[0]
        self.layers = (len(self.parameters) - 2) // 6
        self.query = self.parameters[3][1]
        self.keys = (self.parameters[2][0] - self.query) // 2 // HEAD

    def count(self):
        return sum(math.prod(sides) for sides in self.parameters)

    def empty_cache(self, device, dtype, positions, slots=None):
        sides = [self.layers, self.keys, positions, HEAD]
        return torch.zeros(sides if slots is None else [sides[0], slots] + sides[1:], device=device, dtype=dtype)


def random_weights(shape):
    generator = torch.Generator().manual_seed(1)
    return torch.cat([torch.ones(s[0]) if len(s) == 1 else 0.02 * torch.randn(s, generator=generator).view(-1)
                      for s in shape.parameters])


def enlarge(program, theta, states):
    """Multiplies the last norm's gain, and with it all logits, so that the largest is about LARGEST_LOGIT; by a power of
    two, which bf16 does not round."""
    views = program.views(theta)
    largest = program.head(views, states, torch.tensor(1.0)).abs().max().item()
    views[-1].mul_(2.0 ** round(math.log2(LARGEST_LOGIT / largest)))


def layout():
    """One prompt and its completions, as PackedSequences lays them out: all but the tokens."""
    total, segments = PROMPT + SAMPLES * COMPLETION, 1 + SAMPLES
    positions = torch.cat([torch.arange(PROMPT)] + [torch.arange(PROMPT, PROMPT + COMPLETION)] * SAMPLES)
    query = torch.arange(total).view(segments, PROMPT)
    key = torch.zeros(segments, PROMPT + COMPLETION, dtype=torch.long)
    key[:, :PROMPT] = torch.arange(PROMPT)
    key[1:, PROMPT:] = query[1:]
    prompt = torch.tensor([0] + [PROMPT] * SAMPLES)
    source = torch.cat([torch.cat([torch.tensor([PROMPT - 1]), query[s, :-1]]) for s in range(1, segments)])
    return [positions, query, key, prompt, torch.arange(total), source]


def sample(program, theta, shape):
    """A random prompt and the results of the CPU for it -> tokens, and the batch for the training forward."""
    generator = torch.Generator().manual_seed(2)
    prompt = torch.randint(0, shape.vocabulary, (PROMPT,), generator=generator)
    uniforms = torch.rand(COMPLETION, SAMPLES, generator=generator)
    free = torch.full((COMPLETION, SAMPLES), -1)
    chosen = continued(program, program.views(theta), shape, prompt, uniforms, free, torch.device("cpu"), theta.dtype)[0]
    tokens = torch.cat([prompt, chosen.t().reshape(-1)])
    return [tokens] + layout() + [tokens[PROMPT:]]


def seconds(work, device):
    best = float("inf")
    for _ in range(4 if device.type == "cuda" else 1):
        start = time.perf_counter()
        work()
        if device.type == "cuda":
            torch.cuda.synchronize()
        best = min(best, time.perf_counter() - start)
    return best


def limits(device):
    """FLOP/s in bf16 and in f32, bytes/s read."""
    side, count = (8192, 1 << 30) if device.type == "cuda" else (1024, 1 << 24)
    rates = []
    for dtype in (torch.bfloat16, torch.float32):
        square = torch.randn(side, side, device=device, dtype=dtype)
        rates.append(2 * side ** 3 / seconds(lambda: square @ square, device))
    large = torch.ones(count, device=device, dtype=torch.bfloat16)
    rates.append(2 * count / seconds(lambda: large.sum(), device))
    print(f"limits measured: {rates[0] / 1e12:.2f} TFLOP/s bf16, {rates[1] / 1e12:.2f} f32, {rates[2] / 1e9:.0f} GB/s")
    return rates


def verdict(what, found, expected, limit):
    difference = (found.cpu() - expected).abs().mean().item()
    ok = difference < limit
    print(f"  {what}: mean difference {difference:.1e}, limit {limit:.0e}{'' if ok else ': FAILED'}")
    return ok


def scored(program, weights, shape, tokens, device):
    """Log-probabilities of the completions, each scored whole with its prompt, all in one pass."""
    sequences = [torch.cat([tokens[:PROMPT], own]) for own in tokens[PROMPT:].view(SAMPLES, COMPLETION)]
    length = PROMPT + COMPLETION - 1
    keys = [shape.empty_cache(device, torch.bfloat16, length) for _ in sequences]
    values = [torch.zeros_like(k) for k in keys]
    found = program.score(weights, keys, values, torch.cat([s[:-1] for s in sequences]),
                          torch.arange(length, device=device).repeat(SAMPLES), [0] * SAMPLES, [length] * SAMPLES,
                          torch.cat([s[1:] for s in sequences]), 1.0)
    return found.view(SAMPLES, length)[:, PROMPT - 1:].reshape(-1)


def continued(program, weights, shape, prompt, uniforms, forced, device, dtype):
    """A prompt computed once, then completions token by token over a cache -> tokens and log-probabilities."""
    keys = shape.empty_cache(device, dtype, PROMPT - 1)
    values = torch.zeros_like(keys)
    program.prefill(weights, [keys], [values], prompt[:-1], torch.arange(PROMPT - 1, device=device), [0], [PROMPT - 1])
    cache = [shape.empty_cache(device, dtype, PROMPT + COMPLETION, SAMPLES) for _ in range(2)]
    for slot in range(SAMPLES):
        program.fill(*cache, keys, values, slot)
    return program.decode(weights, *cache, prompt[-1].repeat(SAMPLES),
                          torch.full((SAMPLES,), PROMPT - 1, device=device), uniforms,
                          torch.zeros(SAMPLES, dtype=torch.bool, device=device), forced, 1.0, 1.0, [SAMPLES], [PROMPT],
                          False)


def decoded(program, weights, shape, tokens, device):
    forced = tokens[PROMPT:].view(SAMPLES, COMPLETION).t().contiguous()
    made = continued(program, weights, shape, tokens[:PROMPT], torch.zeros(forced.shape, device=device), forced, device,
                     torch.bfloat16)
    return made[1].t().reshape(-1)


def kernel(shape, device):
    """Which kernel PyTorch chooses for the attention of a decoding step."""
    group = shape.query // HEAD // shape.keys
    q = torch.zeros(DECODED, shape.keys, group, HEAD, device=device, dtype=torch.bfloat16)
    k = shape.empty_cache(device, torch.bfloat16, 256, DECODED)[0].narrow(2, 0, 129)
    bias = torch.zeros(DECODED, shape.keys, 1, 129, device=device, dtype=torch.bfloat16)
    chosen = torch._fused_sdp_choice(q, k, k, bias)
    print(f"  attention of a decoding step: {KERNELS.get(chosen, chosen)}")
    return chosen != 0


def rate(program, weights, shape, device):
    """Tokens/s of sequences at positions 128 to 128 + STEPS."""
    cache = [shape.empty_cache(device, torch.bfloat16, 256, DECODED) for _ in range(2)]
    arguments = [torch.zeros(DECODED, dtype=torch.long, device=device), torch.full((DECODED,), 128, device=device),
                 torch.rand(STEPS, DECODED, device=device), torch.zeros(DECODED, dtype=torch.bool, device=device),
                 torch.full((STEPS, DECODED), -1, device=device)]
    took = seconds(lambda: program.decode(weights, *cache, *arguments, 1.0, 1.0, [DECODED], [129], False), device)
    return DECODED * STEPS / took


def halved(program, theta, shape, device):
    """The generator's weights: bf16, and the head in f32 behind them."""
    return program.with_head(theta.to(device, torch.bfloat16), theta[:shape.vocabulary * shape.width].to(device))


def generator(program, theta, shape, batch, expected, device, limit):
    weights = halved(program, theta, shape, device)
    with torch.no_grad():
        return [verdict("generator in bf16, scored", scored(program, weights, shape, batch[0], device), expected, limit),
                verdict("generator in bf16, decoded", decoded(program, weights, shape, batch[0], device), expected, limit)]


def head(program, theta, shape, states, device):
    one = torch.tensor(1.0)
    expected = program.head(program.views(theta), states, one)
    found = program.head(halved(program, theta, shape, device), states.to(device), one.to(device))
    return verdict(f"head in f32, logits up to {expected.abs().max():.1f}", found, expected, FULL_LIMIT)


def speed(program, theta, shape, device, bandwidth):
    with torch.no_grad():
        tokens = rate(program, halved(program, theta, shape, device), shape, device)
    embedding = shape.vocabulary * shape.width
    read = 2 * (theta.numel() - embedding) + 4 * embedding
    print(f"  decoding {DECODED} sequences: {tokens:.0f} tokens/s, {tokens / DECODED * read / bandwidth:.0%} of the read "
          f"bandwidth (weights alone)")


def trainer(program, theta, shape, batch, expected, device, flops):
    theta = theta.to(device)
    blocks, one = Blocks(program), torch.tensor(1.0, device=device)
    with torch.no_grad():
        results = [verdict("trainer in f32", blocks.logprobs(theta, batch, one), expected, FULL_LIMIT)]
    gradient, first, second = (torch.zeros_like(theta) for _ in range(3))
    count = batch[-1].numel()
    advantage = torch.randn(count, device=device, generator=torch.Generator(device).manual_seed(3))
    slope = (lambda logprobs, piece: -advantage[piece] / count)  # of samples that the policy itself has made
    took = seconds(lambda: blocks.add_gradient(theta, gradient, batch, one, slope), device)
    print(f"  gradient: {batch[0].numel() / took:.0f} tokens/s, "
          f"{6 * theta.numel() * batch[0].numel() / took / flops:.0%} of the f32 matrix rate")
    gradient.zero_()
    blocks.add_gradient(theta, gradient, batch, one, slope)
    gain = (lambda: float((advantage * blocks.logprobs(theta, batch, one)).sum()))
    with torch.no_grad():
        before = gain()
        norm = program.adamw(theta, gradient, first, second, 1, 1e-5, 0.9, 0.95, 1e-8, 0.0, 1.0).item()
        after = gain()
    ok = math.isfinite(norm) and norm > 0 and bool(torch.isfinite(theta).all()) and after > before \
        and gradient.abs().max().item() == 0
    print(f"  AdamW: gradient norm {norm:.3g}, advantage-weighted log-likelihood {before:.3f} -> {after:.3f}"
          f"{'' if ok else ': FAILED'}")
    return results + [ok]


def check(path, device, rates):
    program = torch.jit.load(path, map_location="cpu")
    shape = Shape(program)
    theta = random_weights(shape)
    print(f"{path}: {theta.numel() / 1e6:.0f}M parameters")
    if device.type == "cuda":
        torch.cuda.reset_peak_memory_stats()
    results = []
    for limit in (SMALL_LIMIT, LARGE_LIMIT):
        with torch.no_grad():
            batch = sample(program, theta, shape)
            states = Blocks(program).hidden(theta, batch)[:128]
            if limit == LARGE_LIMIT:
                enlarge(program, theta, states)
                batch = sample(program, theta, shape)
            expected = Blocks(program).logprobs(theta, batch, torch.tensor(1.0))
            results.append(head(program, theta, shape, states, device))
        batch = [part.to(device) for part in batch]
        results += generator(program, theta, shape, batch, expected, device, limit)
    results.append(kernel(shape, device))
    speed(program, theta, shape, device, rates[2])
    results += trainer(program, theta, shape, batch, expected, device, rates[1])
    if device.type == "cuda":
        print(f"  memory: {torch.cuda.max_memory_allocated() / 1e9:.2f} GB at most")
    return all(results)


def main():
    torch._C._set_graph_executor_optimize(False)
    paths = [a for a in sys.argv[1:] if a != "--cpu"]
    device = torch.device("cpu" if "--cpu" in sys.argv else "cuda")
    rates = limits(device)
    results = [check(path, device, rates) for path in paths]
    print("all checks passed" if all(results) else "FAILED")
    sys.exit(0 if all(results) else 1)


if __name__ == "__main__":
    main()
