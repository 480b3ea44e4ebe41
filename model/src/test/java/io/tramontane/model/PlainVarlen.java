package io.tramontane.model;

import java.io.InputStream;

/**
 * The program as a GPU runs it in bfloat16, for a CPU in float32: the two calls of PyTorch's fused attention are those of plain
 * methods with the same arguments, which take segment by segment as that operator's documentation says.
 */
final class PlainVarlen {
    private static final String PLAIN =
            """

              def plain_mask(self: __torch__.Policy, queries: int, keys: int, left: Optional[int]) -> Tensor:
                row = torch.arange(0, queries, dtype=4).unsqueeze(1) + (keys - queries)
                column = torch.arange(0, keys, dtype=4).unsqueeze(0)
                seen = torch.le(column, row)
                if left is not None:
                  seen = torch.logical_and(seen, torch.ge(column, row - unchecked_cast(int, left)))
                return seen

              def plain_one(
                  self: __torch__.Policy, q: Tensor, k: Tensor, v: Tensor, left: Optional[int]
              ) -> Tuple[Tensor, Tensor]:
                near = torch.repeat_interleave(k, %1$d, 1).transpose(0, 1)
                far = torch.repeat_interleave(v, %1$d, 1).transpose(0, 1)
                scores = torch.matmul(q.transpose(0, 1), near.transpose(1, 2)) * (%2$d ** -0.5)
                hidden = torch.logical_not(self.plain_mask(q.size(0), k.size(0), left))
                scores = scores.masked_fill(hidden, -inf)
                return (torch.matmul(torch.softmax(scores, -1), far).transpose(0, 1), torch.logsumexp(scores, [-1]))

              def plain_forward(
                  self: __torch__.Policy, q: Tensor, k: Tensor, v: Tensor, q_ends: Tensor, k_ends: Tensor, max_q: int,
                  max_k: int, dropout: float, causal: bool, debug: bool, left: Optional[int]
              ) -> Tuple[Tensor, Tensor, Tensor, Tensor, Tensor]:
                assert q_ends.dtype == 3 and k_ends.dtype == 3 and causal and not debug
                outs = annotate(List[Tensor], [])
                logs = annotate(List[Tensor], [])
                for s in range(q_ends.size(0) - 1):
                  a = int(q_ends[s])
                  b = int(k_ends[s])
                  n = int(q_ends[s + 1]) - a
                  m = int(k_ends[s + 1]) - b
                  assert n <= max_q and m <= max_k
                  out, log = self.plain_one(q.narrow(0, a, n), k.narrow(0, b, m), v.narrow(0, b, m), left)
                  outs.append(out)
                  logs.append(log)
                assert int(q_ends[-1]) == q.size(0) and int(k_ends[-1]) == k.size(0)
                return (torch.cat(outs, 0), torch.cat(logs, 1), q_ends, k_ends, q_ends)

              def plain_backward(
                  self: __torch__.Policy, dy: Tensor, q: Tensor, k: Tensor, v: Tensor, y: Tensor, logs: Tensor,
                  q_ends: Tensor, k_ends: Tensor, max_q: int, max_k: int, dropout: float, causal: bool, state: Tensor,
                  unused: Tensor, left: Optional[int]
              ) -> Tuple[Tensor, Tensor, Tensor]:
                leaves = annotate(List[Tensor], [])
                for leaf in [q, k, v]:
                  leaves.append(leaf.detach().requires_grad_(True))
                made = self.plain_forward(
                    leaves[0], leaves[1], leaves[2], q_ends, k_ends, max_q, max_k, dropout, causal, False, left)
                assert torch.equal(made[0], y) and torch.equal(made[1], logs)
                found = torch.autograd.grad([made[0]], leaves, annotate(List[Optional[Tensor]], [dy]))
                return (
                    unchecked_cast(Tensor, found[0]), unchecked_cast(Tensor, found[1]), unchecked_cast(Tensor, found[2]))
            """;

    private PlainVarlen() {}

    static InputStream program(PolicyConfig config) {
        String source = PolicyProgram.source(config, Numerics.FAST, false, ProductLibrary.MKL);
        source = replaced(source, "return x.is_cuda and x.dtype == 15 and ", "return ");
        source = replaced(source, "torch._flash_attention_forward(", "self.plain_forward(");
        source = replaced(source, "torch._flash_attention_backward(", "self.plain_backward(");
        source = source.replace("window_size_left=", "");
        return PolicyProgram.archive(
                source + PLAIN.formatted(config.heads() / config.keyValueHeads(), config.headSize()));
    }

    private static String replaced(String source, String old, String plain) {
        if (!source.contains(old)) throw new IllegalStateException("the program has no " + old);
        return source.replace(old, plain);
    }
}
