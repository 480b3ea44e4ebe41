"""Makes what the other peers read: a model of random weights where none is there, and prompts of equal length."""
import json
import pathlib
import shutil
import sys

import torch
from tokenizers import Tokenizer, decoders, models, pre_tokenizers
from transformers import AutoTokenizer, LlamaConfig, LlamaForCausalLM

TINY = pathlib.Path(__file__).resolve().parents[2] / "model" / "src" / "main" / "resources" / "tiny"
TEXT = "Tom has eight red apples, gives three of them to Anna and buys seven more at the market. How many does he have now? "
PROMPTS = 32


def random_model(folder, quick):
    """SmolLM2-135M's shape, or two layers of it. Its tokens are bytes, and names that no text has."""
    width, layers, heads = (192, 2, 3) if quick else (576, 30, 9)
    torch.manual_seed(1)
    LlamaForCausalLM(LlamaConfig(
        vocab_size=49152, hidden_size=width, intermediate_size=width * 8 // 3, num_hidden_layers=layers, num_attention_heads=heads,
        num_key_value_heads=heads // 3, max_position_embeddings=2048, tie_word_embeddings=True, bos_token_id=None, eos_token_id=0,
        pad_token_id=None)).save_pretrained(folder)
    names = ["<|end|>"] + sorted(pre_tokenizers.ByteLevel.alphabet())
    names += [f"t{number}" for number in range(len(names), 49152)]
    tokenizer = Tokenizer(models.BPE({name: number for number, name in enumerate(names)}, []))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.add_special_tokens(["<|end|>"])
    tokenizer.save(str(folder / "tokenizer.json"))
    (folder / "tokenizer_config.json").write_text(json.dumps({"tokenizer_class": "PreTrainedTokenizerFast", "eos_token": "<|end|>"}))


def endless(source, into):
    """A copy that ends completions at a token that the model never chooses: equal lengths on all sides."""
    shutil.copytree(source, into, dirs_exist_ok=True)
    config = json.loads((into / "config.json").read_text())
    tokenizer = json.loads((into / "tokenizer.json").read_text())
    ends = config["eos_token_id"] if isinstance(config["eos_token_id"], list) else [config["eos_token_id"]]
    others = [token for token in tokenizer["added_tokens"] if token["special"] and token["id"] not in ends]
    end = max(others, key=lambda token: token["id"], default=None) or unused(tokenizer)
    (into / "tokenizer.json").write_text(json.dumps(tokenizer))
    config["eos_token_id"] = end["id"]
    (into / "config.json").write_text(json.dumps(config))
    about = json.loads((into / "tokenizer_config.json").read_text())
    about["eos_token"] = end["content"]
    (into / "tokenizer_config.json").write_text(json.dumps(about))
    (into / "generation_config.json").unlink(missing_ok=True)


def unused(tokenizer):
    """The unknown token, or else the last one of the vocabulary, becomes a special token."""
    vocabulary = tokenizer["model"]["vocab"]
    names = [entry[0] for entry in vocabulary] if isinstance(vocabulary, list) else sorted(vocabulary, key=vocabulary.get)
    unknown = tokenizer["model"].get("unk_id")
    number = len(names) - 1 if unknown is None else unknown
    token = dict(id=number, content=names[number], single_word=False, lstrip=False, rstrip=False, normalized=False, special=True)
    tokenizer["added_tokens"] = sorted(tokenizer["added_tokens"] + [token], key=lambda added: added["id"])
    return token


def prompts(model, count):
    """As many tokens on all sides: the text is what some of them say, and is cut into the same ones again."""
    tokenizer = AutoTokenizer.from_pretrained(model)
    made = []
    for number in range(PROMPTS):
        ids = tokenizer(f"{number}. " + TEXT * (1 + count // 4), add_special_tokens=False)["input_ids"][:count]
        made.append({"ids": ids, "text": tokenizer.decode(ids, clean_up_tokenization_spaces=False)})
    return made


def main(told):
    model = pathlib.Path(told["model"])
    if not model.exists():
        random_model(model, told["quick"])
    pathlib.Path(told["prompts"]).write_text(json.dumps(prompts(model, told["promptTokens"])))
    folder = pathlib.Path(told["prompts"]).parent
    tiny = folder / "tiny"
    endless(model, folder / "endless")
    endless(TINY, tiny)
    pathlib.Path(f"{tiny}.prompts.json").write_text(json.dumps(prompts(tiny, 64)))
    print("{}")


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
