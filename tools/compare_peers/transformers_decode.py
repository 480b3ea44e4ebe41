"""transformers' generate, sampling at temperature 1: tokens a second after the first one, and prefill."""
import json
import sys
import time

import torch
from transformers import AutoModelForCausalLM, StoppingCriteria, StoppingCriteriaList


class Clock(StoppingCriteria):
    """Notes when each token was chosen; stops nothing."""

    def __init__(self):
        self.times = [time.perf_counter()]

    def __call__(self, ids, scores, **_):
        self.times.append(time.perf_counter())
        return torch.zeros(ids.size(0), dtype=torch.bool)


def main(told):
    torch.set_num_threads(told["threads"])
    policy = AutoModelForCausalLM.from_pretrained(told["model"], dtype=getattr(torch, told["dtype"])).eval()
    policy.generation_config.eos_token_id = None
    prompts = json.load(open(told["prompts"]))
    figures = {}
    for rows in told["rows"]:
        clock = Clock()
        ids = torch.tensor([prompt["ids"] for prompt in prompts[:rows]])
        policy.generate(ids, attention_mask=torch.ones_like(ids), do_sample=True, top_k=0, pad_token_id=0, max_new_tokens=told["newTokens"],
                        min_new_tokens=told["newTokens"], stopping_criteria=StoppingCriteriaList([clock]))
        figures[f"decode {rows}"] = rows * (len(clock.times) - 2) / (clock.times[-1] - clock.times[1])
        figures["prefill"] = max(figures.get("prefill", 0), ids.numel() / (clock.times[1] - clock.times[0]))
    print(json.dumps(figures))


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
