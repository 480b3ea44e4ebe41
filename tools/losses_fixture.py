#!/usr/bin/env python3
"""Makes token batches and the slopes that losses must have on them, without looking at the Java code.

    python3 -m venv V && V/bin/pip install numpy trl==1.16.0 omegaconf tensordict && V/bin/pip install --no-deps verl==0.9.1
    V/bin/python tools/losses_fixture.py trainer/src/test/resources/losses.json

Two parts. "cases": random batches; each loss is written here as its value alone, in numpy, from the paper; its slopes are
complex steps of that value (exact to rounding, no derivative is written down). "steps": logits and rewards of groups; TRL's
trainers and verl's registered losses compute advantages, loss and, by autograd, the gradient of the logits. TRL's methods are
called on a stand-in for the trainer that has the attributes they read; verl's module is imported without ray and the like.
"""

import json
import sys
import types
from unittest import mock

import numpy

H = 1e-30  # a complex step has no cancellation, so it may be as small as one likes


def clip(x, low, high):
    """Of complex numbers by their real part; a bound has no derivative."""
    return numpy.where(x.real < low, low, numpy.where(x.real > high, high, x))


def smaller(x, y):
    return numpy.where(x.real <= y.real, x, y)


class Padded:
    """A batch as a matrix, one row a sequence: what the flat arrays of the fixture are made from."""

    def __init__(self, random, spread):
        self.lengths = random.integers(1, 6, 4)
        shape = (4, self.lengths.max())
        self.there = numpy.arange(shape[1])[None, :] < self.lengths[:, None]
        self.written = self.there & (random.random(shape) > 0.15)
        self.written[:, 0] = True
        base = -0.1 - 2 * random.random(shape)
        self.now, self.mu, self.old, self.ref = [
            numpy.float32(numpy.minimum(-0.01, base + spread * random.normal(size=shape))).astype(float) for _ in range(4)]
        self.advantage = numpy.float32(random.normal(size=(4, 1))).astype(float)
        self.advantage[3] = 0
        count = self.written.sum(1, keepdims=True)
        self.weight = numpy.float32(numpy.where(self.written, 1 / (4 * count), 0)).astype(float)

    def mean(self, x):
        """Over the tokens of a sequence that the policy wrote."""
        return numpy.where(self.written, x, 0).sum(1, keepdims=True) / self.written.sum(1, keepdims=True)

    def flat(self, x):
        return numpy.broadcast_to(x, self.there.shape)[self.there].tolist()


def surrogate(b, logp, c):
    ratio = numpy.exp(logp - b.old)
    return smaller(ratio * b.advantage, clip(ratio, 1 - c["low"], 1 + c["high"]) * b.advantage)


def decoupled(b, logp, c):
    return numpy.exp(b.old - b.mu) * surrogate(b, logp, c)


def gspo(b, logp, c):
    s = numpy.exp(b.mean(b.now - b.old)) * numpy.exp(logp - b.now)  # GSPO-token, equation 14; sg is the real point
    return smaller(s * b.advantage, clip(s, 1 - c["low"], 1 + c["high"]) * b.advantage)


def gspo_whole(b, logp, c):
    s = numpy.exp(b.mean(logp - b.old))
    return smaller(s * b.advantage, clip(s, 1 - c["low"], 1 + c["high"]) * b.advantage)


def cispo(b, logp, c):
    return numpy.clip(numpy.exp(b.now - b.old), 1 - c["low"], 1 + c["high"]) * b.advantage * logp


def gmpo(b, logp, c):
    sigma = numpy.sign(b.advantage)
    d = logp - b.old
    used = sigma * smaller(sigma * d, sigma * clip(d, -c["low"], c["high"]))
    return b.advantage * numpy.exp(b.mean(used))


def sapo(b, logp, c):
    tau = numpy.where(b.advantage > 0, 1.0, 1.05)
    return 4 / tau / (1 + numpy.exp(-tau * (numpy.exp(logp - b.old) - 1))) * b.advantage


def dppo(b, logp, c):
    moved = numpy.exp(b.now) - numpy.exp(b.old)
    keep = numpy.where(b.advantage > 0, moved <= c["high"], moved >= -c["low"])
    return numpy.where(keep, numpy.minimum(numpy.exp(b.now - b.old), 20), 0) * b.advantage * logp


