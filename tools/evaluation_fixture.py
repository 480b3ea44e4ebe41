#!/usr/bin/env python3
"""Makes evaluations of synthetic samples, and their expected statistics straight from the definitions.

    python3 -m venv V && V/bin/pip install numpy
    V/bin/python tools/evaluation_fixture.py cluster/src/test/resources/evaluation.json

Nothing here uses a closed form: pass@k and maj@k are means over every subset of k samples, written down one by one, and an
interval is a bootstrap of numpy's own random numbers with ten times as many resamples.
"""

import itertools
import json
import sys

import numpy

RESAMPLES = 20_000

# A percentile of 2,000 resamples is itself random: sqrt(0.025 * 0.975 / 2000) = 0.35 of a percent point. Four of those.
DRAWN = 1.4


def right(answer):
    return {"verdict": "CORRECT", "answer": answer}


def wrong(answer):
    return {"verdict": "WRONG", "answer": answer}


def silent():
    return {"verdict": "FORMAT_ERROR", "answer": ""}


def unscored():
    return {"verdict": "UNSCORED", "answer": ""}


def draw(random, ability):
    """One sample: right with a chance, else one of a few wrong answers, sometimes none."""
    if random.random() < ability:
        return right(str(random.choice(["7", "7.0"])))
    return silent() if random.random() < 0.15 else wrong(str(random.choice(["8", "9", "70", "-7"], p=[0.5, 0.3, 0.1, 0.1])))


def problem(random, number, samples, language=None, source=None, kind="math"):
    languages = ["en", "fr", "zh"]
    for sample in samples:
        judged = sample["verdict"] not in ("UNSCORED", "FORMAT_ERROR")
        sample["format"] = judged
        sample["oneLanguage"] = bool(judged and random.random() < 0.8)
        sample["tokens"] = int(random.integers(1, 200))
        sample["finished"] = bool(random.random() < 0.9)
    language = language or languages[number % len(languages)]
    source = source or ("aime" if number % 4 == 0 else "gsm8k/test")
    return {"id": f"{source}/{number}", "language": language, "source": source, "kind": kind, "samples": samples}


def wins(votes):
    """The share of the lot that the right answer has among the most frequent answers of some samples."""
    counts = {}
    for sample in votes:
        if sample["answer"]:
            name = "right" if sample["verdict"] == "CORRECT" else sample["answer"]
            counts[name] = counts.get(name, 0) + 1
    best = max(counts.values(), default=0)
    winners = [name for name, count in counts.items() if count == best]
    return 1 / len(winners) if "right" in winners else 0.0


def over_subsets(samples, k, value):
    return float(numpy.mean([value(subset) for subset in itertools.combinations(samples, k)]))


def interval(values):
    """The mean, and between which values the 2.5th and the 97.5th percentile of 2,000 resamples must lie."""
    if not values:
        return None
    values = numpy.array(values)
    random = numpy.random.default_rng(len(values))
    means = values[random.integers(0, len(values), (RESAMPLES, len(values)))].mean(axis=1)
    bounds = numpy.percentile(means, [2.5 - DRAWN, 2.5 + DRAWN, 97.5 - DRAWN, 97.5 + DRAWN], method="inverted_cdf")
    return [float(values.mean()), *(round(float(bound), 6) for bound in bounds)]


def statistics(problems):
    judged = [(p, [s for s in p["samples"] if s["verdict"] != "UNSCORED"]) for p in problems]
    judged = [(p, samples) for p, samples in judged if samples]
    k_most = min(len(samples) for _, samples in judged)
    every = [s for _, samples in judged for s in samples]
    ks = range(1, k_most + 1)
    return {
        "problems": len(judged),
        "unscored": sum(s["verdict"] == "UNSCORED" for p in problems for s in p["samples"]),
        "samples": k_most,
        "pass": [interval([over_subsets(s, k, lambda x: any(y["verdict"] == "CORRECT" for y in x)) for _, s in judged]) for k in ks],
        "majority": [interval([over_subsets(s, k, wins) for p, s in judged if p["kind"] == "math"]) for k in ks],
        "formatOk": interval([float(numpy.mean([x["format"] for x in s])) for _, s in judged]),
        "languageConsistency": interval([float(numpy.mean([x["oneLanguage"] for x in s])) for _, s in judged]),
        "lengthMean": float(numpy.mean([s["tokens"] for s in every])),
        "truncatedShare": float(numpy.mean([not s["finished"] for s in every])),
    }


def case(name, problems):
    parts = {"all": statistics(problems)}
    for key in ("language", "source"):
        for value in sorted({p[key] for p in problems}):
            parts[f"{key}/{value}"] = statistics([p for p in problems if p[key] == value])
    return {"name": name, "problems": problems, "expected": parts}


def main():
    random = numpy.random.default_rng(7)
    mixed = [problem(random, i, [draw(random, random.beta(0.7, 0.7)) for _ in range(6)]) for i in range(48)]
    faults = [problem(random, i, [draw(random, 0.5) for _ in range(5)] + [unscored()] * (i % 3)) for i in range(12)]
    faults.append(problem(random, 12, [unscored(), unscored()]))
    cases = [
        case("six samples of 48 problems", mixed),
        case("one sample", [problem(random, i, [draw(random, 0.6)]) for i in range(40)]),
        case("all right", [problem(random, i, [right("7") for _ in range(4)]) for i in range(9)]),
        case("none right", [problem(random, i, [wrong("8"), silent(), wrong("9")]) for i in range(9)]),
        case("ties", [
            problem(random, 0, [right("7"), right("7"), wrong("8"), wrong("8")]),
            problem(random, 1, [right("7"), wrong("8"), wrong("9"), wrong("70")]),
            problem(random, 2, [right("7"), silent(), silent(), silent()]),
            problem(random, 3, [silent(), silent(), silent(), silent()]),
            problem(random, 4, [right("7"), right("7.0"), wrong("8"), silent()]),
        ]),
        case("our own failures", faults),
        case("programs among sums", [
            problem(random, i, [draw(random, 0.5) for _ in range(3)], kind="code" if i % 2 else "math") for i in range(12)]),
        case("one problem", [problem(random, 0, [right("7"), wrong("8"), right("7")])]),
    ]
    with open(sys.argv[1], "w", encoding="utf-8") as file:
        json.dump(cases, file, separators=(",", ":"))
        file.write("\n")


if __name__ == "__main__":
    main()
