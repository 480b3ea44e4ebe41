#!/usr/bin/env python3
"""Makes the tiny models of the numerical tests, and checks the checkpoints that Tramontane writes.

    python3 tools/model-fixtures.py make [NAME]  writes model/src/test/resources/models/NAME/, without a name all
    python3 tools/model-fixtures.py check    loads model/target/written-back/NAME (left there by WrittenBackTest), compares
                                             logits, and records digests in model/src/test/resources/models/written-back.json

Needs torch, transformers, safetensors, gguf, numpy and, for the K-quants, llama-cpp-python. The reference is transformers in
float32 with eager attention. Weights are rounded to bfloat16 first, so that the stored form (F32, BF16 or F16) does not change them.
"""
import hashlib
import json
import pathlib
import shutil
import sys
from importlib.metadata import version

import gguf
import numpy as np
import torch
import transformers
from safetensors.torch import save_file
from transformers import AutoModelForCausalLM, AutoModelForImageTextToText

HERE = pathlib.Path(__file__).resolve().parent.parent
MODELS = HERE / "model/src/test/resources/models"
WRITTEN = HERE / "model/target/written-back"
PROMPTS = (3, 17, 40)
CHOSEN = 64
SEQUENCE = 48

SMALL = dict(vocab_size=72, hidden_size=32, num_hidden_layers=2, intermediate_size=48, max_position_embeddings=256,
             pad_token_id=None, bos_token_id=1, eos_token_id=2)

# name -> architecture, settings, stored form, largest file
FIXTURES = {
    "llama2": ("Llama", dict(SMALL, num_attention_heads=4, num_key_value_heads=4), torch.float32, None),
    "llama3": ("Llama", dict(SMALL, num_attention_heads=4, num_key_value_heads=2, tie_word_embeddings=True,
                             eos_token_id=[2, 5, 7], rope_parameters=dict(
                                 rope_type="llama3", rope_theta=500000.0, factor=8.0, low_freq_factor=1.0,
                                 high_freq_factor=4.0, original_max_position_embeddings=32)), torch.bfloat16, "20KB"),
    "mistral": ("Mistral", dict(SMALL, num_attention_heads=4, num_key_value_heads=2, head_dim=12, sliding_window=16),
                torch.bfloat16, None),
    "qwen2": ("Qwen2", dict(SMALL, num_attention_heads=4, num_key_value_heads=2, tie_word_embeddings=True),
              torch.float16, None),
    "qwen3": ("Qwen3", dict(SMALL, num_attention_heads=4, num_key_value_heads=2, head_dim=16), torch.bfloat16, None),
    "smollm2": ("Llama", dict(SMALL, hidden_size=36, num_attention_heads=9, num_key_value_heads=3, rope_theta=100000.0,
                              tie_word_embeddings=True, rms_norm_eps=1e-5), torch.bfloat16, None),
    "mixtral": ("Mixtral", dict(SMALL, num_attention_heads=4, num_key_value_heads=2, num_local_experts=4,
                                num_experts_per_tok=2), torch.bfloat16, None),
    # Mistral Small 3.1 and Magistral 1.2 in small: a decoder like theirs behind a vision tower that we skip
    "mistral3": ("Mistral3", dict(
        text_config=dict(SMALL, model_type="mistral", num_attention_heads=4, num_key_value_heads=2, head_dim=12,
                         sliding_window=None, rope_theta=1e9, rms_norm_eps=1e-5, tie_word_embeddings=False),
        vision_config=dict(model_type="pixtral", hidden_size=8, intermediate_size=8, num_hidden_layers=1,
                           num_attention_heads=1, head_dim=8, image_size=16, patch_size=8),
        tie_word_embeddings=False), torch.bfloat16, None),
    # Ministral 8B: windows in two of three layers
    "ministral": ("Ministral", dict(SMALL, num_hidden_layers=3, num_attention_heads=4, num_key_value_heads=2, head_dim=8,
                                    sliding_window=12, layer_types=["full_attention", "sliding_attention",
                                                                    "sliding_attention"]), torch.bfloat16, None),
    # Ministral 3, behind its vision tower and with a tied head: YaRN and growing queries, beyond the original context
    "ministral3": ("Mistral3", dict(
        text_config=dict(SMALL, model_type="ministral3", num_attention_heads=4, num_key_value_heads=2, head_dim=12,
                         tie_word_embeddings=True, rope_parameters=dict(
                             rope_type="yarn", rope_theta=1e4, factor=16.0, original_max_position_embeddings=16,
                             beta_fast=4.0, beta_slow=1.0, mscale=1.0, mscale_all_dim=1.0, llama_4_scaling_beta=0.2)),
        vision_config=dict(model_type="pixtral", hidden_size=8, intermediate_size=8, num_hidden_layers=1,
                           num_attention_heads=1, head_dim=8, image_size=16, patch_size=8),
        tie_word_embeddings=True), torch.bfloat16, None),
    # Pixtral, whose whole is a Llava
    "pixtral": ("Llava", dict(
        text_config=dict(SMALL, model_type="mistral", num_attention_heads=4, num_key_value_heads=2, head_dim=12,
                         sliding_window=None, rope_theta=1e9, rms_norm_eps=1e-5, tie_word_embeddings=False),
        vision_config=dict(model_type="pixtral", hidden_size=8, intermediate_size=8, num_hidden_layers=1,
                           num_attention_heads=1, head_dim=8, image_size=16, patch_size=8),
        image_token_index=10, tie_word_embeddings=False), torch.bfloat16, None),
    # YaRN whose attention factor is not 1, with a ramp between whole pairs
    "yarn": ("Qwen3", dict(SMALL, num_attention_heads=4, num_key_value_heads=2, head_dim=16, rope_parameters=dict(
        rope_type="yarn", rope_theta=1e4, factor=8.0, original_max_position_embeddings=32, truncate=False)),
        torch.bfloat16, None),
    # LongRoPE: transformers takes the list for long contexts beyond 2 tokens, so that every prompt here is long
    "longrope": ("Llama", dict(SMALL, num_attention_heads=4, num_key_value_heads=2, rope_parameters=dict(
        rope_type="longrope", rope_theta=1e4, attention_factor=1.25, original_max_position_embeddings=2,
        short_factor=[1.0, 1.1, 1.2, 1.3], long_factor=[1.0, 1.5, 4.0, 9.5])), torch.bfloat16, None),
}
WHOLE = {"Mistral3", "Llava"}
VISION = ("model.vision_tower.", "model.multi_modal_projector.")


