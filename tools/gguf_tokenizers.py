#!/usr/bin/env python3
"""Makes small GGUF files with tokenizers of each supported kind, and the token ids of the reference libraries for some texts.

    python3 -m venv V && V/bin/pip install tokenizers sentencepiece gguf numpy
    V/bin/python tools/gguf_tokenizers.py model/src/test/resources/gguf-tokenizers

Byte-level BPE: trained here with Hugging Face's `tokenizers` behind each model family's own pre-tokenizer; the expected ids
come from that tokenizer, the GGUF file holds only its tokens, merges and the pre-tokenizer's name. SentencePiece: trained and
encoded by Google's `sentencepiece`; the GGUF file holds pieces, scores and types.
"""

import argparse
import io
import json
import pathlib

import gguf
import sentencepiece
from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers

TEXTS = [
    "Hello, world! What's 12345 + 67,890?",
    "  two  blanks   three\n\n\nlines \t tab\r\n",
    "I'll say WE'VE done it; they'D agree.",
    "Été à la plage, où il fait 25°C – voilà…",
    "Привет, мир! 日本語のテキスト。中文。",
    "emoji 😀👩‍👩‍👧 and e\u0301 (combining)",
    "def f(x):\n    return x**2  # $\\frac{1}{2}$",
    "<s>[INST]no special tokens here[/INST]</s>",
    "<|im_start|>user\nWhat is 7 * 6?<|im_end|>\n",
    "",
    " ",
    "a",
]
CORPUS = TEXTS * 3 + [
    "The quick brown fox jumps over the lazy dog. " * 3,
    "Let us compute 12 * 34 = 408 and 408 / 4 = 102; so the answer is \\boxed{102}.",
    "Le renard brun saute par-dessus le chien paresseux. Combien font 12 et 30 ?",
    "for i in range(10):\n    print(i, end=' ')\n",
]
LLAMA3 = (r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+")
QWEN2 = LLAMA3.replace(r"\p{N}{1,3}", r"\p{N}")
TEKKEN = (r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+"
          r"[\p{Ll}\p{Lm}\p{Lo}\p{M}]*|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+")


def split(pattern):
    return pre_tokenizers.Sequence([pre_tokenizers.Split(Regex(pattern), "isolated"),
                                    pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)])


FAMILIES = {
    "gpt-2": (None, pre_tokenizers.ByteLevel(add_prefix_space=False)),
    "smollm": (None, pre_tokenizers.Sequence([pre_tokenizers.Digits(individual_digits=True),
                                              pre_tokenizers.ByteLevel(add_prefix_space=False)])),
    "llama-bpe": (None, split(LLAMA3)),
    "qwen2": (normalizers.NFC(), split(QWEN2)),
    "tekken": (None, split(TEKKEN)),
}
SPECIAL = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]
NORMAL, UNKNOWN, CONTROL, USER, BYTE = 1, 2, 3, 4, 6


def byte_level(name, folder):
    normalizer, pre = FAMILIES[name]
    tokenizer = Tokenizer(models.BPE(ignore_merges=name in ("llama-bpe", "tekken")))
    if normalizer:
        tokenizer.normalizer = normalizer
    tokenizer.pre_tokenizer = pre
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.train_from_iterator(CORPUS, trainers.BpeTrainer(
        vocab_size=700, special_tokens=SPECIAL, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False))
    tokenizer.add_tokens([AddedToken("<think>", special=False, normalized=False),
                          AddedToken("</think>", special=False, normalized=False)])
    model = json.loads(tokenizer.to_str())["model"]
    size = tokenizer.get_vocab_size()
    tokens = [tokenizer.id_to_token(i) for i in range(size)]
    types = [CONTROL if t in SPECIAL else USER if t in ("<think>", "</think>") else NORMAL for t in tokens]
    merges = [" ".join(m) if isinstance(m, list) else m for m in model["merges"]]
    writer = gguf.GGUFWriter(folder / f"{name}.gguf", "llama")
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre(name)
    writer.add_token_list(tokens)
    writer.add_token_types(types)
    writer.add_token_merges(merges)
    writer.add_eos_token_id(2)
    writer.add_bos_token_id(1)
    writer.add_chat_template("{% for m in messages %}<|im_start|>{{ m.role }}\n{{ m.content }}<|im_end|>\n{% endfor %}")
    finish(writer)
    texts = TEXTS + ["<think>so</think> 42<|im_end|>"]
    cases = [{"text": t, "ids": tokenizer.encode(t, add_special_tokens=False).ids,
              "decoded": tokenizer.decode(tokenizer.encode(t, add_special_tokens=False).ids)} for t in texts]
    write(folder, name, cases)


def finish(writer):
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def write(folder, name, cases):
    (folder / f"{name}.json").write_text(json.dumps(cases, ensure_ascii=False, indent=0) + "\n", encoding="utf-8")


def sentence_piece(folder):
    model = io.BytesIO()
    lines = [line for text in CORPUS for line in text.splitlines() if line.strip()]
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(lines), model_writer=model, model_type="bpe", vocab_size=700, byte_fallback=True,
        character_coverage=0.995, normalization_rule_name="identity", remove_extra_whitespaces=False,
        hard_vocab_limit=False, minloglevel=2)
    processor = sentencepiece.SentencePieceProcessor(model_proto=model.getvalue())
    size = processor.get_piece_size()
    types = [UNKNOWN if processor.is_unknown(i) else CONTROL if processor.is_control(i) else BYTE if processor.is_byte(i)
             else NORMAL for i in range(size)]
    writer = gguf.GGUFWriter(folder / "sentencepiece.gguf", "llama")
    writer.add_tokenizer_model("llama")
    writer.add_token_list([processor.id_to_piece(i) for i in range(size)])
    writer.add_token_scores([processor.get_score(i) for i in range(size)])
    writer.add_token_types(types)
    writer.add_eos_token_id(processor.eos_id())
    writer.add_bos_token_id(processor.bos_id())
    writer.add_unk_token_id(processor.unk_id())
    finish(writer)
    texts = [t for t in TEXTS if "<" not in t]
    write(folder, "sentencepiece", [{"text": t, "ids": processor.encode(t), "decoded": processor.decode(processor.encode(t))}
                                    for t in texts])


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("folder", type=pathlib.Path)
    folder = arguments.parse_args().folder
    folder.mkdir(parents=True, exist_ok=True)
    for name in FAMILIES:
        byte_level(name, folder)
    sentence_piece(folder)


if __name__ == "__main__":
    main()
