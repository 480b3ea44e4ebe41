#!/usr/bin/env python3
"""transformers' `generate` and `bench model` side by side: the same float32 weights, the same machine, one run.

    python3 tools/compare-decode.py [--threads 1,2] [--model FOLDER]

Without a folder: SmolLM2-135M's shape with random weights (speed does not depend on them). Sampled at temperature 1 after
prompts of 128 random tokens; tokens a second of decoding alone, the best four steps in a row. Needs torch and
transformers, and a built bin/tramontane.
"""
import argparse
import json
import os
import pathlib
import subprocess
import tempfile
import time

import torch
from transformers import AutoModelForCausalLM, LlamaConfig, LlamaForCausalLM, StoppingCriteria, StoppingCriteriaList

CONTEXT, STEPS, CHOSEN = 128, 4, 14
ROWS = (1, 8, 32)
LAUNCHER = pathlib.Path(__file__).resolve().parent.parent / "bin" / "tramontane"


def random_model(folder):
    LlamaForCausalLM(LlamaConfig(
        vocab_size=49152, hidden_size=576, intermediate_size=1536, num_hidden_layers=30, num_attention_heads=9,
        num_key_value_heads=3, max_position_embeddings=8192, tie_word_embeddings=True)).save_pretrained(folder)


class Clock(StoppingCriteria):
    """Notes when each token was chosen; stops nothing."""

    def __init__(self):
        self.times = []

    def __call__(self, ids, scores, **_):
        self.times.append(time.perf_counter())
        return torch.zeros(ids.size(0), dtype=torch.bool)


def transformers_speed(policy, rows):
    clock = Clock()
    prompt = torch.randint(0, policy.config.vocab_size, (rows, CONTEXT))
    policy.generate(prompt, attention_mask=torch.ones_like(prompt), do_sample=True, top_k=0, pad_token_id=0,
                    max_new_tokens=CHOSEN, min_new_tokens=CHOSEN, stopping_criteria=StoppingCriteriaList([clock]))
    return rows * STEPS / min(b - a for a, b in zip(clock.times, clock.times[STEPS:]))


def tramontane_speed(folder, threads):
    with tempfile.NamedTemporaryFile(suffix=".json") as out:
        subprocess.run([LAUNCHER, "bench", "model", "--decoding", "--model", folder, "--threads", str(threads),
                        "--out", out.name], check=True, stdout=subprocess.DEVNULL)
        return json.load(open(out.name))["model"]


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--threads", default="1,2")
    options.add_argument("--model")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as made:
        folder = chosen.model or made
        if not chosen.model:
            random_model(made)
        policy = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32).eval()
        policy.generation_config.eos_token_id = None
        print("threads  sequences  generate  tramontane  times  share of the smaller roofline")
        for threads in map(int, chosen.threads.split(",")):
            torch.set_num_threads(threads)
            other = {rows: transformers_speed(policy, rows) for rows in ROWS}
            own = tramontane_speed(folder, threads)
            for rows in ROWS:
                figure = own[f"decode, {rows} sequences"]
                print(f"{threads:7}  {rows:9}  {other[rows]:8.1f}  {figure['value']:10.1f}  "
                      f"{figure['value'] / other[rows]:5.2f}  {figure['share']:.2f}", flush=True)
            print(f"         GEMM peak {own['GEMM peak']['value']:.0f} GFLOP/s, read {own['memory, read']['value']:.1f} GB/s, "
                  f"prefill {own['prefill, 512 tokens']['value']:.0f} tokens/s, "
                  f"{own['prefill, 512 tokens']['share']:.2f} of GEMM peak; a swap {own['swap']['value']:.2f} s", flush=True)


if __name__ == "__main__":
    os.environ.setdefault("TRAMONTANE_SKIP_BUILD", "1")
    main()