def opened(folder):
    """A model as transformers loads it, in float32 with eager attention."""
    whole = json.loads((folder / "config.json").read_text())["architectures"][0].endswith("ForConditionalGeneration")
    kind = AutoModelForImageTextToText if whole else AutoModelForCausalLM
    model = kind.from_pretrained(folder, dtype=torch.float32).eval()
    model.set_attn_implementation("eager")
    return model


def random_model(architecture, settings, seed):
    """Weights of a size at which logits spread and greedy choices are clear."""
    config = getattr(transformers, architecture + "Config")(**settings)
    kind = "ForConditionalGeneration" if architecture in WHOLE else "ForCausalLM"
    model = getattr(transformers, architecture + kind)(config).float().eval()
    model.set_attn_implementation("eager")
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for name, weight in model.named_parameters():
            drawn = torch.randn(weight.shape, generator=generator)
            if name.endswith("bias"):
                drawn *= 0.5
            elif "norm" in name:
                drawn = 1 + 0.2 * drawn
            elif "embed" not in name and "lm_head" not in name:
                drawn *= 1.5 * weight.shape[-1] ** -0.5
            else:
                drawn *= 0.5
            weight.copy_(drawn.bfloat16().float())
    return model


def logits_of(model, tokens):
    with torch.no_grad():
        return model(torch.tensor([tokens]), use_cache=False).logits[0].float()


def greedy(model, prompt):
    """-> tokens, and the smallest distance between the best logit and the next one."""
    tokens, closest = list(prompt), float("inf")
    for _ in range(CHOSEN):
        best = logits_of(model, tokens)[-1].topk(2)
        closest = min(closest, (best.values[0] - best.values[1]).item())
        tokens.append(best.indices[0].item())
    return tokens[len(prompt):], closest


