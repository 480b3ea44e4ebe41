"""TRL's GRPO: seconds of a step after the first two. The reward is a hash of the tokens, so that every group has a signal."""
import json
import statistics
import sys
import tempfile
import time

import torch
from datasets import Dataset
from transformers import AutoModelForCausalLM, AutoTokenizer, TrainerCallback
from trl import GRPOConfig, GRPOTrainer

UNMEASURED = 2


class Clock(TrainerCallback):
    def __init__(self):
        self.times = []

    def on_step_end(self, args, state, control, **_):
        self.times.append(time.perf_counter())


def main(told):
    load = told["load"]
    torch.set_num_threads(told["threads"])
    tokenizer = AutoTokenizer.from_pretrained(told["model"])
    tokenizer.pad_token = tokenizer.pad_token or tokenizer.eos_token
    texts = [prompt["text"] for prompt in json.load(open(load["prompts"]))]
    lengths = []

    def reward(completion_ids, **_):
        lengths.extend(map(len, completion_ids))
        return [sum(ids) % 97 / 97 for ids in completion_ids]

    clock = Clock()
    with tempfile.TemporaryDirectory() as out:
        settings = GRPOConfig(
            output_dir=out, use_cpu=True, bf16=told["dtype"] == "bfloat16", per_device_train_batch_size=load["completions"],
            num_generations=load["group"], max_completion_length=load["tokens"], max_steps=load["steps"], learning_rate=1e-6, beta=0.0,
            temperature=1.0, logging_strategy="no", save_strategy="no", report_to=[], gradient_checkpointing=False, seed=1)
        GRPOTrainer(model=AutoModelForCausalLM.from_pretrained(told["model"], dtype=torch.float32), processing_class=tokenizer,
                    reward_funcs=reward, args=settings, train_dataset=Dataset.from_dict({"prompt": texts * 8}), callbacks=[clock]).train()
    seconds = statistics.median(b - a for a, b in zip(clock.times[UNMEASURED - 1:], clock.times[UNMEASURED:]))
    print(json.dumps({"seconds": seconds, "completions": load["completions"] / seconds, "length": statistics.mean(lengths)}))


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