LOSSES = {
    "magistral": (surrogate, 0.2, 0.28), "dr-grpo": (surrogate, 0.2, 0.2), "dapo": (surrogate, 0.2, 0.28),
    "reinforce++": (surrogate, 0.2, 0.2), "decoupled-ppo": (decoupled, 0.2, 0.2), "gspo": (gspo_whole, 3e-4, 4e-4),
    "cispo": (cispo, 1, 4), "gmpo": (gmpo, 0.4, 0.4), "sapo": (sapo, 0, 0), "dppo-tv": (dppo, 0.15, 0.15)}


def factor(b, correction):
    k = numpy.exp(b.old - b.mu)
    if correction == "tis":
        return numpy.minimum(k, 2)
    if correction == "icepop":
        return numpy.where((k >= 0.5) & (k <= 5), k, 0)
    if correction == "sequence-mask":
        return numpy.where((b.advantage < 0) & (b.mean(b.mu - b.now) > 0.5), 0, 1) * numpy.ones_like(b.now)
    return numpy.ones_like(b.now)


def kl(b, logp, estimator):
    d = b.ref - logp
    k3 = numpy.exp(d) - d - 1
    return k3 if estimator == "k3" else numpy.exp(logp - b.mu) * k3


def steps_of(b, value):
    """d value / d logp of every token, by complex steps."""
    slopes = numpy.zeros_like(b.now)
    for i, t in zip(*numpy.nonzero(b.there)):
        logp = b.now.astype(complex)
        logp[i, t] += 1j * H
        slopes[i, t] = value(logp).imag / H
    return slopes


def case(random, name, correction, estimator, spread):
    function, low, high = LOSSES[name]
    b = Padded(random, spread)
    c = {"low": low, "high": high}
    f = factor(b, correction)
    if correction in ("tis", "icepop") and name == "decoupled-ppo":
        function = surrogate  # the factor is a bounded k
    if name == "gspo" and correction != "none":
        function = gspo
    total = lambda weight: lambda logp: (weight * function(b, logp, c)).sum()
    if name == "gmpo":  # a factor multiplies each token's slope
        slopes = -steps_of(b, total(b.weight)) * f
    else:
        slopes = -steps_of(b, total(b.weight * f))
    objective = total(b.weight * f)(b.now.astype(complex)).real
    coefficient = 0.3 if estimator else 0
    if estimator:
        slopes += coefficient * steps_of(b, lambda logp: (b.weight * kl(b, logp, estimator)).sum())
        objective -= coefficient * (b.weight * kl(b, b.now, estimator)).sum()
    return {
        "name": name, "correction": correction, "klCoef": coefficient, "klEstimator": estimator or "k3",
        "logprobs": b.flat(b.now), "behaviour": b.flat(b.mu), "proximal": b.flat(b.old), "reference": b.flat(b.ref),
        "advantages": b.flat(b.advantage), "weights": b.flat(b.weight),
        "starts": [0] + numpy.cumsum(b.lengths).tolist(), "slopes": b.flat(slopes), "objective": objective}


def cases():
    random = numpy.random.default_rng(2026)
    made = [case(random, name, correction, None, spread)
            for name in LOSSES
            for correction, spread in (("none", 0.05), ("none", 0.7), ("tis", 0.7), ("icepop", 0.7), ("sequence-mask", 0.7))]
    return made + [case(random, "magistral", "none", estimator, 0.5) for estimator in ("k3", "unbiased")]


def advantages(rule, groups):
    """[groups][G] by numpy's own means and deviations."""
    flat = numpy.concatenate(groups)
    if rule == "none":
        return [g.tolist() for g in groups]
    if rule == "batch":
        return [((g - flat.mean()) / flat.std()).tolist() for g in groups]
    if rule == "group":
        return [(g - g.mean()).tolist() for g in groups]
    if rule == "group-std":
        return [((g - g.mean()) / (g.std(ddof=1) + 1e-6)).tolist() for g in groups]
    if rule == "maxrl":
        return [((g - g.mean()) / (g.mean() + 1e-6)).tolist() for g in groups]
    if rule == "leave-one-out":
        return [[g[i] - numpy.delete(g, i).mean() for i in range(len(g))] for g in groups]
    centred = numpy.concatenate([g - g.mean() for g in groups])
    made = (centred - centred.mean()) / centred.std()
    return [part.tolist() for part in numpy.split(made, numpy.cumsum([len(g) for g in groups])[:-1])]


def rules():
    groups = [numpy.array([1.0, 0.1, 0.1, 0.0]), numpy.array([1.1, 1.0, 0.05]), numpy.array([0.0, 0.1, 1.0, 1.0])]
    return {"rewards": [g.tolist() for g in groups],
            "rules": {rule: advantages(rule, groups) for rule in
                      ("minibatch", "group", "group-std", "batch", "leave-one-out", "maxrl", "none")}}


