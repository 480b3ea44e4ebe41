#!/usr/bin/env python3
"""Writes tiny models of tools/model-fixtures.py in Mistral's own form, and matrices in 8 bits.

    python3 tools/mistral_form.py    writes model/src/test/resources/mistral/

Needs torch and safetensors. The rows of query and key are put in Mistral's order here by the inverse of what transformers'
converters do (convert_ministral3_weights_to_hf.py: view(heads, D/2, 2, width), transpose, reshape).
"""
import json
import pathlib
import shutil

import torch
from safetensors.torch import load_file, save_file

HERE = pathlib.Path(__file__).resolve().parent.parent
MODELS = HERE / "model/src/test/resources/models"
OUT = HERE / "model/src/test/resources/mistral"
NAMES = {"input_layernorm": "attention_norm", "post_attention_layernorm": "ffn_norm", "self_attn.q_proj": "attention.wq",
         "self_attn.k_proj": "attention.wk", "self_attn.v_proj": "attention.wv", "self_attn.o_proj": "attention.wo",
         "mlp.gate_proj": "feed_forward.w1", "mlp.down_proj": "feed_forward.w2", "mlp.up_proj": "feed_forward.w3",
         "block_sparse_moe.gate": "feed_forward.gate"}
TOP = {"model.embed_tokens": "tok_embeddings", "model.norm": "norm", "lm_head": "output"}


def mistral_name(name):
    stem, kind = name.rsplit(".", 1)
    if stem in TOP:
        return TOP[stem] + "." + kind
    _, _, layer, rest = stem.split(".", 3)
    inside = NAMES.get(rest) or rest.replace("block_sparse_moe", "feed_forward")
    return f"layers.{layer}.{inside}.{kind}"


