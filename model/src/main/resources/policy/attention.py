  # More of the class in policy.py, where shapes and words are explained; called by training.py.

  # ---- training: attention ------------------------------------------------------------------------------------------

  # A completion attends to its prompt and to itself, a prompt to itself; nobody else is in reach, since the keys of a
  # segment are gathered by index. Completions of a group share one copy of their prompt. Java chooses between two ways
  # (PackedSequences.isPadded) and lists what all layers share: cosine, sine and turn as `rotary` gives them, then what is
  # said below, and last who sees whom. With MIXED = 1 the same for layers without a window follows, and Java puts it in
  # the place of the other there.

  # turned [N, Hq+Hk, D] rotated, all [N, Hq+2Hk, D] as they were -> results [N, Hq, D]; then what the gradient takes
  def look_around(
      self: __torch__.Policy, turned: Tensor, all: Tensor, shared: List[Tensor], differentiable: bool
  ) -> List[Tensor]:
    if shared[3].dim() == 3:
      return self.look_padded(turned, all, shared, differentiable)
    if ROWS > 0:
      return self.look_in_rows(turned, all, shared)
    if self.varlen(turned):
      return self.look_varlen(turned, all, shared)
    return self.look_in_spans(turned, all, shared)

  # dlooked [N, Hq, D]: gradient of the results. `looked`: what `look_around` gave. Adds to dturned and dall, float32.
  def look_around_gradient(
      self: __torch__.Policy, dlooked: Tensor, looked: List[Tensor], all: Tensor, shared: List[Tensor], dturned: Tensor,
      dall: Tensor
  ) -> Tensor:
    if shared[3].dim() == 3:
      return self.look_padded_gradient(dlooked, looked, shared, dturned, dall)
    if ROWS > 0:
      return self.look_in_rows_gradient(dlooked, looked, all, shared, dturned, dall)
    if self.varlen(dlooked):
      return self.look_varlen_gradient(dlooked, looked, all, shared, dturned, dall)
    return self.look_in_spans_gradient(dlooked, looked, all, shared, dturned, dall)

  # ---- short segments: padded to the longest, in one piece -------------------------------------------------------------

  #   query_rows [S, Hk, G Q], key_rows [S, Hk, K]   rows of D numbers among rotated query+key [N, Hq+Hk]
  #   value_rows [S, Hk, K]                          among query+key+value [N, Hq+2Hk]
  #   to_tokens [N, Hq]                              among attention's results [S, Hk, G, Q]
  #   to_slots [S, Hk, G, Q]                         among [N, Hq] and one row more, for padding
  #   mask [S, 1, G Q, K]                            added to scores; with ROWS > 0 whether a query sees a key
  # query [S, Q] and key [S, K] index into the N tokens, back [N] into the flattened [S, Q]; prompt [S] keys in front of a
  # segment's own.
  def shared_padded(
      self: __torch__.Policy, positions: Tensor, query: Tensor, key: Tensor, prompt: Tensor, back: Tensor
  ) -> List[Tensor]:
    segments = query.size(0)
    longest = query.size(1)
    count = back.size(0)
    head = torch.arange(0, HEADS, dtype=4, device=query.device)
    few = head.narrow(0, 0, KEY_HEADS).view([1, KEY_HEADS, 1])
    query_rows = (query * (HEADS + KEY_HEADS)).unsqueeze(1) + head.view([1, HEADS, 1])
    key_rows = (key * (HEADS + KEY_HEADS) + HEADS).unsqueeze(1) + few
    value_rows = (key * (HEADS + 2 * KEY_HEADS) + (HEADS + KEY_HEADS)).unsqueeze(1) + few
    segment = torch.floor_divide(back, longest)
    to_tokens = (segment * (HEADS * longest) + (back - segment * longest)).unsqueeze(1) + (head * longest).unsqueeze(0)
    to_slots = torch.full([segments * HEADS * longest], count * HEADS, dtype=4, device=query.device)
    to_slots = to_slots.scatter_(0, to_tokens.view([-1]), torch.arange(0, count * HEADS, dtype=4, device=query.device))
    columns = torch.arange(0, key.size(1), dtype=4, device=query.device).view([1, 1, 1, -1])
    rows = torch.arange(0, longest, dtype=4, device=query.device).view([1, 1, longest, 1])
    rows = torch.clamp(rows + prompt.view([segments, 1, 1, 1]), None, key.size(1) - 1)
    cosine, sine, turn = self.rotary(positions)
    query_rows = query_rows.view([segments, KEY_HEADS, HEADS // KEY_HEADS * longest])
    made = [cosine, sine, turn, query_rows, key_rows, value_rows, to_tokens, to_slots, self.score_mask(rows, columns, WINDOW)]
    if MIXED == 1:
      made.append(self.score_mask(rows, columns, 0))
    return made

  # positions of queries [S, 1, Q, 1] and keys [1, 1, 1, K] -> [S, 1, G Q, K]
  def score_mask(self: __torch__.Policy, rows: Tensor, columns: Tensor, window: int) -> Tensor:
    mask = self.sees(rows, columns, window)
    if ROWS == 0:
      mask = torch.zeros(mask.size(), dtype=6, device=rows.device).masked_fill_(torch.logical_not(mask), -inf).to(COMPUTE)
    return mask.repeat([1, 1, HEADS // KEY_HEADS, 1])

  def look_padded(
      self: __torch__.Policy, turned: Tensor, all: Tensor, shared: List[Tensor], differentiable: bool
  ) -> List[Tensor]:
    cosine, sine, turn, query_rows, key_rows, value_rows, to_tokens, to_slots, mask = shared
    rows = turned.view([-1, HEAD])
    q = torch.embedding(rows, query_rows)
    k = torch.embedding(rows, key_rows)
    v = torch.embedding(all.view([-1, HEAD]), value_rows)
    if differentiable:
      q = q.requires_grad_(True)
      k = k.requires_grad_(True)
      v = v.requires_grad_(True)
    if ROWS > 0:
      seen = self.attend(q, k, v, mask)
    else:
      seen = torch.scaled_dot_product_attention(q, k, v, mask)
    taken = torch.embedding(seen.detach().reshape([-1, HEAD]), to_tokens)
    return [taken, q, k, v, seen]

  def look_padded_gradient(
      self: __torch__.Policy, dlooked: Tensor, looked: List[Tensor], shared: List[Tensor], dturned: Tensor, dall: Tensor
  ) -> Tensor:
    cosine, sine, turn, query_rows, key_rows, value_rows, to_tokens, to_slots, mask = shared
    taken, q, k, v, seen = looked
    padding = torch.zeros([1, HEAD], dtype=dlooked.dtype, device=dlooked.device)
    dseen = torch.embedding(torch.cat([dlooked.view([-1, HEAD]), padding], 0), to_slots)
    found = torch.autograd.grad([seen], [q, k, v], annotate(List[Optional[Tensor]], [dseen.view(seen.size())]))
    dq = torch.embedding(unchecked_cast(Tensor, found[0]).reshape([-1, HEAD]), to_tokens)
    dk = unchecked_cast(Tensor, found[1]).reshape([-1, HEAD]).to(6)
    dv = unchecked_cast(Tensor, found[2]).reshape([-1, HEAD]).to(6)
    dturned.narrow(1, 0, HEADS).copy_(dq, False)
    dturned.view([-1, HEAD]).index_add_(0, key_rows.view([-1]), dk)
    return dall.view([-1, HEAD]).index_add_(0, value_rows.view([-1]), dv)

  # ---- segments of any length, nothing padded -------------------------------------------------------------------------

  # What is kept of them grows with N alone: beside the results one number for each query and head, the logarithm of the
  # sum of its exponentials.

  #   segments [S, 4] in the host's memory: where the segment begins among the N tokens, its length; where its prompt
  #   begins, how long that is (0 for a prompt itself). In order, end to end.
  #   for `varlen` only: keys [X], the keys' tokens of one segment after the other, prompts first; where each segment's
  #   queries and keys end [S+1], int32, from 0 on
  #   window [1] in the host's memory
  def shared_segments(self: __torch__.Policy, positions: Tensor, segments: Tensor) -> List[Tensor]:
    cosine, sine, turn = self.rotary(positions)
    made = [cosine, sine, turn, segments]
    if self.varlen(torch.zeros([1], dtype=COMPUTE, device=positions.device)):
      made.extend(self.segment_ends(positions, segments))
    made.append(torch.full([1], WINDOW, dtype=4))
    if MIXED == 1:
      made.append(torch.full([1], 0, dtype=4))
    return made

  def segment_ends(self: __torch__.Policy, like: Tensor, segments: Tensor) -> List[Tensor]:
    keys = annotate(List[Tensor], [])
    query_ends = [0]
    key_ends = [0]
    for segment in annotate(List[List[int]], segments.tolist()):
      start, length, prompt, before = segment
      keys.append(torch.arange(prompt, prompt + before, dtype=4, device=like.device))
      keys.append(torch.arange(start, start + length, dtype=4, device=like.device))
      query_ends.append(query_ends[-1] + length)
      key_ends.append(key_ends[-1] + before + length)
    return [
        torch.cat(keys, 0), torch.tensor(query_ends, dtype=3, device=like.device),
        torch.tensor(key_ends, dtype=3, device=like.device)]

  # ---- on a GPU in bfloat16: one call for all segments

  # Whether PyTorch's fused attention for segments of any length takes this.
  def varlen(self: __torch__.Policy, x: Tensor) -> bool:
    return x.is_cuda and x.dtype == 15 and HEAD % 8 == 0 and HEAD <= 256

  # Of all segments the most queries and the most keys.
  def most(self: __torch__.Policy, segments: Tensor) -> Tuple[int, int]:
    queries = 0
    keys = 0
    for segment in annotate(List[List[int]], segments.tolist()):
      queries = max(queries, segment[1])
      keys = max(keys, segment[1] + segment[3])
    return (queries, keys)

  # Keys to the left that a query sees beside its own; none: all.
  def left(self: __torch__.Policy, shared: List[Tensor]) -> Optional[int]:
    left = annotate(Optional[int], None)
    window = int(shared[-1])
    if window > 0:
      left = window - 1
    return left

  # A segment's last query stands at its last key: so the operator takes `causal`.
  def look_varlen(self: __torch__.Policy, turned: Tensor, all: Tensor, shared: List[Tensor]) -> List[Tensor]:
    queries, keys = self.most(shared[3])
    q = turned.narrow(1, 0, HEADS)
    k = torch.index_select(turned.narrow(1, HEADS, KEY_HEADS), 0, shared[4])
    v = torch.index_select(all.narrow(1, HEADS + KEY_HEADS, KEY_HEADS), 0, shared[4])
    looked, logs, state, unused, debug = torch._flash_attention_forward(
        q, k, v, shared[5], shared[6], queries, keys, 0.0, True, False, window_size_left=self.left(shared))
    return [looked, turned, logs, state, unused]

  def look_varlen_gradient(
      self: __torch__.Policy, dlooked: Tensor, looked: List[Tensor], all: Tensor, shared: List[Tensor], dturned: Tensor,
      dall: Tensor
  ) -> Tensor:
    seen, turned, logs, state, unused = looked
    queries, keys = self.most(shared[3])
    q = turned.narrow(1, 0, HEADS)
    k = torch.index_select(turned.narrow(1, HEADS, KEY_HEADS), 0, shared[4])
    v = torch.index_select(all.narrow(1, HEADS + KEY_HEADS, KEY_HEADS), 0, shared[4])
    dq, dk, dv = torch._flash_attention_backward(
        dlooked, q, k, v, seen, logs, shared[5], shared[6], queries, keys, 0.0, True, state, unused,
        window_size_left=self.left(shared))
    dturned.narrow(1, 0, HEADS).add_(dq)
    dturned.narrow(1, HEADS, KEY_HEADS).index_add_(0, shared[4], dk.to(6))
    return dall.narrow(1, HEADS + KEY_HEADS, KEY_HEADS).index_add_(0, shared[4], dv.to(6))

  # ---- elsewhere: a span of queries against one block of keys after the other, in float32

  # Queries of a span and keys of a block. On a CPU scores stay in the cache; a GPU wants fewer, larger products.
  def sides(self: __torch__.Policy, x: Tensor) -> Tuple[int, int]:
    if x.is_cuda:
      return (512, 2048)
    return (64, 256)

  # The blocks of keys that `count` queries see, from the segment's query `at` on: where a block begins among the N tokens,
  # how many keys it has, how many positions it begins before the first query.
  def key_blocks(
      self: __torch__.Policy, segment: List[int], at: int, count: int, window: int, most: int
  ) -> List[List[int]]:
    start, length, prompt, before = segment
    blocks = annotate(List[List[int]], [])
    for part in [[prompt, before, before + at], [start, at + count, at]]:
      first, keys, distance = part
      lowest = 0
      if window > 0:
        lowest = max(0, distance + 1 - window)
      for b in range(lowest, keys, most):
        blocks.append([first + b, min(most, keys - b), distance - b])
    return blocks

  # x [N, Hq, D] -> [Hk, G C, D] float32: the heads of C tokens from `at` on, those that share a key head below each other
  def span(self: __torch__.Policy, x: Tensor, at: int, count: int) -> Tensor:
    taken = x.narrow(0, at, count).view([count, KEY_HEADS, HEADS // KEY_HEADS, -1])
    return taken.permute([1, 2, 0, 3]).reshape([KEY_HEADS, HEADS // KEY_HEADS * count, -1]).to(6)

  # The other way: [Hk, G C, D] -> [C, Hq, D]
  def unspan(self: __torch__.Policy, x: Tensor, count: int) -> Tensor:
    return x.view([KEY_HEADS, HEADS // KEY_HEADS, count, -1]).permute([2, 0, 1, 3]).reshape([count, HEADS, -1])

  # All keys or values [N, Hk, D] as [Hk, N, D] float32
  def by_head(self: __torch__.Policy, x: Tensor) -> Tensor:
    return x.to(6).transpose(0, 1).contiguous()

  # Scores [Hk, G C, E] of C queries q [Hk, G C, D], scaled, and a block's keys [Hk, E, D]; -inf where one does not see the
  # other. (To TorchScript `and` binds no tighter than `or`.)
  def scores(self: __torch__.Policy, q: Tensor, keys: Tensor, count: int, distance: int, window: int) -> Tensor:
    scores = torch.bmm(q, keys.transpose(1, 2))
    wide = keys.size(1)
    if wide - 1 > distance or (window > 0 and distance + count > window):
      rows = torch.arange(distance, distance + count, dtype=4, device=q.device).unsqueeze(1)
      hidden = torch.logical_not(self.sees(rows, torch.arange(0, wide, dtype=4, device=q.device).unsqueeze(0), window))
      scores.view([KEY_HEADS, HEADS // KEY_HEADS, count, wide]).masked_fill_(hidden, -inf)
    return scores

  # exp(scores - above), scores are used up. What is below 1e-20 becomes 0: a million of them are no rounding of the sum, and
  # their products would be denormal numbers, on which a CPU takes a hundred times as long.
  def exponentials(self: __torch__.Policy, scores: Tensor, above: Tensor) -> Tensor:
    return torch.threshold_(scores.sub_(above).exp_(), 1e-20, 0.0)

  # The running softmax of arXiv:2205.14135: `top` is the largest score so far, `total` the sum of exp(score - top). It
  # begins low, not at -inf: in a window a query may see no key of its first block.
  def look_in_spans(self: __torch__.Policy, turned: Tensor, all: Tensor, shared: List[Tensor]) -> List[Tensor]:
    window = int(shared[-1])
    tall, wide = self.sides(turned)
    q = turned.narrow(1, 0, HEADS)
    k = self.by_head(turned.narrow(1, HEADS, KEY_HEADS))
    v = self.by_head(all.narrow(1, HEADS + KEY_HEADS, KEY_HEADS))
    looked = torch.empty([q.size(0), HEADS, HEAD], dtype=turned.dtype, device=turned.device)
    logs = torch.empty([q.size(0), HEADS, 1], dtype=6, device=turned.device)
    for segment in annotate(List[List[int]], shared[3].tolist()):
      for at in range(0, segment[1], tall):
        count = min(tall, segment[1] - at)
        near = self.span(q, segment[0] + at, count).mul(HEAD ** -0.5)
        top = torch.full([KEY_HEADS, near.size(1), 1], -1e30, dtype=6, device=q.device)
        total = torch.zeros_like(top)
        y = torch.zeros_like(near)
        for block in self.key_blocks(segment, at, count, window, wide):
          scores = self.scores(near, k.narrow(1, block[0], block[1]), count, block[2], window)
          higher = torch.maximum(top, torch.amax(scores, [2], True))
          p = self.exponentials(scores, higher)
          kept = top.sub_(higher).exp_()
          total = total.mul_(kept).add_(torch.sum(p, [2], True))
          y = y.mul_(kept).baddbmm_(p, v.narrow(1, block[0], block[1]))
          top = higher
        looked.narrow(0, segment[0] + at, count).copy_(self.unspan(y.div_(total), count), False)
        logs.narrow(0, segment[0] + at, count).copy_(self.unspan(total.log_().add_(top), count), False)
    return [looked, turned, logs]

  # With P = exp(scores - logs) and dy the gradient of a query's result y:
  #   dV = P^T dy,   dscores = P (dy V^T - sum(dy y)),   dq = dscores K,   dK = dscores^T q
  def look_in_spans_gradient(
      self: __torch__.Policy, dlooked: Tensor, looked: List[Tensor], all: Tensor, shared: List[Tensor], dturned: Tensor,
      dall: Tensor
  ) -> Tensor:
    seen, turned, logs = looked
    window = int(shared[-1])
    tall, wide = self.sides(turned)
    q = turned.narrow(1, 0, HEADS)
    k = self.by_head(turned.narrow(1, HEADS, KEY_HEADS))
    v = self.by_head(all.narrow(1, HEADS + KEY_HEADS, KEY_HEADS))
    dk = torch.zeros(k.size(), dtype=6, device=q.device)
    dv = torch.zeros(k.size(), dtype=6, device=q.device)
    for segment in annotate(List[List[int]], shared[3].tolist()):
      for at in range(0, segment[1], tall):
        count = min(tall, segment[1] - at)
        first = segment[0] + at
        near = self.span(q, first, count).mul(HEAD ** -0.5)
        dy = self.span(dlooked, first, count)
        log = self.span(logs, first, count)
        along = torch.sum(dy * self.span(seen, first, count), [2], True)
        dnear = torch.zeros_like(near)
        for block in self.key_blocks(segment, at, count, window, wide):
          keys = k.narrow(1, block[0], block[1])
          p = self.exponentials(self.scores(near, keys, count, block[2], window), log)
          dv.narrow(1, block[0], block[1]).baddbmm_(p.transpose(1, 2), dy)
          dscores = torch.bmm(dy, v.narrow(1, block[0], block[1]).transpose(1, 2)).sub_(along).mul_(p)
          dnear.baddbmm_(dscores, keys)
          dk.narrow(1, block[0], block[1]).baddbmm_(dscores.transpose(1, 2), near)
        dturned.narrow(0, first, count).narrow(1, 0, HEADS).add_(self.unspan(dnear.mul_(HEAD ** -0.5), count))
    dturned.narrow(1, HEADS, KEY_HEADS).add_(dk.transpose(0, 1))
    return dall.narrow(1, HEADS + KEY_HEADS, KEY_HEADS).add_(dv.transpose(0, 1))

  # ---- with ROWS > 0: the pieces of generation, so that a token has the bits that it has there

  # Keys or values [Hk, K, D] of a segment, the prompt first.
  def in_reach(self: __torch__.Policy, x: Tensor, segment: List[int]) -> Tensor:
    start, length, prompt, before = segment
    return torch.cat([x.narrow(0, prompt, before), x.narrow(0, start, length)], 0).transpose(0, 1)

  def look_in_rows(self: __torch__.Policy, turned: Tensor, all: Tensor, shared: List[Tensor]) -> List[Tensor]:
    made = annotate(List[Tensor], [])
    for segment in annotate(List[List[int]], shared[3].tolist()):
      keys = self.in_reach(turned.narrow(1, HEADS, KEY_HEADS), segment)
      values = self.in_reach(all.narrow(1, HEADS + KEY_HEADS, KEY_HEADS), segment)
      q = turned.narrow(0, segment[0], segment[1]).narrow(1, 0, HEADS)
      made.append(self.look_back_in_blocks(q, keys, values, int(shared[-1])))
    return [torch.cat(made, 0).view([-1, HEADS, HEAD]), turned]

  # 128 queries at a time are computed again and differentiated by PyTorch.
  def look_in_rows_gradient(
      self: __torch__.Policy, dlooked: Tensor, looked: List[Tensor], all: Tensor, shared: List[Tensor], dturned: Tensor,
      dall: Tensor
  ) -> Tensor:
    seen, turned = looked
    for segment in annotate(List[List[int]], shared[3].tolist()):
      start, length, prompt, before = segment
      keys = self.in_reach(turned.narrow(1, HEADS, KEY_HEADS), segment)
      values = self.in_reach(all.narrow(1, HEADS + KEY_HEADS, KEY_HEADS), segment)
      dkeys = torch.zeros([keys.size(1), KEY_HEADS, HEAD], dtype=6, device=keys.device)
      dvalues = torch.zeros_like(dkeys)
      for at in range(0, length, 128):
        count = min(128, length - at)
        far = before + at + count
        leaves = annotate(List[Tensor], [])
        q = turned.narrow(0, start + at, count).narrow(1, 0, HEADS)
        for leaf in [q, keys.narrow(1, 0, far), values.narrow(1, 0, far)]:
          leaves.append(leaf.detach().requires_grad_(True))
        y = self.look_back_in_blocks(leaves[0], leaves[1], leaves[2], int(shared[-1]))
        dy = dlooked.narrow(0, start + at, count).reshape([count, QUERY])
        found = torch.autograd.grad([y], leaves, annotate(List[Optional[Tensor]], [dy]))
        dturned.narrow(0, start + at, count).narrow(1, 0, HEADS).add_(unchecked_cast(Tensor, found[0]))
        dkeys.narrow(0, 0, far).add_(unchecked_cast(Tensor, found[1]).transpose(0, 1))
        dvalues.narrow(0, 0, far).add_(unchecked_cast(Tensor, found[2]).transpose(0, 1))
      self.add_reach(dturned.narrow(1, HEADS, KEY_HEADS), dkeys, segment)
      self.add_reach(dall.narrow(1, HEADS + KEY_HEADS, KEY_HEADS), dvalues, segment)
    return dall

  # The other way than `in_reach`: [K, Hk, D] is added to the tokens that it is of.
  def add_reach(self: __torch__.Policy, x: Tensor, change: Tensor, segment: List[int]) -> Tensor:
    start, length, prompt, before = segment
    x.narrow(0, prompt, before).add_(change.narrow(0, 0, before))
    return x.narrow(0, start, length).add_(change.narrow(0, before, length))
