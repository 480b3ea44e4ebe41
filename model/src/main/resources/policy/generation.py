  # The rest of the class in policy.py, which explains shapes and constants. Called by DecodingSession and SequenceScorer.

  # ---- generation: KV cache -----------------------------------------------------------------------------------------

  # Chunks of several prompts, laid end to end without padding: chunk p has counts[p] of the tokens [N], at positions
  # starts[p], starts[p] + 1, ... of its prompt. Writes their keys and values into keys[p], values[p] [L, Hk, P, D], which
  # hold those of the prompt's earlier chunks already. -> the number of tokens
  def prefill(self: __torch__.Policy, w: List[Tensor], keys: List[Tensor], values: List[Tensor], tokens: Tensor,
        positions: Tensor, starts: List[int], counts: List[int]) -> int:
    x = self.chunks(w, keys, values, tokens, positions, starts, counts, False)
    return tokens.size(0)

  # The same for given sequences. -> log-probabilities [N] at the temperature of the tokens `following` [N], the successor
  # of each token; logits are computed HEAD_ROWS rows at a time
  def score(self: __torch__.Policy, w: List[Tensor], keys: List[Tensor], values: List[Tensor], tokens: Tensor,
        positions: Tensor, starts: List[int], counts: List[int], following: Tensor, temperature: float) -> Tensor:
    x = self.chunks(w, keys, values, tokens, positions, starts, counts, True)
    divisor = torch.full([], temperature, dtype=6, device=tokens.device)
    found = annotate(List[Tensor], [])
    at = 0
    for part in torch.split(x, HEAD_ROWS, 0):
      known, p = self.probabilities(self.head(w, part, divisor))
      found.append(torch.gather(known, 1, following.narrow(0, at, part.size(0)).unsqueeze(1)).squeeze(1))
      at = at + part.size(0)
    return torch.cat(found, 0)

  # All layers -> hidden states [N, W]; if not `last`, the last layer computes keys and values only, which is all that a
  # prompt needs.
  def chunks(self: __torch__.Policy, w: List[Tensor], keys: List[Tensor], values: List[Tensor], tokens: Tensor,
        positions: Tensor, starts: List[int], counts: List[int], last: bool) -> Tensor:
    rotary = self.rotary(positions)
    x = torch.embedding(w[0], tokens).to(6)
    masks = [self.masks(starts, counts, w[0], WINDOW)]
    if MIXED == 1:
      masks.append(self.masks(starts, counts, w[0], 0))
    for l in range(LAYERS):
      wide = self.wide(l)
      window = self.window(l)
      i = 1 + PER_LAYER * l
      y, root = self.norm(x, w[i])
      turned, all = self.project(w, i, y, rotary, annotate(List[Tensor], []))
      made = annotate(List[Tensor], [])
      at = 0
      for p in range(len(counts)):
        own = turned.narrow(0, at, counts[p])
        seen_keys = keys[p].select(0, l).narrow(1, 0, starts[p] + counts[p])
        seen_values = values[p].select(0, l).narrow(1, 0, starts[p] + counts[p])
        seen_keys.narrow(1, starts[p], counts[p]).copy_(own.narrow(1, HEADS, KEY_HEADS).transpose(0, 1), False)
        own_values = all.narrow(0, at, counts[p]).narrow(1, HEADS + KEY_HEADS, KEY_HEADS)
        seen_values.narrow(1, starts[p], counts[p]).copy_(own_values.transpose(0, 1), False)
        if last or l < LAYERS - 1:
          made.append(self.look_back(own.narrow(1, 0, HEADS), seen_keys, seen_values, masks[wide][p], window))
        at = at + counts[p]
      if last or l < LAYERS - 1:
        x = self.weight_product(torch.cat(made, 0), w, i + OUT_AT).to(6).add_(x)
        z, root = self.norm(x, w[i + FEED_AT])
        x = self.feed(w, i + FEED_AT, z).to(6).add_(x)
    return x

  # The masks of all chunks, in layers with this window.
  def masks(
      self: __torch__.Policy, starts: List[int], counts: List[int], like: Tensor, window: int
  ) -> List[Optional[Tensor]]:
    masks = annotate(List[Optional[Tensor]], [])
    for p in range(len(counts)):
      masks.append(self.mask(starts[p], counts[p], like, window))
    return masks

  # Mask of the `count` queries from position `start` on, added to scores: [count, K] for the last K keys, 0 or -inf; none
  # where every query sees all keys up to its own.
  def mask(self: __torch__.Policy, start: int, count: int, like: Tensor, window: int) -> Optional[Tensor]:
    if ROWS > 0 or (start == 0 and (window == 0 or count <= window)):
      return None
    first = 0
    if window > 0:
      first = max(0, start + 1 - window)
    places = torch.arange(first, start + count, dtype=4, device=like.device)
    seen = self.sees(places.narrow(0, start - first, count).unsqueeze(1), places.unsqueeze(0), window)
    return torch.zeros(seen.size(), dtype=like.dtype, device=like.device).masked_fill_(torch.logical_not(seen), -inf)

  # Causal attention of a chunk: queries q [X, Hq, D] of the last X positions, keys and values [Hk, K, D], the chunk's mask
  # -> [X, QUERY]
  def look_back(
      self: __torch__.Policy, q: Tensor, keys: Tensor, values: Tensor, mask: Optional[Tensor], window: int
  ) -> Tensor:
    if ROWS > 0:
      return self.look_back_in_blocks(q, keys, values, window)
    group = HEADS // KEY_HEADS
    near = keys
    far = values
    if mask is not None:
      count = unchecked_cast(Tensor, mask).size(1)
      near = keys.narrow(1, keys.size(1) - count, count)
      far = values.narrow(1, keys.size(1) - count, count)
    heads = [group, KEY_HEADS, near.size(1), HEAD]
    folded = q.view([-1, KEY_HEADS, group, HEAD]).permute([2, 1, 0, 3])
    y = torch.scaled_dot_product_attention(folded, near.expand(heads), far.expand(heads), mask, 0.0, mask is None)
    return y.permute([2, 1, 0, 3]).reshape([-1, QUERY])

  # The same with `attend`, 128 queries at a time, over the keys that at least one of them sees, from a multiple of 64 on.
  def look_back_in_blocks(self: __torch__.Policy, q: Tensor, keys: Tensor, values: Tensor, window: int) -> Tensor:
    group = HEADS // KEY_HEADS
    start = keys.size(1) - q.size(0)
    made = annotate(List[Tensor], [])
    at = 0
    for part in torch.split(q, 128, 0):
      rows = part.size(0)
      end = start + at + rows
      first = 0
      if window > 0:
        first = max(0, start + at + 1 - window) // 64 * 64
      folded = part.view([rows, KEY_HEADS, group, HEAD]).permute([1, 2, 0, 3]).reshape([1, KEY_HEADS, group * rows, HEAD])
      near = keys.narrow(1, first, end - first)
      far = values.narrow(1, first, end - first)
      places = torch.arange(first, end, dtype=4, device=q.device)
      seen = self.sees(places.narrow(0, places.size(0) - rows, rows).unsqueeze(1), places.unsqueeze(0), window)
      seen = seen.repeat([group, 1])
      y = self.attend(folded, near.unsqueeze(0), far.unsqueeze(0), seen.view([1, 1, group * rows, -1]))
      made.append(y.view([KEY_HEADS, group, rows, HEAD]).permute([2, 0, 1, 3]).reshape([rows, QUERY]))
      at = at + rows
    return torch.cat(made, 0)

  # Whether decoding uses PyTorch's fused attention operator, which stores no scores: everywhere but in float32 on a CPU,
  # where two products are faster.
  def fused(self: __torch__.Policy, x: Tensor) -> bool:
    return x.is_cuda or x.dtype != 6

  # q [X Hk, Y, D], the queries that share a key/value head as its rows; k and v [X Hk, K, D]; bias [X, Hk, 1, K], added
  # to the scores -> [X Hk, Y, D]
  def look(self: __torch__.Policy, q: Tensor, k: Tensor, v: Tensor, bias: Tensor) -> Tensor:
    keys = k.view([-1, KEY_HEADS, k.size(1), HEAD])
    values = v.view([-1, KEY_HEADS, k.size(1), HEAD])
    return torch.scaled_dot_product_attention(q.view([-1, KEY_HEADS, q.size(1), HEAD]), keys, values, bias).reshape(q.size())

  # The cache is [L, X Hk, D] for X positions. A region is the `capacity` positions from position `first` on, which is a
  # slot's: its rows are [Hk, capacity]. One of keys or values as [L, Hk, capacity, D], the same memory
  def region(self: __torch__.Policy, cache: Tensor, first: int, capacity: int) -> Tensor:
    return cache.narrow(1, first * KEY_HEADS, capacity * KEY_HEADS).view([LAYERS, KEY_HEADS, capacity, HEAD])

  # Copies a prompt's keys and values [L, Hk, X, D] into a region.
  def fill(self: __torch__.Policy, cache_keys: Tensor, cache_values: Tensor, keys: Tensor, values: Tensor, first: int,
        capacity: int) -> int:
    self.region(cache_keys, first, capacity).narrow(2, 0, keys.size(2)).copy_(keys, False)
    self.region(cache_values, first, capacity).narrow(2, 0, keys.size(2)).copy_(values, False)
    return first

  # Copies a region's first `count` positions to another region.
  def move(self: __torch__.Policy, cache_keys: Tensor, cache_values: Tensor, source: int, source_capacity: int, target: int,
        target_capacity: int, count: int) -> int:
    for cache in [cache_keys, cache_values]:
      found = self.region(cache, source, source_capacity).narrow(2, 0, count)
      self.region(cache, target, target_capacity).narrow(2, 0, count).copy_(found, False)
    return count

  # Moves what regions hold into others, which may overlap them: per move first and capacity of the old, then of the new.
  # Layer by layer, so that it takes little memory.
  def rearrange(self: __torch__.Policy, cache_keys: Tensor, cache_values: Tensor, moves: List[int]) -> int:
    count = len(moves) // 4
    for cache in [cache_keys, cache_values]:
      for l in range(LAYERS):
        layer = cache.select(0, l)
        held = annotate(List[Tensor], [])
        for j in range(count):
          held.append(torch.clone(layer.narrow(0, moves[4 * j] * KEY_HEADS, moves[4 * j + 1] * KEY_HEADS)))
        for j in range(count):
          length = min(moves[4 * j + 1], moves[4 * j + 3])
          old = held[j].view([KEY_HEADS, moves[4 * j + 1], HEAD])
          new = layer.narrow(0, moves[4 * j + 2] * KEY_HEADS, moves[4 * j + 3] * KEY_HEADS).view([KEY_HEADS, -1, HEAD])
          new.narrow(1, 0, length).copy_(old.narrow(1, 0, length), False)
    return count

  # What the slots see at one step in layers with this window, one tensor for every span: [X, 1, G, K] bool.
  def seen_places(
      self: __torch__.Policy, positions: Tensor, spans: List[int], reaches: List[int], further: int, window: int
  ) -> List[Tensor]:
    masks = annotate(List[Tensor], [])
    at = 0
    for j in range(len(spans)):
      places = torch.arange(0, reaches[j] + further, dtype=4, device=positions.device)
      seen = self.sees(positions.narrow(0, at, spans[j]).unsqueeze(1), places.unsqueeze(0), window)
      masks.append(seen.view([spans[j], 1, 1, -1]).repeat([1, 1, HEADS // KEY_HEADS, 1]))
      at = at + spans[j]
    return masks

  # The same to be added to scores: [X Hk, 1, K], 0 or -inf, in the type of `like`
  def biases(self: __torch__.Policy, masks: List[Tensor], like: Tensor) -> List[Tensor]:
    biases = annotate(List[Tensor], [])
    for mask in masks:
      seen = mask.narrow(2, 0, 1).reshape([mask.size(0), -1])
      biases.append(torch.log(seen.to(6)).type_as(like).repeat_interleave(KEY_HEADS, 0).unsqueeze(1))
    return biases

  # One token for every live slot: tokens, positions [R] -> logits [R, V]; keys and values are written. Neighbours of
  # similar length attend together: the next spans[j] slots attend to positions below reaches[j] + further; their regions,
  # of capacities[j] positions each, follow each other from position firsts[j] on. rows [R Hk]: the cache's row of each
  # slot's first position, head by head.
  def advance(self: __torch__.Policy, w: List[Tensor], cache_keys: Tensor, cache_values: Tensor, tokens: Tensor,
        positions: Tensor, temperature: Tensor, rows: Tensor, spans: List[int], reaches: List[int], firsts: List[int],
        capacities: List[int], further: int) -> Tensor:
    live = tokens.size(0)
    group = HEADS // KEY_HEADS
    masks = [self.seen_places(positions, spans, reaches, further, WINDOW)]
    if MIXED == 1:
      masks.append(self.seen_places(positions, spans, reaches, further, 0))
    biases = annotate(List[List[Tensor]], [])
    for seen in masks:
      biases.append(self.biases(seen, w[0]))
    rotary = self.rotary(positions)
    place = rows + positions.repeat_interleave(KEY_HEADS)
    x = torch.embedding(w[0], tokens).to(6)
    for l in range(LAYERS):
      wide = self.wide(l)
      i = 1 + PER_LAYER * l
      y, root = self.norm(x, w[i])
      turned, all = self.project(w, i, y, rotary, annotate(List[Tensor], []))
      q = turned.narrow(1, 0, HEADS)
      k = turned.narrow(1, HEADS, KEY_HEADS)
      v = all.narrow(1, HEADS + KEY_HEADS, KEY_HEADS)
      all_keys = cache_keys.select(0, l)
      all_values = cache_values.select(0, l)
      all_keys.index_copy_(0, place, k.reshape([-1, HEAD]))
      all_values.index_copy_(0, place, v.reshape([-1, HEAD]))
      q = q.reshape([live * KEY_HEADS, group, HEAD])
      made = annotate(List[Tensor], [])
      at = 0
      for j in range(len(spans)):
        heads = spans[j] * KEY_HEADS
        reach = reaches[j] + further
        first = firsts[j] * KEY_HEADS
        near = all_keys.narrow(0, first, heads * capacities[j]).view([heads, capacities[j], HEAD]).narrow(1, 0, reach)
        far = all_values.narrow(0, first, heads * capacities[j]).view([heads, capacities[j], HEAD]).narrow(1, 0, reach)
        part = q.narrow(0, at, heads)
        if ROWS > 0:
          sides = [spans[j], KEY_HEADS, reach, HEAD]
          y = self.attend(part.view([spans[j], KEY_HEADS, group, HEAD]), near.reshape(sides), far.reshape(sides), masks[wide][j])
        elif self.fused(q):
          y = self.look(part, near, far, biases[wide][j].view([spans[j], KEY_HEADS, 1, reach]))
        else:
          y = torch.baddbmm(biases[wide][j], part, near.transpose(1, 2), beta=1, alpha=HEAD ** -0.5)
          y = torch.bmm(torch.softmax(y, -1), far)
        made.append(y.reshape([spans[j], QUERY]))
        at = at + heads
      x = self.weight_product(torch.cat(made, 0), w, i + OUT_AT).to(6).add_(x)
      z, root = self.norm(x, w[i + FEED_AT])
      x = self.feed(w, i + FEED_AT, z).to(6).add_(x)
    return self.head(w, x, temperature)

  # Cuts a distribution: unnormalised probabilities [R, V] with the sum `total` [R, 1] -> the same with what is cut set to 0.
  # Row by row `cuts` [3, R, 1] has top-k (V is off), top-p (1 is off; of what top-k left), min-p (0 is off; a share of the
  # largest probability). What stays almost always lies in the 256 best tokens; if not, all are sorted.
  def cut_off(self: __torch__.Policy, p: Tensor, total: Tensor, cuts: Tensor) -> Tensor:
    top_k = cuts[0]
    top_p = cuts[1]
    best, order = torch.topk(p, min(256, VOCAB), 1)
    reaches = torch.logical_or(torch.le(top_k, best.size(1)), torch.ge(torch.sum(best, [1], True), total * top_p))
    if not bool(torch.all(reaches)):
      best, order = torch.sort(p, 1, True)
    place = torch.arange(0, best.size(1), dtype=6, device=p.device).unsqueeze(0)
    kept = torch.where(torch.lt(place, top_k), best, torch.zeros_like(best))
    mass = torch.where(torch.lt(top_k, VOCAB), torch.sum(kept, [1], True), total)
    before = torch.cumsum(kept, 1) - kept
    kept = torch.where(torch.lt(before, mass * top_p), kept, torch.zeros_like(kept))
    kept = torch.where(torch.lt(kept, cuts[2] * best.narrow(1, 0, 1)), torch.zeros_like(kept), kept)
    return torch.zeros_like(p).scatter_(1, order, kept)

  # Inverse cumulative distribution: unnormalised probabilities [R, V], uniform [R, 1] in [0, 1) -> tokens [R]. First the
  # block of 128 tokens is found, then the token in it: that is faster than a running sum over the vocabulary.
  def choose(self: __torch__.Policy, p: Tensor, uniform: Tensor) -> Tensor:
    blocks = torch.constant_pad_nd(p, [0, -VOCAB % 128], 0.0).view([p.size(0), -1, 128])
    mass = torch.sum(blocks, [2])
    above = torch.cumsum(mass, 1)
    last = above.size(1) - 1
    level = uniform * above.narrow(1, last, 1)
    block = torch.searchsorted(above, level, out_int32=False, right=True).clamp_(0, last)
    inner = torch.cumsum(torch.gather(blocks, 1, block.unsqueeze(2).expand([-1, 1, 128])).squeeze(1), 1)
    rest = (level - torch.gather(above, 1, block)).add_(torch.gather(mass, 1, block))
    rest = torch.minimum(rest, inner.narrow(1, 127, 1) * 0.9999999).clamp_(0.0)
    token = torch.searchsorted(inner, rest, out_int32=False, right=True).add_(block * 128)
    return token.clamp_(0, VOCAB - 1).squeeze(1)

  # What divides the logits: one number, or one for every row [R, 1].
  def divisor(self: __torch__.Policy, temperatures: List[float], like: Tensor) -> Tensor:
    if len(temperatures) > 1:
      return torch.tensor(temperatures, dtype=6, device=like.device).unsqueeze(1)
    return torch.full([], temperatures[0], dtype=6, device=like.device)

  # One token for every row of logits [R, V]: see `decode`, of whose arguments these are one step's. greed: whether a row is
  # greedy. -> tokens [R], log-probabilities [R]; if `details` [2, R]; if top > 0 tokens [R, top] and [R, top]
  def sample(self: __torch__.Policy, logits: Tensor, temperature: Tensor, uniforms: Tensor, greedy: Tensor, greed: bool,
        forced: Tensor, more: List[Tensor], details: bool, top: int) -> List[Tensor]:
    best = torch.amax(logits, [1], True)
    p = (logits - best).exp_()
    total = torch.sum(p, [1], True)
    left = logits
    kept = p
    mass = total
    if len(more) > 0 and more[1].size(0) > 0:
      left = torch.masked_fill(logits, torch.logical_not(more[1]), -inf)
      kept = (left - torch.amax(left, [1], True)).exp_()
      mass = torch.sum(kept, [1], True)
    if len(more) > 0 and more[0].size(0) > 0:
      kept = self.cut_off(kept, mass, more[0])
    free = self.choose(kept, uniforms.unsqueeze(1))
    if greed:
      free = torch.where(greedy, torch.argmax(left, 1), free)
    tokens = torch.where(torch.lt(forced, 0), free, forced)
    place = tokens.unsqueeze(1)
    if ROWS > 0:
      logprobs = torch.gather(torch.log_softmax(logits, 1), 1, place).squeeze(1)
    else:
      logprobs = torch.gather(logits, 1, place).sub_(best).sub_(torch.log(total)).squeeze(1)
    made = [tokens, logprobs]
    if details or top > 0:
      known, q = self.probabilities(logits * temperature)
      if details:
        raw = torch.gather(known, 1, place).squeeze(1)
        processed = torch.log(torch.gather(kept, 1, place).squeeze(1) / torch.sum(kept, [1]))
        made.append(torch.stack([raw, torch.where(greedy, torch.zeros_like(raw), processed)]))
      if top > 0:
        values, ids = torch.topk(known, top, 1)
        made.append(ids)
        made.append(values)
    return made

  # `steps` tokens for every live slot. tokens, positions [R]: the newest token of each slot and where it stands;
  # uniforms [steps, R] in [0, 1) choose by the inverse cumulative distribution; greedy [R] bool;
  # forced [steps, R]: a token that is imposed, -1 where the policy chooses; temperatures: one for all rows, or R, divide the
  # logits; more: no tensor, or cuts [3, R, 1], see `cut_off` ([0] where no row is cut), and allowed [R, V] bool, tokens that
  # may be chosen ([0] where all may); rows, spans, reaches, firsts, capacities: see `advance`; top: how many of the best tokens are told.
  # -> tokens [steps, R] int64, log-probabilities [steps, R] at the temperature, before anything is cut; if `details`
  # [steps, 2, R] log-probabilities of the raw distribution (temperature 1) and of the one sampled from; if top > 0 the best
  # tokens [steps, R, top] int64 and their raw log-probabilities [steps, R, top]
  def decode(self: __torch__.Policy, w: List[Tensor], cache_keys: Tensor, cache_values: Tensor, tokens: Tensor,
        positions: Tensor, uniforms: Tensor, greedy: Tensor, forced: Tensor, temperatures: List[float],
        more: List[Tensor], rows: Tensor, spans: List[int], reaches: List[int], firsts: List[int], capacities: List[int],
        details: bool, top: int) -> List[Tensor]:
    chosen = annotate(List[Tensor], [])
    logprobs = annotate(List[Tensor], [])
    others = annotate(List[Tensor], [])
    best_tokens = annotate(List[Tensor], [])
    best_logprobs = annotate(List[Tensor], [])
    steps = uniforms.size(0)
    temperature = self.divisor(temperatures, tokens)
    greed = bool(torch.any(greedy))
    for s in range(steps):
      logits = self.advance(
          w, cache_keys, cache_values, tokens, positions, temperature, rows, spans, reaches, firsts, capacities, s)
      decided = self.sample(logits, temperature, uniforms[s], greedy, greed, forced[s], more, details, top)
      tokens = decided[0]
      chosen.append(tokens)
      logprobs.append(decided[1])
      if details:
        others.append(decided[2])
      if top > 0:
        best_tokens.append(decided[-2])
        best_logprobs.append(decided[-1])
      positions = positions + 1
    made = [torch.stack(chosen), torch.stack(logprobs)]
    if details:
      made.append(torch.stack(others))
    if top > 0:
      made.append(torch.stack(best_tokens))
      made.append(torch.stack(best_logprobs))
    return made

  # One pass over the newest token of every live slot and the tokens that are guessed to follow it: counts[p] tokens of slot
  # p from position starts[p] on, laid end to end [N], in the region of capacities[p] positions from position firsts[p] on.
  # Their keys and values are written; those of a wrong guess stay unseen until a later call overwrites them. What the policy
  # chooses after each of them is `decode`'s, for one step of N rows.
  def verify(self: __torch__.Policy, w: List[Tensor], cache_keys: Tensor, cache_values: Tensor, tokens: Tensor,
        positions: Tensor, starts: List[int], counts: List[int], firsts: List[int], capacities: List[int],
        uniforms: Tensor, greedy: Tensor, temperatures: List[float], more: List[Tensor], details: bool,
        top: int) -> List[Tensor]:
    keys = annotate(List[Tensor], [])
    values = annotate(List[Tensor], [])
    for p in range(len(counts)):
      keys.append(self.region(cache_keys, firsts[p], capacities[p]))
      values.append(self.region(cache_values, firsts[p], capacities[p]))
    x = self.chunks(w, keys, values, tokens, positions, starts, counts, True)
    temperature = self.divisor(temperatures, tokens)
    logits = self.head(w, x, temperature)
    free = torch.full([tokens.size(0)], -1, dtype=4, device=tokens.device)
    return self.sample(
        logits, temperature, uniforms, greedy, bool(torch.any(greedy)), free, more, details, top)