# ---- TRL and verl -------------------------------------------------------------------------------------------------

G, T, V, LONGEST = 4, 6, 7, 10


def trl_trainer(kind, **changes):
    """The attributes that TRL's _compute_loss reads, with the defaults of its config."""
    from collections import defaultdict
    import torch
    accelerator = types.SimpleNamespace(
        num_processes=1, gather=lambda x: x, gather_for_metrics=lambda x: x, reduce=lambda x, reduction: x,
        sync_gradients=True)
    args = types.SimpleNamespace(
        delta=None, use_bias_correction_kl=True, sapo_temperature_pos=1.0, sapo_temperature_neg=1.05,
        steps_per_generation=1, entropy_target=None)
    self = types.SimpleNamespace(
        args=args, accelerator=accelerator, model=types.SimpleNamespace(training=True), aux_loss_enabled=False,
        top_entropy_quantile=1.0, off_policy_mask_threshold=None, importance_sampling_level="token", beta=0.0,
        loss_type="dapo", epsilon_low=0.2, epsilon_high=0.28, use_vllm=False, vllm_importance_sampling_correction=False,
        current_gradient_accumulation_steps=1, max_completion_length=LONGEST, _entropy_bonus_enabled=False,
        use_adaptive_entropy=False, _metrics=defaultdict(lambda: defaultdict(list)))
    for key, value in changes.items():
        setattr(self, key, value)
    self.get_off_policy_mask = kind.get_off_policy_mask
    return self


TRL = {
    "dapo": {"loss_type": "dapo"},
    "dr-grpo": {"loss_type": "dr_grpo", "epsilon_high": 0.2},
    "gspo": {"loss_type": "grpo", "importance_sampling_level": "sequence", "epsilon_low": 3e-4, "epsilon_high": 4e-4},
    "cispo": {"loss_type": "cispo", "epsilon_high": 5.0},
    "sapo": {"loss_type": "sapo"},
    "gmpo": {"epsilon_low": 0.4, "epsilon_high": 0.4}}
TRL_MORE = {
    "dapo with sequence-mask": {"loss_type": "dapo", "off_policy_mask_threshold": 0.5},
    "dapo with unbiased KL": {"loss_type": "dapo", "beta": 0.3},
    "dapo with tis": {"loss_type": "dapo", "use_vllm": True, "vllm_importance_sampling_correction": True}}


def data(random):
    import torch
    lengths = [3, 6, 2, 5, 1, 4, 6, 3]
    mask = torch.tensor([[float(t < n) for t in range(T)] for n in lengths], dtype=torch.float64)
    tokens = torch.tensor(random.integers(0, V, (len(lengths), T)))
    logits = torch.tensor(random.normal(size=(len(lengths), T, V)), dtype=torch.float64)
    logp = torch.log_softmax(logits, -1).gather(-1, tokens[..., None])[..., 0]
    old, mu, ref = [(logp + spread * torch.tensor(random.normal(size=logp.shape))).clamp(max=-0.01).float().double()
                    for spread in (0.15, 0.4, 0.3)]
    rewards = torch.tensor([1.0, 0.1, 0.0, 0.1, 1.0, 1.1, 0.1, 0.05], dtype=torch.float64)
    return types.SimpleNamespace(mask=mask, tokens=tokens, logits=logits, old=old, mu=mu, ref=ref, rewards=rewards,
                                 lengths=lengths)


