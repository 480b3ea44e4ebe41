"""The policy program's training pass, driven block by block as TrainingPass.java drives it; gpu_check.py uses it."""
import math

import torch


class Blocks:
    """The pieces of theta that the blocks read, and the calls. Batches are lists: tokens, positions, query, key, prompt,
    back, source, target, as PackedSequences and PaddedSegments lay them out."""

    ROWS = 256  # completion tokens that the head computes at a time

    def __init__(self, program):
        self.program = program
        shapes = program.shapes()
        size = (lambda tensors: sum(math.prod(sides) for sides in tensors))
        embedding, halves = size(shapes[:1]), [size(program.attention_shapes()), size(program.feed_shapes())]
        self.layers = (len(shapes) - 2) // (len(program.attention_shapes()) + len(program.feed_shapes()))
        starts = [embedding]
        for half in halves * self.layers:
            starts.append(starts[-1] + half)
        self.embedding = slice(0, embedding)
        self.halves = [slice(start, end) for start, end in zip(starts, starts[1:])]
        self.norm = slice(starts[-1], starts[-1] + shapes[0][1])
        untied = sum(math.prod(sides) for sides in shapes) > self.norm.stop
        self.head = slice(self.norm.stop, self.norm.stop + embedding) if untied else self.embedding

    def forward(self, theta, batch, keep):
        """Hidden states after the last layer, what all layers share, and what each block kept."""
        shared = self.program.shared_padded(*batch[1:6])
        x, kept = self.program.embed(theta[self.embedding], batch[0]), []
        for number, half in enumerate(self.halves):
            arguments = [theta[half], x] + ([] if number % 2 else [shared])
            name = ("feed_forward" if number % 2 else "attention") + ("_kept" if keep else "")
            made = getattr(self.program, name)(*arguments)
            kept.append([x] + made[1:] if keep else None)
            x = made[0] if keep else made
        return x, shared, kept

    def pieces(self, theta, x, batch, temperature):
        """The normed states, 1 / r, and for each piece of completion tokens what the head makes of it."""
        y, root = self.program.last_norm(theta[self.norm], x)
        pairs = list(zip(batch[6].split(self.ROWS), batch[7].split(self.ROWS)))
        return y, root, ((source, target, self.program.head_rows(theta[self.head], y, source, target, temperature))
                         for source, target in pairs)

    def hidden(self, theta, batch):
        return self.forward(theta, batch, False)[0]

    def logprobs(self, theta, batch, temperature):
        x = self.forward(theta, batch, False)[0]
        return torch.cat([made[0][0] for _, _, made in self.pieces(theta, x, batch, temperature)[2]])

    def add_gradient(self, theta, gradient, batch, temperature, slope):
        """Adds d loss / d theta; slope: log-probabilities of a piece, the piece as a slice -> d loss / d log-probabilities."""
        x, shared, kept = self.forward(theta, batch, True)
        y, root, pieces = self.pieces(theta, x, batch, temperature)
        dy, at = torch.zeros_like(y), 0
        for source, target, made in pieces:
            slopes = slope(made[0][0], slice(at, at + len(source))).unsqueeze(0)
            self.program.head_gradient(theta[self.head], gradient[self.head], dy, source, target, slopes, *made[1:])
            at += len(source)
        dx = self.program.last_norm_gradient(theta[self.norm], gradient[self.norm], dy, x, root, temperature)
        for number in reversed(range(len(self.halves))):
            half = self.halves[number]
            if number % 2:
                dx = self.program.feed_forward_gradient(theta[half], gradient[half], dx, kept.pop())
            else:
                dx = self.program.attention_gradient(theta[half], gradient[half], dx, shared, kept.pop())
        self.program.embed_gradient(gradient[self.embedding], batch[0], dx)
