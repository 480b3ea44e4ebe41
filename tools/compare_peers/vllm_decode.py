"""vLLM's CPU engine, sampling at temperature 1: the time of all new tokens less the time of one of them."""
import json
import os
import sys
import time


def main(told):
    os.environ.setdefault("VLLM_CPU_KVCACHE_SPACE", "2")
    os.environ.setdefault("VLLM_CPU_OMP_THREADS_BIND", ",".join(map(str, range(told["threads"]))))
    os.environ.setdefault("VLLM_LOGGING_LEVEL", "ERROR")
    from vllm import LLM, SamplingParams

    length = told["promptTokens"] + told["newTokens"] + 16
    engine = LLM(model=told["model"], dtype=told["dtype"], max_model_len=length, max_num_seqs=max(told["rows"]),
                 enable_prefix_caching=False, seed=1, enforce_eager=told["quick"])
    prompts = json.load(open(told["prompts"]))

    def seconds(rows, tokens):
        asked = [{"prompt_token_ids": prompt["ids"]} for prompt in prompts[:rows]]
        start = time.perf_counter()
        engine.generate(asked, SamplingParams(temperature=1.0, max_tokens=tokens, ignore_eos=True, detokenize=False), use_tqdm=False)
        return time.perf_counter() - start

    figures = {}
    seconds(1, 2)
    for rows in told["rows"]:
        first = seconds(rows, 1)
        figures[f"decode {rows}"] = rows * (told["newTokens"] - 1) / max(1e-9, seconds(rows, told["newTokens"]) - first)
        figures["prefill"] = max(figures.get("prefill", 0), rows * told["promptTokens"] / first)
    print(json.dumps(figures))


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