def verl_advantages(algos, d, std):
    import torch
    token_rewards = torch.zeros_like(d.mask)
    token_rewards[:, 0] = d.rewards
    index = numpy.array([i // G for i in range(len(d.lengths))])
    return algos.compute_grpo_outcome_advantage(token_rewards, d.mask, index, norm_adv_by_std_in_grpo=std)[0][:, 0]


def gradient(d, loss):
    logits = d.logits.clone().requires_grad_()
    logp = logits.log_softmax(-1).gather(-1, d.tokens[..., None])[..., 0]
    value = loss(logp)
    value.backward()
    return value.item(), logits.grad


def step(d, name, correction, advantage, value, grad, old, maker, **more):
    here = d.mask.bool()
    return {"name": name, "correction": correction, "madeBy": maker, "advantage": advantage, "lengths": d.lengths,
            "groupSize": G, "constantLength": LONGEST, "rewards": d.rewards.tolist(), "tokens": d.tokens[here].tolist(),
            "logits": d.logits[here].tolist(), "proximal": old[here].tolist(), "behaviour": d.mu[here].tolist(),
            "reference": d.ref[here].tolist(), "loss": value, "gradient": grad[here].tolist(), **more}


def steps():
    import torch
    import trl
    from trl.experimental.gmpo import GMPOTrainer
    from trl.trainer.grpo_trainer import GRPOTrainer
    for absent in ("ray", "ray.util", "ray.util.scheduling_strategies", "ray.experimental", "ray.experimental.state",
                   "ray.experimental.state.api", "codetiming", "hydra", "torchdata", "torchdata.stateful_dataloader"):
        sys.modules.setdefault(absent, mock.MagicMock())
    import verl
    from verl.trainer.ppo import core_algos as algos
    random = numpy.random.default_rng(12)
    made = []
    for label, changes in {**TRL, **TRL_MORE}.items():
        d = data(random)
        name = label.split(" ")[0]
        std = name != "dr-grpo"
        a = verl_advantages(algos, d, std)
        correction = label.split(" with ")[1] if label in ("dapo with sequence-mask", "dapo with tis") else "none"
        # where the behaviour policy is looked at it is another one than the proximal; else the two are one
        if label in ("dapo with unbiased KL", ) or label in TRL:
            d.mu = d.old
        kind = GMPOTrainer if name == "gmpo" else GRPOTrainer
        trainer = trl_trainer(kind, **changes)
        inputs = {"prompt_ids": torch.zeros(len(d.lengths), 0, dtype=torch.long), "prompt_mask": torch.zeros(len(d.lengths), 0),
                  "completion_ids": d.tokens, "completion_mask": d.mask, "advantages": a, "old_per_token_logps": d.old,
                  "ref_per_token_logps": d.ref, "num_items_in_batch": d.mask.sum(), "sampling_per_token_logps": d.mu,
                  "importance_sampling_ratio": (d.old - d.mu).exp().clamp(max=2.0)}
        if correction == "sequence-mask":
            inputs["old_per_token_logps"] = d.mu
            d.old = d.mu

        def loss(logp):
            trainer._get_per_token_logps_and_entropies = lambda *_, **__: (logp, torch.zeros_like(logp), None)
            return kind._compute_loss(trainer, None, inputs)

        value, grad = gradient(d, loss)
        made.append(step(d, name, correction, "group" if not std else "group-std", value, grad, d.old,
                         f"TRL {trl.__version__}", klCoef=changes.get("beta", 0.0)))
    made += verl_steps(algos, random, f"verl {verl.__version__}")
    return made


def verl_steps(algos, random, maker):
    from types import SimpleNamespace
    made = []
    for name, loss_name, low, high, mode in (
            ("dppo-tv", "dppo_tv", 0.15, 0.15, "seq-mean-token-sum-norm"),
            ("gmpo", "geo_mean", 0.4, 0.4, "seq-mean-token-mean"),
            ("magistral", "vanilla", 0.2, 0.28, "token-mean")):
        d = data(random)
        d.mu = d.old
        std = name != "dppo-tv"
        a = verl_advantages(algos, d, std)[:, None].expand_as(d.mask)
        config = mock.MagicMock()
        config.clip_ratio, config.clip_ratio_low, config.clip_ratio_high = high, low, high
        config.get = lambda key, default: 1e9 if loss_name == "vanilla" else default  # no dual clip
        config.global_batch_info = {"loss_scale_factor": LONGEST} if name == "dppo-tv" else {}
        function = algos.get_policy_loss_fn(loss_name)
        value, grad = gradient(d, lambda logp: function(
            old_log_prob=d.old, log_prob=logp, advantages=a, response_mask=d.mask, loss_agg_mode=mode, config=config)[0])
        made.append(step(d, name, "none", "group" if not std else "group-std", value, grad, d.old, maker, klCoef=0.0))
    return made


def rounded(x):
    if isinstance(x, float):
        return float(f"{x:.9g}")
    if isinstance(x, list):
        return [rounded(y) for y in x]
    return {key: rounded(value) for key, value in x.items()} if isinstance(x, dict) else x


if __name__ == "__main__":
    fixture = rounded({"madeBy": f"numpy {numpy.__version__}", "cases": cases(), "advantages": rules(), "steps": steps()})
    with open(sys.argv[1], "w") as out:
        out.write("{\n" + f'"madeBy": {json.dumps(fixture["madeBy"])},\n"advantages": {json.dumps(fixture["advantages"])},\n')
        for part in ("cases", "steps"):
            out.write(f'"{part}": [\n' + ",\n".join(json.dumps(c) for c in fixture[part]) + "\n]" + (",\n" if part == "cases" else "\n"))
        out.write("}\n")
    print(", ".join(f"{s['name']} ({s['madeBy']})" for s in fixture["steps"]))
