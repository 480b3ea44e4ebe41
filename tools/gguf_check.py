#!/usr/bin/env python3
"""Checks `export --gguf` against llama.cpp: do exported files load there, cut texts alike, and compute the same?

    python3 -m venv V && V/bin/pip install llama-cpp-python gguf transformers torch tokenizers sentencepiece
    V/bin/python tools/gguf_check.py [--work DIR] [--models tiny,qwen3] [--quantise]

Needs a built bin/tramontane. For the tiny policy and for small random models of every family (made by transformers, with
tokenizers trained here) it prints, per model:

* texts: how many have the same tokens in llama.cpp as in Hugging Face's tokenizers, special tokens found;
* F32: the largest difference of any logit between llama.cpp and transformers, in float32 throughout;
* F16, BF16, Q8_0: greedy tokens of `tramontane generate` on the exported file and of llama.cpp, and the largest difference
  of the log-probabilities of our tokens. llama.cpp rounds what it multiplies with such matrices, we do not, so they are close
  and not equal; where the greedy tokens part, the gap between llama.cpp's two best log-probabilities there is printed;
* --quantise: the F32 file quantised by llama.cpp to Q4_K_M, Q5_K_M and others: whether we read the gguf package's numbers;
* --mistral FILE: a GGUF file with the vocabulary of a tekken.json or tokenizer.model.v*, as llama.cpp's converter writes it for
  Mistral's own folders: token ids of our reading of it, and of llama.cpp's reading of our export of it, against mistral-common.
"""

import argparse
import ctypes
import io
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import warnings

import gguf
import gguf_tokenizers
import llama_cpp
import numpy as np
import sentencepiece
import torch
import transformers
from tokenizers import AddedToken, Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers

LAUNCHER = pathlib.Path(__file__).resolve().parent.parent / "bin" / "tramontane"
PROMPTS = ["Tom has 8 apples.", "Léa a 10 livres. Puis elle en trouve 4 de plus. Combien de livres possède Léa maintenant ?\n",
           "x", "What is 12345 + 67,890? Привет, мир!"]
TOKENS = 64
SMALL = dict(hidden_size=128, num_hidden_layers=3, intermediate_size=256, max_position_embeddings=512, pad_token_id=None,
             bos_token_id=1, eos_token_id=2, initializer_range=0.08)
LLAMA3 = dict(rope_type="llama3", rope_theta=500000.0, factor=8.0, low_freq_factor=1.0, high_freq_factor=4.0,
              original_max_position_embeddings=8192)