def expectations(model, vocabulary):
    generator = torch.Generator().manual_seed(7)
    draw = lambda n: torch.randint(0, vocabulary, (n,), generator=generator).tolist()
    sequence = draw(SEQUENCE)
    logits = logits_of(model, sequence)
    logprobs = torch.log_softmax(logits[:-1], -1).gather(1, torch.tensor(sequence[1:])[:, None])[:, 0]
    prompts = [draw(n) for n in PROMPTS]
    chosen = [greedy(model, prompt) for prompt in prompts]
    expected = dict(sequence=sequence, logprobs=logprobs.tolist(), prompts=prompts, greedy=[c[0] for c in chosen])
    return logits, expected, min(c[1] for c in chosen)


def checkpoint_names(name, gradient):
    """A parameter's gradient under our names: Mixtral's experts lie apart, a vision tower has none."""
    if name.startswith(VISION):
        return
    name = name.replace("model.language_model.", "model.")
    if name.endswith("experts.gate_up_proj"):
        stem = name.replace("mlp.experts.gate_up_proj", "block_sparse_moe.experts")
        for expert, both in enumerate(gradient):
            gate, up = both.chunk(2, dim=0)
            yield f"{stem}.{expert}.w1.weight", gate
            yield f"{stem}.{expert}.w3.weight", up
    elif name.endswith("experts.down_proj"):
        stem = name.replace("mlp.experts.down_proj", "block_sparse_moe.experts")
        for expert, down in enumerate(gradient):
            yield f"{stem}.{expert}.w2.weight", down
    else:
        yield name.replace("mlp.gate.weight", "block_sparse_moe.gate.weight"), gradient


def gradients(model, sequence):
    """-> checkpoint name -> [norm, sum] of the gradient of the sequence's mean negative log-probability"""
    logits = model(torch.tensor([sequence]), use_cache=False).logits[0]
    torch.nn.functional.cross_entropy(logits[:-1], torch.tensor(sequence[1:])).backward()
    return {short: [part.norm().item(), part.sum().item()] for name, weight in model.named_parameters()
            for short, part in checkpoint_names(name, weight.grad)}


def make(name):
    architecture, settings, dtype, shard = FIXTURES[name]
    for seed in range(100):
        model = random_model(architecture, settings, seed)
        logits, expected, closest = expectations(model, SMALL["vocab_size"])
        if closest > 2e-3 and len(set(expected["greedy"][0])) > 12:
            break
    expected["gradients"] = gradients(model, expected["sequence"])
    folder = MODELS / name
    shutil.rmtree(folder, ignore_errors=True)
    model.to(dtype).save_pretrained(folder, **({"max_shard_size": shard} if shard else {}))
    (folder / "generation_config.json").unlink(missing_ok=True)
    save_file({"logits": logits.contiguous()}, folder / "logits.safetensors")
    expected.update(seed=seed, closest=closest, transformers=transformers.__version__, torch=torch.__version__)
    (folder / "expected.json").write_text(json.dumps(expected) + "\n")
    print(name, "seed", seed, "closest", round(closest, 4), sum(f.stat().st_size for f in folder.iterdir()), "bytes")


# ---- GGUF ---------------------------------------------------------------------------------------------------------------

LAYER_NAMES = {
    "input_layernorm": "attn_norm", "self_attn.q_proj": "attn_q", "self_attn.k_proj": "attn_k",
    "self_attn.v_proj": "attn_v", "self_attn.o_proj": "attn_output", "self_attn.q_norm": "attn_q_norm",
    "self_attn.k_norm": "attn_k_norm", "post_attention_layernorm": "ffn_norm", "mlp.gate_proj": "ffn_gate",
    "mlp.up_proj": "ffn_up", "mlp.down_proj": "ffn_down", "mlp.gate": "ffn_gate_inp"}
TOP_NAMES = {"model.embed_tokens": "token_embd", "model.norm": "output_norm", "lm_head": "output"}
QUANTIZED = ["Q8_0", "Q4_0", "Q4_1", "F16", "F32"]


def gguf_name(name):
    stem, kind = name.rsplit(".", 1)
    if stem in TOP_NAMES:
        return TOP_NAMES[stem] + "." + kind
    _, _, layer, rest = stem.split(".", 3)
    return f"blk.{layer}.{LAYER_NAMES[rest]}.{kind}"


