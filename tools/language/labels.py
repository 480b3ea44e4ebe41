"""Makes rewards/src/test/resources/language/fasttext-labels.tsv: 1,000 lines "label TAB sentence", labelled by Python's fastText.

  java -cp "app/target/dist/jars/*" tools/language/GymSentences.java 700 > gym.txt
  python3 -m venv venv && venv/bin/pip install "numpy<2" fasttext-wheel
  venv/bin/python tools/language/labels.py rewards/src/main/resources/lid.176.ftz gym.txt \\
        > rewards/src/test/resources/language/fasttext-labels.tsv

The sentences are the gym's and those of sentences.txt, each of these with several numbers in place of {}. The Java test asks
our binding for the same lines, so the fixture need not be made again unless the sentences change.
"""
import random
import sys
from pathlib import Path

import fasttext

LINES = 1000


def sentences(gym):
    random.seed(176)
    templates = Path(__file__).with_name("sentences.txt").read_text("utf-8").splitlines()
    filled = list(dict.fromkeys(fill(t) for _ in range(4) for t in templates))[:500]
    return (filled + list(dict.fromkeys(gym)))[:LINES]


def fill(template):
    while "{}" in template:
        template = template.replace("{}", str(random.randint(2, 999)), 1)
    return template


def main(model, gym):
    lid = fasttext.load_model(model)
    lines = sentences(Path(gym).read_text("utf-8").splitlines())
    if len(lines) != LINES:
        sys.exit(f"{len(lines)} sentences, needed {LINES}: more gym sentences, please")
    for line in lines:
        labels, _ = lid.predict(line)  # Python's binding adds the line end itself
        sys.stdout.write(labels[0].removeprefix("__label__") + "\t" + line + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