YARN = dict(rope_type="yarn", rope_theta=10000.0, factor=8.0, original_max_position_embeddings=64, beta_fast=32.0, beta_slow=1.0)
# name -> architecture, tokenizer, settings
MODELS = {
    "llama": ("Llama", "smollm", dict(SMALL, hidden_size=96, num_attention_heads=3, num_key_value_heads=1,
                                      tie_word_embeddings=True)),
    "llama3": ("Llama", "llama-bpe", dict(SMALL, num_attention_heads=4, num_key_value_heads=2, rope_parameters=LLAMA3)),
    "wide": ("Llama", "smollm", dict(SMALL, hidden_size=256, intermediate_size=512, num_attention_heads=4, num_key_value_heads=2)),
    "odd": ("Llama", "gpt-2", dict(SMALL, hidden_size=72, intermediate_size=200, num_attention_heads=6, num_key_value_heads=6)),
    "qwen2": ("Qwen2", "qwen2", dict(SMALL, num_attention_heads=4, num_key_value_heads=2, tie_word_embeddings=True)),
    "qwen3": ("Qwen3", "qwen2", dict(SMALL, num_attention_heads=4, num_key_value_heads=2, head_dim=64)),
    "mistral": ("Mistral", "tekken", dict(SMALL, num_attention_heads=6, num_key_value_heads=2, head_dim=32, sliding_window=None,
                                          rope_theta=1e6)),
    "mixtral": ("Mixtral", "sentencepiece", dict(SMALL, num_attention_heads=4, num_key_value_heads=2, num_local_experts=4,
                                                 num_experts_per_tok=2)),
    # scaled rotation, over more tokens than the original context
    "linear": ("Llama", "gpt-2", dict(SMALL, num_attention_heads=4, num_key_value_heads=2,
                                      rope_parameters=dict(rope_type="linear", rope_theta=10000.0, factor=4.0))),
    "yarn": ("Llama", "gpt-2", dict(SMALL, num_attention_heads=4, num_key_value_heads=2, rope_parameters=YARN)),
    "yarn-level": ("Llama", "gpt-2", dict(SMALL, num_attention_heads=4, num_key_value_heads=2,
                                          rope_parameters=dict(YARN, attention_factor=1.0))),
    "qwen3-yarn": ("Qwen3", "qwen2", dict(SMALL, num_attention_heads=4, num_key_value_heads=2, head_dim=32, rope_parameters=YARN)),
    "longrope": ("Llama", "gpt-2", dict(SMALL, num_attention_heads=4, num_key_value_heads=2, rope_parameters=dict(
        rope_type="longrope", rope_theta=10000.0, factor=8.0, original_max_position_embeddings=64,
        short_factor=[1 + 0.1 * i for i in range(16)], long_factor=[1 + 0.4 * i for i in range(16)]))),
    "ministral3": ("Ministral3", "tekken", dict(SMALL, num_attention_heads=6, num_key_value_heads=2, head_dim=32,
                                                sliding_window=None, rope_parameters=dict(
                                                    YARN, mscale=1.0, mscale_all_dim=1.0, llama_4_scaling_beta=0.1))),
    "window": ("Mistral", "tekken", dict(SMALL, num_attention_heads=4, num_key_value_heads=2, sliding_window=32)),
}
QUANTISED = {"Q4_K_M": 15, "Q5_K_M": 17, "Q6_K": 18, "Q3_K_M": 12, "Q2_K": 10, "Q4_0": 2, "Q5_1": 9, "IQ4_NL": 25, "IQ4_XS": 30}