def interleaved(weight, heads):
    """llama.cpp's order of the rows of a rotated projection: pairs side by side."""
    rows, width = weight.shape
    return weight.reshape(heads, 2, rows // heads // 2, width).swapaxes(1, 2).reshape(rows, width)


def gguf_tensors(model, permuted):
    """-> llama.cpp's name, the parameter as transformers holds it, how to lay it out in the file"""
    config = model.config
    for name, weight in model.named_parameters():
        weight = weight.data
        if name.endswith("experts.gate_up_proj"):
            gate, up = weight.chunk(2, dim=1)
            yield f"blk.{name.split('.')[2]}.ffn_gate_exps.weight", gate, np.ascontiguousarray
            yield f"blk.{name.split('.')[2]}.ffn_up_exps.weight", up, np.ascontiguousarray
        elif name.endswith("experts.down_proj"):
            yield f"blk.{name.split('.')[2]}.ffn_down_exps.weight", weight, np.ascontiguousarray
        elif permuted and name.endswith("q_proj.weight"):
            yield gguf_name(name), weight, lambda w: interleaved(w, config.num_attention_heads)
        elif permuted and name.endswith("k_proj.weight"):
            yield gguf_name(name), weight, lambda w: interleaved(w, config.num_key_value_heads)
        else:
            yield gguf_name(name), weight, np.ascontiguousarray


def requantise(file, model, permuted):
    """llama.cpp's own Q4_K_M of the file in its place; the model gets the numbers that the gguf package reads from it."""
    import ctypes

    import llama_cpp
    settings = llama_cpp.llama_model_quantize_default_params()
    settings.ftype, settings.nthread = llama_cpp.LLAMA_FTYPE_MOSTLY_Q4_K_M, 1
    target = file.with_suffix(".quantised")
    assert llama_cpp.llama_model_quantize(str(file).encode(), str(target).encode(), ctypes.byref(settings)) == 0
    target.replace(file)
    stored = {tensor.name: tensor for tensor in gguf.GGUFReader(file).tensors}
    print(file.name, sorted({tensor.tensor_type.name for tensor in stored.values()}))
    for label, weight, laid in gguf_tensors(model, permuted):
        rows = torch.arange(weight.numel(), dtype=torch.float64).reshape(weight.shape).numpy()
        places = laid(rows).astype(np.int64).reshape(-1)  # of the file's numbers in the parameter
        numbers = gguf.quants.dequantize(stored[label].data, stored[label].tensor_type).reshape(-1)
        weight.view(-1)[torch.from_numpy(places)] = torch.from_numpy(numbers.copy())


def make_gguf(name, family, architecture, settings, forms=QUANTIZED):
    """Tensors take the forms in turn. The expectation is the model with its weights rounded to those forms, and where
    transformers reads such files itself, it must read the same."""
    model = random_model(architecture, settings, 11)
    config = model.config
    file = MODELS / f"{name}.gguf"
    writer = gguf.GGUFWriter(file, family)
    writer.add_block_count(config.num_hidden_layers)
    writer.add_embedding_length(config.hidden_size)
    writer.add_feed_forward_length(config.intermediate_size)
    writer.add_head_count(config.num_attention_heads)
    writer.add_head_count_kv(config.num_key_value_heads)
    writer.add_context_length(config.max_position_embeddings)
    writer.add_layer_norm_rms_eps(config.rms_norm_eps)
    writer.add_rope_freq_base(config.rope_parameters["rope_theta"])
    writer.add_vocab_size(config.vocab_size)
    writer.add_eos_token_id(2)
    if "head_dim" in settings:
        writer.add_key_length(config.head_dim)
        writer.add_value_length(config.head_dim)
    if "num_local_experts" in settings:
        writer.add_expert_count(config.num_local_experts)
        writer.add_expert_used_count(config.num_experts_per_tok)
    turn = 0
    for label, weight, laid in gguf_tensors(model, family == "llama"):
        form = "F32"
        if weight.ndim > 1 and "gate_inp" not in label:
            form, turn = forms[turn % len(forms)], turn + 1
        kind = gguf.GGMLQuantizationType[form]
        exact = np.array(weight.numpy(), order="C")
        writer.add_tensor(label, gguf.quants.quantize(laid(exact), kind), raw_dtype=kind)
        rounded = gguf.quants.dequantize(gguf.quants.quantize(exact, kind), kind)
        weight.copy_(torch.from_numpy(rounded.reshape(weight.shape)))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    if forms == ["F32"]:
        requantise(file, model, family == "llama")
    sequence = torch.randint(0, config.vocab_size, (SEQUENCE,), generator=torch.Generator().manual_seed(7)).tolist()
    logits = logits_of(model, sequence)
    if name in ("llama", "qwen2"):  # it reads neither Mixtral nor a head size of its own from GGUF
        read = AutoModelForCausalLM.from_pretrained(MODELS, gguf_file=file.name, dtype=torch.float32).eval()
        read.set_attn_implementation("eager")
        assert torch.equal(logits_of(read, sequence), logits), "transformers reads the file otherwise"
    logprobs = torch.log_softmax(logits[:-1], -1).gather(1, torch.tensor(sequence[1:])[:, None])[:, 0]
    expected = dict(sequence=sequence, logprobs=logprobs.tolist(), transformers=transformers.__version__, gguf=version("gguf"))
    (MODELS / f"{name}.gguf.json").write_text(json.dumps(expected) + "\n")
    print(name, "gguf", file.stat().st_size, "bytes")


# ---- what Tramontane wrote ------------------------------------------------------------------------------------------------

def check():
    record = {}
    for folder in sorted(WRITTEN.iterdir()):
        fixture, form = folder.name.rsplit("-", 1)
        model, reference = opened(folder), opened(MODELS / fixture)
        sequence = json.loads((MODELS / fixture / "expected.json").read_text())["sequence"]
        apart = (logits_of(model, sequence) - logits_of(reference, sequence)).abs().max().item()
        kind = json.loads((MODELS / fixture / "config.json").read_text()).get("text_config", {}).get("model_type")
        decoder = {"mistral": "MistralForCausalLM", "ministral3": "Ministral3ForCausalLM"}.get(kind)
        same = type(model) is type(reference) or type(model).__name__ == decoder
        if apart != 0 or not same:
            raise SystemExit(f"{folder.name}: {type(model).__name__}, logits differ by {apart}")
        files = sorted(f for f in folder.iterdir()
                       if f.suffix in (".json", ".safetensors") and f.name != "generation_config.json")  # as WrittenBackTest
        record[folder.name] = dict(
            architecture=type(model).__name__, largestLogitDifference=apart,
            sha256={f.name: hashlib.sha256(f.read_bytes()).hexdigest() for f in files})
        print(folder.name, type(model).__name__, "largest difference of logits", apart)
    record["checkedWith"] = dict(transformers=transformers.__version__, torch=torch.__version__)
    (MODELS / "written-back.json").write_text(json.dumps(record, indent=1) + "\n")


if __name__ == "__main__":
    if sys.argv[1:2] == ["make"] and sys.argv[2:]:
        make(sys.argv[2])
    elif sys.argv[1:] == ["make"]:
        for fixture in FIXTURES:
            make(fixture)
        wide = dict(SMALL, hidden_size=64, intermediate_size=96, num_attention_heads=4, num_key_value_heads=2)
        make_gguf("llama", "llama", "Llama", wide)
        make_gguf("qwen2", "qwen2", "Qwen2", dict(wide, tie_word_embeddings=True))
        make_gguf("qwen3", "qwen3", "Qwen3", dict(wide, head_dim=32))
        make_gguf("kquants", "llama", "Llama", dict(SMALL, vocab_size=64, hidden_size=256, intermediate_size=32, num_hidden_layers=1,
                                                    num_attention_heads=4, num_key_value_heads=1), ["F32"])
        make_gguf("mixtral", "llama", "Mixtral", dict(wide, num_hidden_layers=1, num_local_experts=4,
                                                      num_experts_per_tok=2))
    elif sys.argv[1:] == ["check"]:
        check()
    else:
        raise SystemExit(__doc__)