def side_by_side(weight, head):
    heads = weight.shape[0] // head
    return weight.reshape(heads, 2, head // 2, -1).transpose(1, 2).reshape(weight.shape).contiguous()


def decoder(name, head):
    """A fixture's decoder under Mistral's names."""
    tensors = {}
    for file in sorted((MODELS / name).glob("model*.safetensors")):
        tensors |= load_file(file)
    made = {}
    for key, weight in tensors.items():
        if "vision_tower" in key or "multi_modal_projector" in key:
            continue
        key = key.replace("language_model.model.", "model.").replace("model.language_model.", "model.")
        key = key.replace("language_model.lm_head", "lm_head")
        rotated = key.endswith(("q_proj.weight", "k_proj.weight"))
        made[mistral_name(key)] = side_by_side(weight, head) if rotated else weight.contiguous()
    return made


def folder(name, params):
    shutil.rmtree(OUT / name, ignore_errors=True)
    (OUT / name).mkdir(parents=True)
    (OUT / name / "params.json").write_text(json.dumps(params, indent=1) + "\n")
    return OUT / name


SHAPE = dict(dim=32, n_layers=2, head_dim=12, hidden_dim=48, n_heads=4, n_kv_heads=2, norm_eps=1e-5, vocab_size=72)
PERIOD = dict(SHAPE, n_layers=3, head_dim=8, norm_eps=1e-6, rope_theta=1e4, max_seq_len=256, sliding_window=[None, 12, 12])
YARN = dict(SHAPE, rope_theta=1e4, max_position_embeddings=256, tied_embeddings=True, yarn=dict(
    original_max_position_embeddings=16, factor=16, apply_scale=False, beta=4, alpha=1),
    llama_4_scaling=dict(original_max_position_embeddings=16, beta=0.2))
VISION = dict(hidden_size=8, num_channels=3, image_size=16, patch_size=8, rope_theta=1e4, intermediate_size=8,
              num_hidden_layers=1, num_attention_heads=1, adapter_bias=False, mm_projector_id="patch_merge")
EXPERTS = dict(SHAPE, head_dim=8, rope_theta=1e6, max_seq_len=256, sliding_window=None, moe=dict(
    num_experts=4, num_experts_per_tok=2))


def write_forms():
    # one file, with a vision tower that is left out
    seen = decoder("mistral3", 12) | {"vision_encoder.ln_pre.weight": torch.ones(8), "patch_merger.merging_layer.weight":
                                      torch.ones(2, 2), "vision_language_adapter.w_in.weight": torch.ones(2, 2)}
    save_file(seen, folder("mistral3", dict(SHAPE, rope_theta=1e9, max_position_embeddings=256, vision_encoder=VISION))
              / "consolidated.safetensors")
    # two parts
    made, place = decoder("ministral3", 12), folder("ministral3", YARN)
    for part in (0, 1):
        save_file({key: w for i, (key, w) in enumerate(sorted(made.items())) if i % 2 == part},
                  place / f"consolidated-{part + 1:05d}-of-00002.safetensors")
    # an index, names of its own
    made, place = decoder("ministral", 8), folder("ministral", PERIOD)
    listed = {key: f"part-{'ab'[i % 2]}.safetensors" for i, key in enumerate(sorted(made))}
    for file in set(listed.values()):
        save_file({key: made[key] for key in made if listed[key] == file}, place / file)
    (place / "consolidated.safetensors.index.json").write_text(json.dumps(dict(metadata={}, weight_map=listed)) + "\n")
    # experts
    save_file(decoder("mixtral", 8), folder("mixtral", EXPERTS) / "consolidated.safetensors")


def eight(weight, scale):
    """E4M3, rounded as torch rounds."""
    return (weight.float() / scale).clamp(-448, 448).to(torch.float8_e4m3fn)


def write_eight_bits():
    # Ministral 3 in Mistral's form, one scale for each matrix, and what transformers would make of it
    made, plain = {}, {}
    for key, weight in decoder("ministral3", 12).items():
        if weight.dim() < 2 or key == "tok_embeddings.weight":
            made[key], plain[key] = weight, weight.float()
            continue
        scale = (weight.float().abs().max() / 448).bfloat16()
        made[key] = eight(weight, scale.float())
        made[key.replace(".weight", ".qscale_weight")] = scale
        made[key.replace(".weight", ".qscale_act")] = torch.tensor(0.5, dtype=torch.bfloat16)
        plain[key] = made[key].float() * scale.float()
    for layer in range(2):
        made[f"layers.{layer}.attention.kv_fake_quantizer.qscale_act"] = torch.tensor(0.25)
    save_file(made, folder("eight-bits", dict(YARN, quantization=dict(
        qformat_weight="fp8_e4m3", qscheme_act="TENSOR"))) / "consolidated.safetensors")
    save_file(plain, folder("eight-bits-plain", YARN) / "consolidated.safetensors")
    # matrices with scales of all three kinds
    torch.manual_seed(3)
    all_bytes = torch.arange(256, dtype=torch.uint8).view(torch.float8_e4m3fn).reshape(2, 128)
    weight = torch.randn(6, 10)
    kinds = {"tensor": (all_bytes, torch.tensor([0.75])), "channel": (eight(weight, 0.01), torch.rand(6, 1).bfloat16()),
             "rows": (eight(weight, 0.01), torch.rand(6)), "block": (eight(weight, 0.01), torch.rand(2, 3))}
    stored, expected = {}, {}
    for kind, (bits, scale) in kinds.items():
        stored[kind + ".weight"] = bits
        stored[kind + (".weight_scale_inv" if kind == "block" else ".weight_scale")] = scale
        spread = scale.float()
        if kind == "block":
            spread = spread.repeat_interleave(4, 0)[:6].repeat_interleave(4, 1)[:, :10]
        elif kind == "rows":
            spread = spread[:, None]
        expected[kind + ".weight"] = bits.float() * spread
    stored["tensor.input_scale"] = torch.tensor(2.0)
    place = folder("matrices", {})
    (place / "params.json").unlink()
    save_file(stored, place / "stored.safetensors")
    save_file({key: value.contiguous() for key, value in expected.items()}, place / "expected.safetensors")


if __name__ == "__main__":
    write_forms()
    write_eight_bits()
    for file in sorted(OUT.rglob("*")):
        if file.is_file():
            file.chmod(0o644)
            print(file.relative_to(OUT), file.stat().st_size, "bytes")