def tramontane(*words):
    done = subprocess.run([LAUNCHER, *map(str, words)], env=dict(os.environ, TRAMONTANE_SKIP_BUILD="1"), capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{' '.join(map(str, words))}: {done.stderr}")
    return done.stderr


def byte_level(name):
    normalizer, pre = gguf_tokenizers.FAMILIES[name]
    tokenizer = Tokenizer(models.BPE(ignore_merges=name in ("llama-bpe", "tekken")))
    if normalizer:
        tokenizer.normalizer = normalizer
    tokenizer.pre_tokenizer, tokenizer.decoder = pre, decoders.ByteLevel()
    special = ["<unk>", "<s>", "</s>", "[INST]", "[/INST]"]
    tokenizer.train_from_iterator(gguf_tokenizers.CORPUS, trainers.BpeTrainer(
        vocab_size=700, special_tokens=special, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False))
    return tokenizer


def sentence_piece():
    model = io.BytesIO()
    lines = [line for text in gguf_tokenizers.CORPUS for line in text.splitlines() if line.strip()]
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(lines), model_writer=model, model_type="bpe", vocab_size=700, byte_fallback=True,
        normalization_rule_name="identity", remove_extra_whitespaces=False, hard_vocab_limit=False, minloglevel=2)
    pieces = sentencepiece.SentencePieceProcessor(model_proto=model.getvalue())
    vocabulary = {pieces.id_to_piece(i): i for i in range(pieces.get_piece_size())}
    merges = [(text[:cut], text[cut:], pieces.get_score(i)) for text, i in vocabulary.items() for cut in range(1, len(text))
              if text[:cut] in vocabulary and text[cut:] in vocabulary]
    merges.sort(key=lambda merge: (-merge[2], vocabulary[merge[0]], vocabulary[merge[1]]))
    pairs = [merge[:2] for merge in merges]
    tokenizer = Tokenizer(models.BPE(vocabulary, pairs, unk_token="<unk>", fuse_unk=True, byte_fallback=True))
    tokenizer.normalizer = normalizers.Sequence([normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")])
    tokenizer.decoder = decoders.Sequence([decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse(), decoders.Strip(" ", 1, 0)])
    tokenizer.add_special_tokens([AddedToken(token, normalized=False, special=True) for token in ("<unk>", "<s>", "</s>")])
    return tokenizer


def make(folder, name):
    """A random model and its tokenizer in Hugging Face's form."""
    architecture, tokenizer_name, settings = MODELS[name]
    tokenizer = sentence_piece() if tokenizer_name == "sentencepiece" else byte_level(tokenizer_name)
    tokenizer.add_tokens([AddedToken(mark, special=False, normalized=False) for mark in ("<think>", "</think>")])
    torch.manual_seed(5)
    config = getattr(transformers, architecture + "Config")(vocab_size=tokenizer.get_vocab_size() + 3, **settings)
    model = getattr(transformers, architecture + "ForCausalLM")(config)
    for label, weight in model.named_parameters():  # a bias or norm of all 0 or 1 would hide a mistake
        if weight.ndim == 1:
            weight.data += torch.randn_like(weight) * 0.1
    model.save_pretrained(folder)
    tokenizer.save(str(folder / "tokenizer.json"))
    (folder / "tokenizer_config.json").write_text(json.dumps(dict(
        bos_token="<s>", eos_token="</s>", unk_token="<unk>", add_bos_token=True,
        chat_template="{{ bos_token }}{% for m in messages %}[INST]{{ m.content }}[/INST]{% endfor %}")))


def texts():
    """A few hundred: the corpus, its words, cuts across characters of several scripts, special tokens inside."""
    base = gguf_tokenizers.TEXTS + gguf_tokenizers.CORPUS[-4:] + PROMPTS
    made = list(base)
    for text in base:
        made += [text[start:start + 17] for start in range(0, len(text), 7)] + [text.upper(), "  " + text, text + "\n\n"]
    made += ["<think>2+2=4</think> 4", "[INST]a[/INST] b</s>", "a<s> b", " <think> \n"]
    made += ["x\t\ty", "1234567", "don't DON'T", "१२३ १२", "مرحبا"]
    return [text for text in dict.fromkeys(made) if text and "\u0301" not in text]  # llama.cpp composes nothing


def llama(file, vocabulary_only=False):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return llama_cpp.Llama(str(file), n_ctx=512, n_batch=512, logits_all=True, vocab_only=vocabulary_only, type_k=0, type_v=0,
                               verbose=False, n_threads=2, n_gpu_layers=0)


def logits(policy, tokens):
    policy.reset()
    policy.eval(tokens)
    return np.array(policy.scores[:len(tokens)], dtype=np.float64)


def log_softmax(rows):
    rows = rows - rows.max(-1, keepdims=True)
    return rows - np.log(np.exp(rows).sum(-1, keepdims=True))


def compare_texts(file, folder):
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    policy = llama(file, vocabulary_only=True)
    all_texts, wrong = texts(), []
    for text in all_texts:
        expected = tokenizer.encode(text, add_special_tokens=False).ids
        found = policy.tokenize(text.encode(), add_bos=False, special=True)
        if found != expected:
            wrong.append((text, expected, found))
    bytewise = sum(any(tokenizer.id_to_token(i).startswith("<0x") for i in expected) for _, expected, _ in wrong)
    print(f"  texts: {len(all_texts) - len(wrong)} of {len(all_texts)} have the same tokens"
          + (f", {bytewise} of the others need byte tokens, which llama.cpp's Unigram does not use" if bytewise else ""))
    for text, expected, found in wrong[:5] if len(wrong) > bytewise else ():
        here, there = ([tokenizer.id_to_token(i) for i in ids] for ids in (expected, found))
        print(f"    {text!r}: {here} here, {there} in llama.cpp")


def compare_greedy(file, form):
    with tempfile.TemporaryDirectory() as scratch:
        scratch = pathlib.Path(scratch)
        (scratch / "P.jsonl").write_text("".join(json.dumps(dict(prompt=prompt)) + "\n" for prompt in PROMPTS))
        tramontane("generate", "--model", file, "--prompts", scratch / "P.jsonl", "--out", scratch / "G.jsonl", "--temperature", "0",
                   "--max-tokens", TOKENS)
        completions = [json.loads(line) for line in open(scratch / "G.jsonl")]
    policy = llama(file)
    same, total, largest, gaps = 0, 0, 0, []
    for completion in completions:
        prompt, tokens = completion["promptTokens"], completion["tokens"]
        rows = log_softmax(logits(policy, prompt + tokens)[len(prompt) - 1:-1])
        largest = max(largest, np.abs(rows[np.arange(len(tokens)), tokens] - completion["logprobs"]).max())
        best = rows.argmax(-1)
        apart = next((i for i in range(len(tokens)) if best[i] != tokens[i]), len(tokens))
        same, total = same + apart, total + len(tokens)
        if apart < len(tokens):
            two = np.sort(rows[apart])[-2:]
            gaps.append(f"{two[1] - two[0]:.1e}")
    print(f"  {form}: greedy tokens equal {same} of {total} ({len(completions)} prompts), log-probabilities within {largest:.1e}"
          + (f"; parted where llama.cpp's best two are {', '.join(gaps)} apart" if gaps else ""))


def compare_logits(file, folder):
    model = transformers.AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32).eval()
    model.set_attn_implementation("eager")
    tokens = torch.randint(0, model.config.vocab_size, (96,), generator=torch.Generator().manual_seed(7)).tolist()
    with torch.no_grad():
        expected = model(torch.tensor([tokens])).logits[0].double().numpy()
    found = logits(llama(file), tokens)
    print(f"  F32: logits within {np.abs(found - expected).max():.1e} of transformers' (they reach {np.abs(expected).max():.1f})")


def compare_numbers(work, file, form):
    """What we read from a quantised file, written as F32, against the gguf package's numbers for the same bytes."""
    again = work / "again.gguf"
    tramontane("export", file, "--out", again, "--gguf", "F32")
    ours = {tensor.name: tensor for tensor in gguf.GGUFReader(again).tensors}
    theirs = gguf.GGUFReader(file).tensors
    equal = sum(np.array_equal(gguf.quants.dequantize(tensor.data, tensor.tensor_type).reshape(-1).view(np.uint32),
                               ours[tensor.name].data.reshape(-1).view(np.uint32)) for tensor in theirs)
    kinds = sorted({tensor.tensor_type.name for tensor in theirs})
    print(f"  {form} ({' '.join(kinds)}): {equal} of {len(theirs)} tensors have the gguf package's bits")


def quantise(work, name):
    source = str(work / f"{name}.F32.gguf").encode()
    for form, number in QUANTISED.items():
        target = work / f"{name}.{form}.gguf"
        settings = llama_cpp.llama_model_quantize_default_params()
        settings.ftype, settings.nthread = number, 2
        if llama_cpp.llama_model_quantize(source, str(target).encode(), ctypes.byref(settings)):
            print(f"  {form}: llama.cpp does not quantise this model so")
            continue
        compare_numbers(work, target, form)


def mistral(work, file):
    from gguf.vocab import MistralVocab
    with tempfile.TemporaryDirectory() as folder:
        name = "tekken.json" if file.suffix == ".json" else file.name
        shutil.copy(file, pathlib.Path(folder) / name)
        vocabulary = MistralVocab(pathlib.Path(folder))
    tokens, scores, kinds = zip(*vocabulary.all_tokens())
    target = work / f"{file.name}.gguf"
    writer = gguf.GGUFWriter(target, "llama")
    writer.add_tokenizer_model(vocabulary.gguf_tokenizer_model)
    writer.add_token_list(tokens)
    writer.add_token_types(kinds)
    if vocabulary.gguf_tokenizer_model == "gpt2":
        writer.add_tokenizer_pre("tekken")
        writer.add_token_merges(vocabulary.extract_vocab_merges_from_model())
    else:
        writer.add_tokenizer_pre("default")
        writer.add_token_scores(scores)
    writer.add_bos_token_id(vocabulary.bos_id)
    writer.add_eos_token_id(vocabulary.eos_id)
    writer.add_unk_token_id(vocabulary.unk_id)
    writer.add_add_bos_token(True)
    writer.add_add_eos_token(False)
    writer.add_block_count(1)
    writer.add_embedding_length(32)
    writer.add_feed_forward_length(32)
    writer.add_head_count(1)
    writer.add_context_length(4096)
    shapes = dict(attn_norm=(32,), attn_q=(32, 32), attn_k=(32, 32), attn_v=(32, 32), attn_output=(32, 32), ffn_norm=(32,),
                  ffn_gate=(32, 32), ffn_up=(32, 32), ffn_down=(32, 32))
    for label, shape in {"token_embd": (len(tokens), 32), "output_norm": (32,), **{f"blk.0.{k}": v for k, v in shapes.items()}}.items():
        writer.add_tensor(label + ".weight", np.ones(shape, dtype=np.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    wanted = [text for text in texts() if text.strip() and not any(mark in text for mark in ("[INST]", "<s>", "</s>"))]
    expected = [vocabulary.tokenizer.encode(text, bos=False, eos=False) for text in wanted]
    prompts, out = work / "P.jsonl", work / "G.jsonl"
    prompts.write_text("".join(json.dumps(dict(prompt=text)) + "\n" for text in wanted))
    tramontane("generate", "--model", target, "--prompts", prompts, "--out", out, "--max-tokens", 1)
    ours = [json.loads(line)["promptTokens"] for line in open(out)]
    tramontane("export", target, "--out", work / "again.gguf", "--gguf", "F16")
    folder = work / "again"
    shutil.rmtree(folder, ignore_errors=True)
    tramontane("export", target, "--out", folder)
    added = json.loads((folder / "tokenizer.json").read_text())["added_tokens"]
    print("control tokens:", " ".join(token["content"] for token in added if token["special"])[:300])
    for json_file in folder.glob("*token*.json"):
        json_file.unlink()
    shutil.copy(file, folder / ("tekken.json" if file.suffix == ".json" else file.name))
    tramontane("export", folder, "--out", work / "own.gguf", "--gguf", "F16")
    found = [("read by us", ours)]
    for name, label in (("again", "exported by us, read by llama.cpp"), ("own", "exported out of Mistral's own file, read by llama.cpp")):
        policy = llama(work / f"{name}.gguf", vocabulary_only=True)
        found.append((label, [policy.tokenize(text.encode(), add_bos=False, special=False) for text in wanted]))
    for reader, found in found:
        wrong = [(text, a, b) for text, a, b in zip(wanted, expected, found) if a != b]
        print(f"{file.name} {reader}: {len(wanted) - len(wrong)} of {len(wanted)} texts have mistral-common's tokens")
        for text, a, b in wrong[:5]:
            print(f"  {text!r}: {a} expected, {b}")


def check(work, name, quantised):
    print(name)
    folder = work / name
    shutil.rmtree(folder, ignore_errors=True)
    if name == "tiny":
        tramontane("export", "builtin:tiny", "--out", folder, "--dtype", "f32")
    else:
        folder.mkdir()
        make(folder, name)
    for form in ("F32", "F16", "BF16", "Q8_0"):
        file = work / f"{name}.{form}.gguf"
        tramontane("export", folder, "--out", file, "--gguf", form)
        if form == "F32":
            compare_texts(file, folder)
            compare_logits(file, folder)
        else:
            compare_greedy(file, form)
    if quantised:
        quantise(work, name)


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--work", type=pathlib.Path, default=pathlib.Path(tempfile.gettempdir()) / "gguf-check")
    options.add_argument("--models", default=",".join(["tiny", *MODELS]))
    options.add_argument("--quantise", action="store_true")
    options.add_argument("--mistral", type=pathlib.Path, help="tokenizer file")
    chosen = options.parse_args()
    chosen.work.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(2)
    print("llama-cpp-python", llama_cpp.__version__, "transformers", transformers.__version__)
    if chosen.mistral:
        return mistral(chosen.work, chosen.mistral)
    for name in chosen.models.split(","):
        check(chosen.work, name, chosen.quantise)


if __name__ == "__main__":
    main()
