#!/usr/bin/env python3
"""Computes the steps of a recorded run again with independent code, and compares.

    recompute.py RUN MODEL [--from STEP] [--to STEP] [--dtype float64]

RUN is a run folder with a checkpoint of every step (trainer.checkpointEvery=1), MODEL the folder of the model that it
started from (for builtin:tiny: model/src/main/resources/tiny). Every step starts from the recorded state before it: its
weights and Adam's moments. transformers computes the model, autograd the gradient, numpy the rest, in float64.

Compared are the figures of metrics.jsonl, the weights and the moments; the exit status is 1 if one of them differs.
Needs numpy, torch, transformers, safetensors, pyarrow, pyyaml. An oracle: the program itself needs no Python.
"""
import argparse
import json
import math
import pathlib
import sys

import numpy
import pyarrow.ipc
import torch
import yaml
from safetensors.numpy import load_file
from transformers import AutoModelForCausalLM

# How far a figure may be off, relative to itself: the program computes in float32, where transformers' own gradients
# (--dtype float32) have a norm that is some 2e-6 off as well. Checkpoints lie between steps, so the second and later updates
# of a step start from weights that differ in their last bits already; the norm, which is that of the last update, shows it.
NEAR = {"objective": 1e-5, "entropy": 1e-6, "behaviourKl": 1e-3, "gradNorm": 1e-5, "learningRate": 1e-12, "lagMean": 1e-12}
NEAR_LATER_NORM = 1e-4
NEAR_WEIGHTS = 1e-2  # root of the mean square, in that of the step's change
NEAR_MOMENTS = 1e-4  # root of the mean square, in that of the moment


class Run:
    """The contents of a run folder."""

    def __init__(self, folder, model):
        self.folder, self.model = pathlib.Path(folder), pathlib.Path(model)
        self.config = yaml.safe_load((self.folder / "config.yaml").read_text())
        rows = [json.loads(line) for line in (self.folder / "metrics.jsonl").read_text().splitlines()]
        self.rows = {row["step"]: row for row in rows if row["kind"] == "train"}

    def checkpoint(self, step):
        return self.folder / "checkpoints" / f"step-{step:06d}" if step else self.model

    def moments(self, step):
        if not step:
            return [{}, {}]
        return [load_file(self.checkpoint(step) / "optimizer" / f"{name}.safetensors") for name in ("first", "second")]

    def updates(self, step):
        return json.loads((self.checkpoint(step) / "state.json").read_text())["updates"] if step else 0

    def groups(self, step):
        """The completions of a batch, by group."""
        groups = []
        for row in pyarrow.ipc.open_file(self.folder / "batches" / f"step-{step:06d}.arrow").read_all().to_pylist():
            if not groups or groups[-1][0]["group"] != row["group"]:
                groups.append([])
            groups[-1].append(row)
        return groups

    def minibatches(self, step):
        groups, trainer = self.groups(step), self.config["trainer"]
        each = len(groups) * trainer["minibatchSize"] // trainer["batchSize"]
        return [groups[at : at + each] for at in range(0, len(groups), each)]

    def rate(self, step):
        optimizer = self.config["trainer"]["optimizer"]
        warm = min(1.0, step / optimizer["warmupSteps"]) if optimizer["warmupSteps"] else 1.0
        progress = step / self.config["trainer"]["steps"]
        fall = 0 if progress <= optimizer["decayFrom"] else (progress - optimizer["decayFrom"]) / (1 - optimizer["decayFrom"])
        return optimizer["learningRate"] * warm * (1 - min(1, fall) * (1 - optimizer["finalShare"]))


def reward(row):
    return row["format"] + row["correctness"] + row["length"] + row["language"] + sum(value for _, value in row["extra"] or [])


def advantages(minibatch):
    """r - mean of the group, then (A - mean) / deviation over the minibatch."""
    raw = [numpy.array([reward(row) for row in group]) for group in minibatch]
    raw = [group - group.mean() for group in raw]
    everyone = numpy.concatenate(raw)
    normal = [(group - everyone.mean()) / everyone.std() for group in raw]
    return [numpy.where(abs(group) < 1e-12, 0, group) for group in normal]  # a reward at the mean leaves rounding


class Sums:
    """Over the tokens of a minibatch."""

    def __init__(self):
        self.tokens = self.objective = self.entropy = self.low = self.high = self.kl = 0


def add_gradient(net, run, minibatch):
    """Adds the gradient of -J to the parameters' gradients."""
    loss = run.config["trainer"]["loss"]
    low, high, sums = 1 - loss["clipLow"], 1 + loss["clipHigh"], Sums()
    net.zero_grad()
    denominator = sum(len(row["tokens"]) for group in minibatch for row in group)
    for group, scores in zip(minibatch, advantages(minibatch)):
        for row, advantage in zip(group, map(float, scores)):
            prompt, answer = list(group[0]["promptTokens"]), torch.tensor(row["tokens"])
            logits = net(torch.tensor([prompt + row["tokens"]])).logits[0, len(prompt) - 1 : -1] / run.config["rollout"]["temperature"]
            known = torch.log_softmax(logits, -1)
            difference = known.gather(1, answer[:, None])[:, 0] - torch.tensor(row["behaviourLogprobs"], dtype=known.dtype)
            ratio = difference.exp()
            gain = torch.minimum(ratio * advantage, ratio.clamp(low, high) * advantage).sum()
            (-gain / denominator).backward()
            with torch.no_grad():
                sums.tokens += len(answer)
                sums.objective += gain.item()
                sums.entropy -= (known.exp() * known).sum().item()
                sums.low += int((ratio < low).sum()) if advantage < 0 else 0
                sums.high += int((ratio > high).sum()) if advantage > 0 else 0
                sums.kl += (torch.expm1(difference) - difference).sum().item()
    return sums


