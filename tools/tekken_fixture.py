#!/usr/bin/env python3
"""Texts in many scripts with the token ids that mistral-common gives them, for tokenizers in Mistral's own form.

    V/bin/pip install mistral-common sentencepiece
    V/bin/python tools/tekken_fixture.py small model/src/test/resources/mistral-tokenizers
    V/bin/python tools/tekken_fixture.py full OUT --data SHARED_DATA     # the real files: 10,000 texts, every code point

`small` writes what is committed: a real tekken.json and a real SentencePiece model (both of the package mistral-common, Apache
License 2.0), cut to their first few thousand tokens, and texts with ids and decoded texts. `full` writes, for each tokenizer of
the package, a folder with the file as a model has it and `cases.jsonl`; MistralTokenizerFullTest reads it:

    mvn -pl model -am -Dtest=MistralTokenizerFullTest -Dtramontane.tokenizers=OUT -Dsurefire.failIfNoSpecifiedTests=false test
"""

import argparse
import base64
import gzip
import json
import logging
import pathlib
import random
import shutil

import mistral_common
from mistral_common.tokens.tokenizers.sentencepiece import SentencePieceTokenizer
from mistral_common.tokens.tokenizers.tekken import Tekkenizer

logging.disable(logging.WARNING)
DATA = pathlib.Path(mistral_common.__file__).parent / "data"
SCRIPTS = {
    "latin": "Élan façade naïve coöperate jalapeño Łódź Çeşme İstanbul straße ŒUVRE œuf ﬁn Ǆ ǅ ǆ Việt Nam tiếng đường",
    "greek": "Η γρήγορη καφέ αλεπού πηδάει πάνω από το τεμπέλικο σκυλί ΣΊΣΥΦΟΣ ς σ ᾳ ΐ",
    "cyrillic": "Съешь же ещё этих мягких французских булок, да выпей чаю. Їжак ґанок Љубав ЁЛКА",
    "arabic": "نص حكيم له سر قاطع وذو شأن عظيم مكتوب على ثوب أخضر ومغلف بجلد أزرق ١٢٣٤٥ مَرْحَبًا ﷽",
    "hebrew": "דג סקרן שט בים מאוכזב ולפתע מצא לו חברה שָׁלוֹם עֲלֵיכֶם",
    "hindi": "ऋषियों को सताने वाले दुष्ट राक्षसों के राजा रावण का सर्वनाश करने वाले विष्णु १२३ क्ष त्र ज्ञ",
    "bengali": "আমি বাংলায় গান গাই জেনেটের হাঁসগুলি প্রতিদিন ১৬টি করে ডিম পাড়ে",
    "tamil": "யாமறிந்த மொழிகளிலே தமிழ்மொழி போல் இனிதாவது எங்கும் காணோம் ௧௨௩",
    "telugu": "జానెట్ బాతులు రోజుకు 16 గుడ్లు పెడతాయి ఆమె ప్రతిరోజూ ఉదయం అల్పాహారం కోసం",
    "thai": "เป็ดของเจเน็ตออกไข่ 16 ฟองต่อวัน เธอกินสามฟองเป็นอาหารเช้าทุกเช้า ๑๒๓ น้ำ",
    "japanese": "ジャネットのアヒルは1日に16個の卵を産みます。彼女は毎朝朝食に３個食べ、ﾊﾝｶｸ が ゙",
    "korean": "다람쥐 헌 쳇바퀴에 타고파 키스의 고유조건은 입술끼리 만나야 하고 각 각",
    "chinese": "珍妮特的鸭子每天下 16 颗蛋。她每天早上早餐时吃 3 颗，㐀𠀀𠮷〇二三四",
    "georgian": "ვეპხის ტყაოსანი შოთა რუსთაველი ᲗᲑᲘᲚᲘᲡᲘ ღმერთსი შემვედრე",
    "amharic": "ሰማይ አይታረስ ንጉሥ አይከሰስ ብላ ካለኝ እንደአባቴ በቆመጠኝ ፩፪፫",
    "armenian": "Կրնամ ապակի ուտել և ինծի անհանգիստ չըներ ՁՈՒԿ",
    "khmer": "ខ្ញុំអាចញុំកញ្ចក់បាន ដោយគ្មានបញ្ហា ១២៣",
    "tibetan": "ཤེལ་སྒོ་ཟ་ནས་ང་ན་གི་མ་རེད། ༡༢༣",
    "cherokee": "ᎣᏏᏲ ᏣᎳᎩ ꮳꮃꭹ ᏗᎦᏙᎯ",
    "code": "def f(x):\n\treturn {k: v**2 for k, v in x.items() if k != 'a_b'}  # TODO\n#include <stdio.h>\nfor(;;){i+=1;}//x\n",
    "latex": r"\frac{1}{2} \sum_{i=0}^{n} x_i^2 = \boxed{42} $$\int_0^\infty e^{-x^2}\,dx$$ \alpha\beta \mathbb{R}^{n\times n} \\[2pt]",
}
PIECES = [
    " ", "  ", "   ", "\n", "\n\n", "\r\n", "\r", "\t", "\t\t", " \n", "\n ", "\u00a0", "\u2003", "\u3000", "\u200b",
    "\u2028", "\u0085", "\x0b", "\x0c", "\x00", "\x01", "\x1b[0m", "\x7f", "\ufeff", "\u200d", "\u200f", "\u202e",
    "\ufffd", "0", "7", "12", "345", "1234567890", "3.14159", "1,000,000", "-5", "½", "Ⅷ", "²", "٣", "५", "😀",
    "👩‍👩‍👧‍👦", "🏳️‍🌈", "👍🏽", "🇫🇷", "❤️", "e\u0301", "a\u0308\u0304", "Z\u0351\u036b\u0343", "\u0301", "ﬀ", "…", "—",
    "«", "»", "“", "”", "'s", "'LL", "don't", "I'M", "www.example.com/a/b?c=d&e=f", "x@y.z", "C++", "a/b", "///",
    "/*", "*/", "<!--", "->", "=>", "!=", "___", "...", "!!!", "####", "====", "----", "~~~~", "HELLO", "Hello",
    "hELLO", "camelCaseWordsHTTPServer", "SNAKE_CASE_x", "ÀÉÎ", "aaaa", "ababab", "xX", "ʰ", "ǅ", "ـ", "[INST]",
    "[/INST]", "<s>", "</s>", "[THINK]", "<unk>", "[REF]", "<0x0A>", "<SPECIAL_20>", "\U0001f9d1\U0001f3fb",
    "\U00010400", "\ud7a3", "\u1100\u1161\u11a8", "𝒳𝓎", "ℝ", "∑", "∫",
]


