#!/usr/bin/env python3
"""Adapters of LoRA between the PEFT library and Tramontane, both ways.

    python3 tools/peft_check.py make     writes model/src/test/resources/adapters/NAME: an adapter that PEFT made for the tiny
                                         model NAME, and the logits that PEFT computes with it
    python3 tools/peft_check.py check    loads model/target/adapters/NAME (left there by PeftAdapterTest) with PEFT, compares
                                         logits, and records digests in model/src/test/resources/adapters/checked.json
    python3 tools/peft_check.py compare BASE CHECKPOINT    logits of BASE with CHECKPOINT/adapter in PEFT beside those of
                                         CHECKPOINT, whose weights are merged

Needs torch, transformers, peft and safetensors. Logits of fixtures are computed in float64 from float32 weights.
"""
import hashlib
import json
import pathlib
import shutil
import sys

import peft
import torch
import transformers
from safetensors.torch import load_file, save_file
from transformers import AutoModelForCausalLM

HERE = pathlib.Path(__file__).resolve().parent.parent
RESOURCES = HERE / "model/src/test/resources"
WRITTEN = HERE / "model/target/adapters"
# tiny model -> matrices: all of a model with grouped heads, and some of one with bias
FIXTURES = {"llama3": ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"],
            "qwen2": ["v_proj", "q_proj"]}


def opened(folder):
    model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32).eval()
    model.set_attn_implementation("eager")
    return model


def sequence(name):
    return json.loads((RESOURCES / "models" / name / "expected.json").read_text())["sequence"]


def logits(model, tokens):
    with torch.no_grad():
        return model(torch.tensor([tokens]), use_cache=False).logits[0]


def logprobs(model, tokens):
    """Of every token after the first."""
    return torch.log_softmax(logits(model, tokens)[:-1], -1).gather(1, torch.tensor(tokens[1:])[:, None])[:, 0]


def make(name, targets):
    folder = RESOURCES / "adapters" / name
    shutil.rmtree(folder, ignore_errors=True)
    config = peft.LoraConfig(r=3, lora_alpha=5, target_modules=targets, task_type="CAUSAL_LM")
    torch.manual_seed(1)
    model = peft.get_peft_model(opened(RESOURCES / "models" / name), config).eval()
    with torch.no_grad():
        for key, weight in model.named_parameters():
            if "lora_B" in key:
                weight.copy_(0.03 * torch.randn(weight.shape))
    model.save_pretrained(folder)
    (folder / "README.md").unlink(missing_ok=True)
    stored = json.loads((folder / "adapter_config.json").read_text())
    stored["base_model_name_or_path"] = name  # not the path on the machine that made it
    (folder / "adapter_config.json").write_text(json.dumps(stored, indent=2) + "\n")
    tokens = sequence(name)
    moved = (logits(model, tokens) - logits(opened(RESOURCES / "models" / name), tokens)).abs().max().item()
    save_file({"logits": logits(model.double(), tokens).float().contiguous()}, folder / "logits.safetensors")
    print(name, "logits moved by", round(moved, 3), "peft", peft.__version__)


def digest(file):
    return hashlib.sha256(file.read_bytes()).hexdigest()


def difference(base, folder, tokens):
    """PEFT on the base beside transformers on the merged weights."""
    adapted = peft.PeftModel.from_pretrained(opened(base), folder / "adapter").eval()
    return adapted, (logits(adapted, tokens) - logits(opened(folder), tokens)).abs().max().item()


def check():
    recorded = {"peft": peft.__version__, "transformers": transformers.__version__, "torch": torch.__version__}
    for name in FIXTURES:
        folder, base = WRITTEN / name, RESOURCES / "models" / name
        adapted, apart = difference(base, folder, sequence(name))
        ours = load_file(folder / "logprobs.safetensors")["logprobs"]
        theirs = logprobs(adapted, sequence(name))
        moved = (theirs - logprobs(opened(base), sequence(name))).abs().max().item()
        worst = (theirs - ours).abs().max().item()
        assert apart < 2e-5 and worst < 2e-5 and moved > 0.1, (name, apart, worst, moved)
        print(f"{name}: logits of PEFT and of the merged weights {apart:.1e} apart, log-probabilities of PEFT and ours"
              f" {worst:.1e}; the adapter moves them by {moved:.2f}")
        recorded[name] = {file: digest(folder / "adapter" / file)
                          for file in ("adapter_config.json", "adapter_model.safetensors")}
    (RESOURCES / "adapters/checked.json").write_text(json.dumps(recorded, indent=1) + "\n")


def compare(base, folder):
    vocabulary = json.loads((folder / "config.json").read_text())["vocab_size"]
    tokens = torch.randint(0, vocabulary, (64,), generator=torch.Generator().manual_seed(1)).tolist()
    adapted, apart = difference(base, folder, tokens)
    moved = (logits(adapted, tokens) - logits(opened(base), tokens)).abs().max().item()
    print(f"logits of PEFT and of the merged weights: {apart:.1e} apart; the adapter moves them by {moved:.1e}")


if __name__ == "__main__":
    if sys.argv[1:] == ["make"]:
        for name, targets in FIXTURES.items():
            make(name, targets)
    elif sys.argv[1:] == ["check"]:
        check()
    elif len(sys.argv) == 4 and sys.argv[1] == "compare":
        compare(pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3]))
    else:
        sys.exit(__doc__)