def update(parameters, moments, count, rate, optimizer):
    """AdamW, arXiv:1711.05101; returns the norm before clipping."""
    first, second = moments
    norm = math.sqrt(sum((p.grad.double() ** 2).sum().item() for p in parameters.values()))
    scale = min(1.0, optimizer["clipNorm"] / (norm + 1e-6))
    for name, p in parameters.items():
        gradient = p.grad.double().numpy() * scale
        first[name] = optimizer["beta1"] * first[name] + (1 - optimizer["beta1"]) * gradient
        second[name] = optimizer["beta2"] * second[name] + (1 - optimizer["beta2"]) * gradient**2
        mean = first[name] / (1 - optimizer["beta1"] ** count)
        root = numpy.sqrt(second[name] / (1 - optimizer["beta2"] ** count))
        with torch.no_grad():
            p.mul_(1 - rate * optimizer["weightDecay"]).sub_(torch.from_numpy(rate * mean / (root + optimizer["epsilon"])))
    return norm


def rms(arrays):
    arrays = list(arrays)
    return math.sqrt(sum((a.astype(numpy.float64) ** 2).sum() for a in arrays) / sum(a.size for a in arrays))


def recompute(run, step, dtype):
    """Yields name, ours, theirs, difference, allowed."""
    net = AutoModelForCausalLM.from_pretrained(run.checkpoint(step - 1), dtype=dtype, attn_implementation="eager").eval()
    parameters = dict(net.named_parameters())
    before = {name: p.detach().double().numpy().copy() for name, p in parameters.items()}
    moments = [{name: saved.get(name, numpy.zeros(p.shape)).astype(numpy.float64) for name, p in parameters.items()}
               for saved in run.moments(step - 1)]
    done, all, objectives, kl, rate = run.updates(step - 1), [], [], None, run.rate(step)
    for minibatch in run.minibatches(step):
        all.append(add_gradient(net, run, minibatch))
        objectives.append(all[-1].objective / all[-1].tokens)
        done += 1
        norm = update(parameters, moments, done, rate, run.config["trainer"]["optimizer"])
    tokens = sum(s.tokens for s in all)
    lags = [step - 1 - version for group in run.groups(step) for row in group for version in row["versions"]]
    found = {
        "objective": sum(objectives) / len(objectives),
        "entropy": sum(s.entropy for s in all) / tokens,
        "behaviourKl": all[0].kl / all[0].tokens,
        "gradNorm": norm,
        "learningRate": rate,
        "lagMean": sum(lags) / len(lags),
    }
    for name, value in found.items():
        told = run.rows[step][name]
        floor = 1e-12 if name == "behaviourKl" else 0  # what float32 leaves of nothing
        near = NEAR_LATER_NORM if name == "gradNorm" and len(all) > 1 else NEAR[name]
        yield name, value, told, max(0, abs(told - value) - floor) / max(abs(value), 1e-300), near
    for name, value in (("clipLowShare", sum(s.low for s in all)), ("clipHighShare", sum(s.high for s in all))):
        yield name, value / tokens, run.rows[step][name], abs(value - round(run.rows[step][name] * tokens)), 0
    yield "lagMax", max(lags), run.rows[step]["lagMax"], abs(max(lags) - run.rows[step]["lagMax"]), 0
    yield "updates", done, run.updates(step), abs(done - run.updates(step)), 0
    after = load_file(run.checkpoint(step) / "model.safetensors")
    weights = [parameters[name].detach().double().numpy() for name in after]
    change = rms(w - before[name] for name, w in zip(after, weights))
    recorded = rms(after[name] - before[name] for name in after)
    yield "weights", change, recorded, rms(w - after[name] for name, w in zip(after, weights)) / change, NEAR_WEIGHTS
    for title, mine, theirs in zip(("first moment", "second moment"), moments, run.moments(step)):
        size = rms(mine.values())
        yield title, size, rms(theirs.values()), rms(mine[name] - theirs[name] for name in theirs) / size, NEAR_MOMENTS


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("run")
    parser.add_argument("model")
    parser.add_argument("--from", dest="first", type=int, default=1)
    parser.add_argument("--to", dest="last", type=int, default=10**9)
    parser.add_argument("--dtype", default="float64")
    options = parser.parse_args()
    torch.set_num_threads(1)
    run, wrong = Run(options.run, options.model), 0
    for step in sorted(step for step in run.rows if options.first <= step <= options.last):
        print(f"step {step}: {len(run.minibatches(step))} updates")
        for name, mine, told, off, allowed in recompute(run, step, getattr(torch, options.dtype)):
            good = off <= allowed
            wrong += not good
            print(f"  {name:14s} {mine:<22.15g} {told:<22.15g} off by {off:.1e}, allowed {allowed:g}"
                  f"{'' if good else '   DIFFERS'}", flush=True)
    print("all agree" if not wrong else f"{wrong} figures differ")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