def problems(data):
    """Texts of the shared data sets: 11 languages, English word problems with solutions, Python."""
    texts = []
    for file in sorted((data / "mgsm").glob("*.tsv")):
        texts += [line.split("\t")[0] for line in file.read_text(encoding="utf-8").splitlines()]
    for line in (data / "gsm8k/test.jsonl").read_text(encoding="utf-8").splitlines():
        texts += list(map(str, json.loads(line).values()))
    for line in (data / "mbpp/mbpp.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        texts += [row["text"], row["code"]]
    with gzip.open(data / "humaneval/HumanEval.jsonl.gz", "rt", encoding="utf-8") as lines:
        texts += [json.loads(line)["prompt"] for line in lines]
    return [t for t in texts if t]


def mixed(count, rng):
    """Made-up texts: words and single characters of the scripts between awkward pieces."""
    names = list(SCRIPTS)
    texts = list(SCRIPTS.values()) + [t.upper() for t in SCRIPTS.values()] + [t.swapcase() for t in SCRIPTS.values()] + PIECES
    texts += [" " * n for n in range(1, 140)] + ["\n" * n for n in range(1, 40)] + ["\t" * n for n in range(1, 40)]
    texts += [c * n for c in "a=-_#*.x0é日ا" for n in (2, 3, 5, 7, 16, 31, 64, 129)]
    texts += ["".join(rng.choice("ab") for _ in range(rng.randrange(5, 400))) for _ in range(60)]
    texts += ["".join(rng.choice("étudiant日本語абв") for _ in range(3000)), "Donaudampfschifffahrt" * 60]
    while len(texts) < count:
        made = []
        for _ in range(rng.randrange(1, 25)):
            draw = rng.random()
            script = SCRIPTS[rng.choice(names)]
            if draw < 0.45:
                word = rng.choice(script.split(" "))
                made.append(rng.choice([word, word, word.upper(), word.lower(), word.title(), word.swapcase()]))
            elif draw < 0.55:
                start = rng.randrange(len(script))
                made.append(script[start:start + rng.randrange(1, 12)])
            elif draw < 0.85:
                made.append(rng.choice(PIECES))
            elif draw < 0.93:
                made.append(rng.choice(PIECES) * rng.randrange(2, 12))
            else:
                made.append("".join(chr(rng.choice([rng.randrange(0x20, 0x3000), rng.randrange(0xe000, 0x20000)])) for _ in range(4)))
            if rng.random() < 0.4:
                made.append(" ")
        texts.append("".join(made))
    return texts[:count]


def every_code_point():
    """Each code point alone, between letters, digits, signs and blanks: the classes of the pattern."""
    points = [c for c in range(0x110000) if not 0xd800 <= c < 0xe000]
    for at in range(0, len(points), 32):
        yield "".join(f"a{chr(c)}B {chr(c)}{chr(c)} 1{chr(c)}2 !{chr(c)}\n" for c in points[at:at + 32])


def broken(ids, rng, size, first):
    """Sequences that are no whole text: cut, with a hole, of any tokens, with special tokens among them."""
    cases = [[i] for i in range(first, first + 256)]
    if first == 771:
        cases.remove([771 + 32])  # a blank as a byte: Hugging Face's decoder strips it as if it were the text's first blank
    for seq in ids:
        if len(seq) > 2:
            cases.append(seq[1:])
            cases.append(seq[:-1])
            at = rng.randrange(len(seq))
            cases.append(seq[:at] + seq[at + 1:])
    cases += [[rng.randrange(first, size) for _ in range(rng.randrange(1, 12))] for _ in range(300)]
    return cases


def write_cases(file, tokenizer, texts, decodes):
    with open(file, "w", encoding="utf-8") as out:
        for text in texts:
            out.write(json.dumps({"text": text, "ids": tokenizer.encode(text, bos=False, eos=False)}) + "\n")
        for ids in decodes:
            out.write(json.dumps({"ids": ids, "decoded": tokenizer.decode(ids)}) + "\n")


NAMES = {32: "[ARGS]", 33: "[CALL_ID]", 34: "[THINK]", 35: "[/THINK]"}


def specials(count):
    old = [t["token_str"] for t in Tekkenizer.DEPRECATED_SPECIAL_TOKENS]
    names = [old[i] if i < len(old) else NAMES.get(i, f"<SPECIAL_{i}>") for i in range(count)]
    return [{"rank": i, "token_str": str(n), "is_control": True} for i, n in enumerate(names)]


def cut_tekken(folder, size):
    """A Magistral's file, version v13, with fewer tokens."""
    whole = json.loads((DATA / "tekken_240911.json").read_text(encoding="utf-8"))
    kept = [base64.b64decode(t["token_bytes"]) for t in whole["vocab"][:size]]
    vocab = [{"rank": i, "token_bytes": base64.b64encode(b).decode(), "token_str": None} for i, b in enumerate(kept)]
    config = {"pattern": whole["config"]["pattern"], "num_vocab_tokens": size, "default_vocab_size": size + 40 - 10,
              "default_num_special_tokens": 40, "version": "v13"}
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps({"config": config, "vocab": vocab, "special_tokens": specials(36)}, ensure_ascii=False)
    (folder / "tekken.json").write_text(text.replace('}, {"rank"', '},\n{"rank"'), encoding="utf-8")
    return Tekkenizer.from_file(folder / "tekken.json")


def fields(data):
    """(number, wire type, value, bytes of the field) of a protocol buffer message."""
    at = 0

    def number():
        nonlocal at
        value = shift = 0
        while True:
            byte = data[at]
            at += 1
            value |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                return value

    while at < len(data):
        start = at
        key = number()
        kind = key & 7
        if kind == 0:
            value = number()
        elif kind == 2:
            size = number()
            value = data[at:at + size]
            at += size
        else:
            size = {1: 8, 5: 4}[kind]
            value = data[at:at + size]
            at += size
        yield key >> 3, kind, value, data[start:at]


def cut_sentence_piece(source, target, size):
    """The first pieces of a model, every piece of one character, and the settings as they are."""
    target.parent.mkdir(parents=True, exist_ok=True)
    kept, count = [], 0
    for number, _, value, whole in fields(source.read_bytes()):
        if number == 1:
            piece = dict((n, v) for n, _, v, _ in fields(value))
            count += 1
            if count > size and len(piece[1].decode()) > 1:
                continue
        kept.append(whole)
    target.write_bytes(b"".join(kept))
    return SentencePieceTokenizer(target)


def small(folder):
    rng = random.Random(13)
    texts = mixed(460, rng)
    texts = [t for t in texts if len(t) < 400]
    for name, tokenizer, first in (
            ("tekken", cut_tekken(folder / "tekken", 2600), 40),
            ("spm", cut_sentence_piece(DATA / "mistral_instruct_tokenizer_241114.model.v7", folder / "spm/tokenizer.model.v7", 2200), 771)):
        cases = [t for t in texts if name == "tekken" or not differs(t)]
        ids = [tokenizer.encode(t, bos=False, eos=False) for t in cases[:120]]
        write_cases(folder / name / "cases.jsonl", tokenizer, cases, broken(ids, rng, tokenizer.n_words, first))


def differs(text):
    """SentencePiece puts its blank before the text once, Hugging Face's normalizer after each user-defined piece as well."""
    return "[REF]" in text


def full(folder, data):
    rng = random.Random(7)
    texts = problems(data)
    rng.shuffle(texts)
    texts = texts[:6000] + mixed(4000, rng)
    folder.mkdir(parents=True, exist_ok=True)
    for file in sorted(DATA.iterdir()):
        target = folder / file.name / ("tekken.json" if file.suffix == ".json" else "tokenizer" + file.name[file.name.index(".model"):])
        target.parent.mkdir(exist_ok=True)
        shutil.copyfile(file, target)
        tekken = file.suffix == ".json"
        tokenizer = Tekkenizer.from_file(target) if tekken else SentencePieceTokenizer(target)
        cases = texts + list(every_code_point()) if tekken else [t for t in texts if not differs(t)]
        ids = [tokenizer.encode(t, bos=False, eos=False) for t in texts[:400]]
        write_cases(target.parent / "cases.jsonl", tokenizer, cases, broken(ids, rng, tokenizer.n_words, 1000 if tekken else 771))
        print(file.name, tokenizer.n_words, "tokens", len(cases), "texts")


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("kind", choices=["small", "full"])
    arguments.add_argument("folder", type=pathlib.Path)
    arguments.add_argument("--data", type=pathlib.Path, help="folder with mgsm, gsm8k, mbpp and humaneval")
    given = arguments.parse_args()
    small(given.folder) if given.kind == "small" else full(given.folder, given.data)


if __name__ == "__main__":
    main()
