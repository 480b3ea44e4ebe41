# The policy: a Llama-family decoder (arXiv:2302.13971) as one TorchScript program. Java fills in the words in capitals
# (LAYERS, WIDTH, ...) and packs this text, with generation.py behind it, into a module archive in memory:
# PolicyProgram.java. Models of the family differ by those words alone: BIAS and HEAD_NORM are 0 or 1; WINDOW and EXPERTS
# are 0 where a model has none.
#
# Shapes   N tokens of a microbatch, laid end to end (prompts first, no padding)     M completion tokens among them
#          S segments (a prompt or a completion), Q longest segment, K longest segment with its prompt in front
#          R live slots, T cache positions, V vocabulary, W width, D head size, L layers
#          Hq query heads, Hk key/value heads, G = Hq / Hk query heads that share a key/value head
#          I width of a feed-forward block, E experts (1 in a dense model)
# Weights  theta [P] holds every parameter; `views` cuts it, in the order that PolicyConfig.tensors() states. It is
#          float32, or bfloat16 where a generator asks for it; then the head lies behind all others in float32, and so are
#          what the layers add up, norms, rotation and the sums of a softmax.
#          Query, key and value lie side by side, so that one matrix multiplication makes all three; gate and up as well.
class Policy(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool

  # ---- weights ------------------------------------------------------------------------------------------------------

  # embedding [V, W]; per layer: norm [W], query+key+value [(Hq+2Hk)D, W], out [W, HqD], norm [W], gate+up [E2I, W],
  # down [EW, I], and where the model has them at BIAS_AT their bias, at NORM_AT the norms of query and key [D], at
  # ROUTER_AT the router [E, W]; then the last norm [W] and, if it is not tied, the head [V, W]
  def shapes(self: __torch__.Policy) -> List[List[int]]:
    shapes = [[VOCAB, WIDTH]]
    for l in range(LAYERS):
      shapes.extend([[WIDTH], [QKV, WIDTH], [WIDTH, QUERY], [WIDTH], [BLOCKS * 2 * HIDDEN, WIDTH], [BLOCKS * WIDTH, HIDDEN]])
      if BIAS == 1:
        shapes.append([QKV])
      if HEAD_NORM == 1:
        shapes.extend([[HEAD], [HEAD]])
      if EXPERTS > 0:
        shapes.append([EXPERTS, WIDTH])
    shapes.append([WIDTH])
    if TIED == 0:
      shapes.append([VOCAB, WIDTH])
    return shapes

  def views(self: __torch__.Policy, theta: Tensor) -> List[Tensor]:
    cut = annotate(List[Tensor], [])
    at = 0
    for shape in self.shapes():
      size = 1
      for side in shape:
        size = size * side
      cut.append(theta.narrow(0, at, size).view(shape))
      at = at + size
    return cut

  # The same, laid out for decoding `rows` sequences on a CPU, the head once more behind all others
  def packed(self: __torch__.Policy, theta: Tensor, rows: int) -> List[Tensor]:
    w = self.views(theta)
    made = [w[0]]
    for i in range(1, len(w)):
      if w[i].dim() == 2 and EXPERTS == 0 and i <= PER_LAYER * LAYERS:
        made.append(self.laid_out(w[i], rows))
      else:
        made.append(w[i])
    made.append(self.laid_out(w[self.head_at()], rows))
    return made

  # A matrix [B, A] in blocks for products with some rows, where a plain product spends more time laying out its weights
  # than multiplying. For one row: column by column where that makes the longer runs of memory, which are read faster.
  def laid_out(self: __torch__.Policy, weight: Tensor, rows: int) -> Tensor:
    if rows > 1:
      return ops.mkldnn._reorder_linear_weight(weight, rows)
    if weight.size(0) >= weight.size(1):
      return weight.t().contiguous().t()
    return weight

  # The same with a head [V W] of its own, behind all others.
  def with_head(self: __torch__.Policy, theta: Tensor, head: Tensor) -> List[Tensor]:
    w = self.views(theta)
    w.append(head.view([VOCAB, WIDTH]))
    return w

  # Zeros in bfloat16 on the device of `near`.
  def room(self: __torch__.Policy, near: Tensor, shape: List[int]) -> Tensor:
    return torch.zeros(shape, dtype=15, device=near.device)

  # chunk [C] into theta[offset : offset + C]
  def load(self: __torch__.Policy, theta: Tensor, chunk: Tensor, offset: int) -> int:
    theta.narrow(0, offset, chunk.size(0)).copy_(chunk, False)
    return offset + chunk.size(0)

  # theta[offset : offset + count] as a tensor of its own, float32
  def slice(self: __torch__.Policy, theta: Tensor, offset: int, count: int) -> Tensor:
    return theta.narrow(0, offset, count).clone().to(6)

  # ---- layers -------------------------------------------------------------------------------------------------------

  # Rotary frequencies [D/2], in the reference's order of operations: at position 10,000 the last bit counts. Llama 3
  # stretches those that turn less than ROPE_LOW times within ROPE_POSITIONS, keeps those above ROPE_HIGH, fades between.
  def frequencies(self: __torch__.Policy, near: Tensor) -> Tensor:
    plain = 1.0 / torch.pow(ROPE_BASE, torch.arange(0, HEAD, 2, dtype=6, device=near.device) / HEAD)
    if ROPE_FACTOR == 1.0:
      return plain
    turns = ROPE_POSITIONS / (6.283185307179586 / plain)
    kept = torch.clamp((turns - ROPE_LOW) / (ROPE_HIGH - ROPE_LOW), 0.0, 1.0)
    return (1.0 - kept) * plain / ROPE_FACTOR + kept * plain

  # positions [X] -> cosines and sines [X, Hq+Hk, D], and the matrix [D, D] that turns (a, b) into (-b, a), float32
  def rotary(self: __torch__.Policy, positions: Tensor) -> Tuple[Tensor, Tensor, Tensor]:
    angle = self.whole(positions).to(6).unsqueeze(1) * self.frequencies(positions).repeat([2]).unsqueeze(0)
    one = torch.eye(HEAD // 2, dtype=6, device=positions.device)
    none = torch.zeros_like(one)
    turn = torch.cat([torch.cat([none, -one], 1), torch.cat([one, none], 1)], 0)
    return (torch.cos(angle).unsqueeze(1).repeat([1, HEADS + KEY_HEADS, 1]), torch.sin(angle).unsqueeze(1).repeat([1, HEADS + KEY_HEADS, 1]), turn)

  # x [X, H, D] -> the same, rotated in pairs (i, i + D/2). The pairs are swapped by a matrix: half-width slices of
  # 16 numbers would be slower than the multiplication.
  def rotate(self: __torch__.Policy, x: Tensor, rotary: Tuple[Tensor, Tensor, Tensor]) -> Tensor:
    return (x * rotary[0]).addcmul_(torch.linear(x.reshape([-1, HEAD]), rotary[2]).view(x.size()), rotary[1])

  # x [X, ..., W] -> x / r * gain, in the gain's type, and 1 / r, r the root of the mean square along the last side
  def norm(self: __torch__.Policy, x: Tensor, gain: Tensor) -> Tuple[Tensor, Tensor]:
    wide = self.whole(x)
    length = torch.linalg_vector_norm(wide, 2, [-1], True, dtype=6)
    root = torch.full([], EPSILON, dtype=6, device=x.device).addcmul(length, length, value=1.0 / x.size(-1)).rsqrt_()
    return (self.first((wide * root).mul_(gain).type_as(gain), x), self.first(root, x))

  # A layer's weights are w[i], w[i + 1], ...: i = 1 + PER_LAYER l.
  # y [X, W] normed -> query+key [X, Hq+Hk, D] rotated, query+key+value [X, Hq+2Hk, D] as they were; `kept` gets the
  # norms' parts
  def project(self: __torch__.Policy, w: List[Tensor], i: int, y: Tensor, rotary: Tuple[Tensor, Tensor, Tensor], kept: List[Tensor]) -> Tuple[Tensor, Tensor]:
    all = self.product(self.whole(y), w[i + 1])
    if BIAS == 1:
      all = all.add_(w[i + BIAS_AT])
    all = all.view([-1, HEADS + 2 * KEY_HEADS, HEAD])
    parts = torch.split_with_sizes(all, [HEADS + KEY_HEADS, KEY_HEADS], 1)
    both = parts[0]
    if HEAD_NORM == 1:
      two = torch.split_with_sizes(both, [HEADS, KEY_HEADS], 1)
      query, query_root = self.norm(two[0], w[i + NORM_AT])
      key, key_root = self.norm(two[1], w[i + NORM_AT + 1])
      kept.extend([self.first(query_root, y), self.first(key_root, y)])
      both = torch.cat([query, key], 1)
    return (self.first(self.rotate(both.to(6), rotary).type_as(all), y), self.first(all, y))

  # y [X, W] normed -> down(silu(gate) * up)
  def feed(self: __torch__.Policy, w: List[Tensor], i: int, y: Tensor) -> Tensor:
    if EXPERTS > 0:
      return self.experts(y, w[i + ROUTER_AT], w[i + 4], w[i + 5])
    return self.first(self.block(self.whole(y), w[i + 4], w[i + 5]), y)

  def block(self: __torch__.Policy, y: Tensor, gateup: Tensor, down: Tensor) -> Tensor:
    halves = torch.split_with_sizes(self.product(y, gateup), [HIDDEN, HIDDEN], 1)
    return self.product(torch.silu(halves[0]) * halves[1], down)

  # Sparse experts (arXiv:2401.04088): every token visits the ACTIVE most probable ones, weighted by their probabilities
  # made to sum to 1. Visits are sorted by expert, so that each expert is one product, and then put back in order.
  def experts(self: __torch__.Policy, y: Tensor, router: Tensor, gateup: Tensor, down: Tensor) -> Tensor:
    best, which = torch.topk(torch.softmax(self.product(y, router).to(6), 1), ACTIVE, 1)
    share = best / torch.sum(best, [1], True)
    sorted, order = torch.sort(which.reshape([-1]), stable=True, dim=0, descending=False)
    visits = torch.embedding(y, torch.floor_divide(order, ACTIVE))
    gates = torch.unbind(gateup.view([BLOCKS, 2 * HIDDEN, WIDTH]), 0)
    downs = torch.unbind(down.view([BLOCKS, WIDTH, HIDDEN]), 0)
    made = annotate(List[Tensor], [])
    at = 0
    for e in range(EXPERTS):
      count = int(torch.sum(torch.eq(sorted, e)))
      made.append(self.block(visits.narrow(0, at, count), gates[e], downs[e]))
      at = at + count
    back = torch.embedding(torch.cat(made, 0), torch.argsort(order, 0)).view([y.size(0), ACTIVE, WIDTH])
    return torch.sum(back * share.unsqueeze(2), [1])

  # Whether a query at one position sees a key at another: not later ones, nor those that its window has left behind.
  def sees(self: __torch__.Policy, query: Tensor, key: Tensor) -> Tensor:
    if WINDOW > 0:
      return torch.logical_and(torch.le(key, query), torch.gt(key, query - WINDOW))
    return torch.le(key, query)

  # y [X, W] normed, divided by the temperature -> logits [X, V] float32
  def logits(self: __torch__.Policy, w: List[Tensor], y: Tensor) -> Tensor:
    if len(w) > PARAMETERS:
      return self.product(y.to(6), w[-1])
    return self.product(y, w[self.head_at()]).to(6)

  # x [X, W] -> logits / temperature [X, V] float32
  def head(self: __torch__.Policy, w: List[Tensor], x: Tensor, temperature: Tensor) -> Tensor:
    y, root = self.norm(x, w[1 + PER_LAYER * LAYERS].to(6))
    return self.logits(w, y.div_(temperature))

  def head_at(self: __torch__.Policy) -> int:
    if TIED == 1:
      return 0
    return 2 + PER_LAYER * LAYERS

  # logits [X, V], which are used up -> log-probabilities and probabilities [X, V]. log_softmax adds the exponentials one
  # after the other: over 131,072 tokens it is off by up to 1e-5, mostly to one side. sum adds them in pairs, but which
  # pairs may depend on X, so that with ROWS > 0 it is not for us.
  def known(self: __torch__.Policy, logits: Tensor) -> Tuple[Tensor, Tensor]:
    if ROWS > 0:
      same = torch.log_softmax(logits, 1)
      return (same, torch.exp(same))
    above = logits.sub_(torch.amax(logits, [1], True))
    p = torch.exp(above)
    total = torch.sum(p, [1], True)
    return (above.sub_(torch.log(total)), p.div_(total))

  # ---- the same bits in any company -----------------------------------------------------------------------------------

  # A matrix product rounds one way for one row and another way for a hundred: libraries choose their kernel by the shape.
  # With ROWS > 0 every product has ROWS rows and every piece of attention 16 queries and 64 keys, so that a token's numbers
  # do not depend on what is computed beside it. With ROWS = 0 these methods cost nothing.

  # x [X, ...] with rows of zeros behind it, up to a multiple of ROWS
  def whole(self: __torch__.Policy, x: Tensor) -> Tensor:
    if ROWS == 0:
      return x
    missing = -x.size(0) % MULTIPLE
    if missing == 0:
      return x
    shape = x.size()
    shape[0] = missing
    return torch.cat([x, torch.zeros(shape, dtype=x.dtype, device=x.device)], 0)

  # The rows of x without those that `whole` added to `like`.
  def first(self: __torch__.Policy, x: Tensor, like: Tensor) -> Tensor:
    if ROWS == 0:
      return x
    return x.narrow(0, 0, like.size(0))

  # x [X, A], weight [B, A] -> [X, B]
  def product(self: __torch__.Policy, x: Tensor, weight: Tensor) -> Tensor:
    if weight.is_mkldnn:
      return ops.mkldnn._linear_pointwise(x, weight, annotate(Optional[Tensor], None), "none", annotate(List[Optional[number]], []), "")
    if ROWS == 0:
      return torch.linear(x, weight)
    made = annotate(List[Tensor], [])
    for part in torch.split(self.whole(x), MULTIPLE, 0):
      made.append(torch.linear(part, weight))
    return self.first(torch.cat(made, 0), x)

  # q [B, Hk, Y, D], k and v [B, Hk, K, D], seen [B, 1, Y, K] -> [B, Hk, Y, D]. Keys are taken 64 at a time, in order;
  # those that nobody sees add zeros, which changes no bit.
  def attend(self: __torch__.Policy, q: Tensor, k: Tensor, v: Tensor, seen: Tensor) -> Tensor:
    heads = q.size(0) * KEY_HEADS
    tall = (q.size(2) + 15) // 16
    wide = (k.size(2) + 63) // 64
    below = 16 * tall - q.size(2)
    beside = 64 * wide - k.size(2)
    bias = torch.constant_pad_nd(torch.log(seen.to(6)), [0, beside], -1e30)
    bias = torch.constant_pad_nd(bias, [0, 0, 0, below], 0.0).repeat([1, KEY_HEADS, 1, 1]).view([heads * tall, 16, 64 * wide])
    query = torch.constant_pad_nd(q, [0, 0, 0, below], 0.0).reshape([heads * tall, 16, HEAD]) * (HEAD ** -0.5)
    keys = torch.constant_pad_nd(k, [0, 0, 0, beside], 0.0).reshape([heads, 1, wide, 64, HEAD])
    values = torch.constant_pad_nd(v, [0, 0, 0, beside], 0.0).reshape([heads, 1, wide, 64, HEAD])
    scores = annotate(List[Tensor], [])
    for j in range(wide):
      part = keys.select(2, j).expand([heads, tall, 64, HEAD]).reshape([heads * tall, 64, HEAD])
      scores.append(torch.bmm(query, part.transpose(1, 2)))
    scored = torch.cat(scores, 2) + bias
    p = torch.exp(scored - torch.amax(scored, [2], True).detach())
    total = torch.zeros([heads * tall, 16, 1], dtype=6, device=q.device)
    y = torch.zeros([heads * tall, 16, HEAD], dtype=6, device=q.device)
    for j in range(wide):
      part = p.narrow(2, 64 * j, 64).contiguous()
      total = total + torch.sum(part, [2], True)
      y = y + torch.bmm(part, values.select(2, j).expand([heads, tall, 64, HEAD]).reshape([heads * tall, 64, HEAD]))
    return (y / total).view([q.size(0), KEY_HEADS, 16 * tall, HEAD]).narrow(2, 0, q.size(2))

  # ---- training: packed segments ------------------------------------------------------------------------------------

  # A completion attends to its prompt and to itself, a prompt to itself; nobody else is in reach, since the keys of a
  # segment are gathered by index. Completions of a group share one copy of their prompt.

  # query [S, Q] and key [S, K] index into the N tokens, back [N] into the flattened [S, Q]; prompt [S] keys in front of a
  # segment's own -> rows of D numbers: queries [S, Hk, G Q] and keys [S, Hk, K] among rotated query+key [N, Hq+Hk],
  # values [S, Hk, K] among query+key+value [N, Hq+2Hk], back [N, Hq] among [S, Hk, G, Q], spread [S, Hk, G, Q] among
  # [N, Hq] and one row more for padding; and the mask [S, 1, G Q, K]
  def reach(self: __torch__.Policy, query: Tensor, key: Tensor, prompt: Tensor, back: Tensor) -> List[Tensor]:
    segments = query.size(0)
    longest = query.size(1)
    count = back.size(0)
    group = HEADS // KEY_HEADS
    head = torch.arange(0, HEADS, dtype=4, device=query.device)
    few = head.narrow(0, 0, KEY_HEADS).view([1, KEY_HEADS, 1])
    queries = (query * (HEADS + KEY_HEADS)).unsqueeze(1) + head.view([1, HEADS, 1])
    keys = (key * (HEADS + KEY_HEADS) + HEADS).unsqueeze(1) + few
    values = (key * (HEADS + 2 * KEY_HEADS) + (HEADS + KEY_HEADS)).unsqueeze(1) + few
    segment = torch.floor_divide(back, longest)
    home = (segment * (HEADS * longest) + (back - segment * longest)).unsqueeze(1) + (head * longest).unsqueeze(0)
    spread = torch.full([segments * HEADS * longest], count * HEADS, dtype=4, device=query.device)
    spread = spread.scatter_(0, home.view([-1]), torch.arange(0, count * HEADS, dtype=4, device=query.device))
    columns = torch.arange(0, key.size(1), dtype=4, device=query.device).view([1, 1, 1, -1])
    rows = torch.arange(0, longest, dtype=4, device=query.device).view([1, 1, longest, 1])
    mask = self.sees(torch.clamp(rows + prompt.view([segments, 1, 1, 1]), None, key.size(1) - 1), columns)
    if ROWS == 0:
      mask = torch.zeros(mask.size(), dtype=6, device=query.device).masked_fill_(torch.logical_not(mask), -inf)
    mask = mask.repeat([1, 1, group, 1])
    return [queries.view([segments, KEY_HEADS, group * longest]), keys, values, home, spread, mask]

  # One layer: x [N, W] -> [N, W]. `kept` gets what `layer_gradient` needs if `keep` says so.
  def layer(self: __torch__.Policy, w: List[Tensor], i: int, x: Tensor, rotary: Tuple[Tensor, Tensor, Tensor], reach: List[Tensor], kept: List[Tensor], keep: bool) -> Tensor:
    roots = annotate(List[Tensor], [])
    y, root = self.norm(x, w[i])
    turned, all = self.project(w, i, y, rotary, roots)
    rows = turned.view([-1, HEAD])
    q = torch.embedding(rows, reach[0])
    k = torch.embedding(rows, reach[1])
    v = torch.embedding(all.view([-1, HEAD]), reach[2])
    if keep:
      q = q.requires_grad_(True)
      k = k.requires_grad_(True)
      v = v.requires_grad_(True)
    if ROWS > 0:
      seen = self.attend(q, k, v, reach[5])
    else:
      seen = torch.scaled_dot_product_attention(q, k, v, reach[5].type_as(q))
    taken = torch.embedding(seen.detach().reshape([-1, HEAD]), reach[3]).view([-1, QUERY])
    middle = self.product(taken, w[i + 2]).add_(x)
    z, second = self.norm(middle, w[i + 3])
    if keep:
      kept.extend([x, root, y, all, q, k, v, seen, taken, middle, second])
      kept.extend(roots)
    if EXPERTS > 0:
      if keep:
        kept.append(z)
      return self.feed(w, i, z).add_(middle)
    both = self.product(self.whole(z), w[i + 4])
    halves = torch.split_with_sizes(both, [HIDDEN, HIDDEN], 1)
    active = torch.silu(halves[0])
    inner = active * halves[1]
    if keep:
      kept.extend([z, self.first(both, z), self.first(active, z), self.first(inner, z)])
    return self.first(self.product(inner, w[i + 5]), z).add_(middle)

  # All layers -> hidden states [N, W]; kept[l] belongs to layer l
  def layers(self: __torch__.Policy, w: List[Tensor], tokens: Tensor, rotary: Tuple[Tensor, Tensor, Tensor], reach: List[Tensor], kept: List[List[Tensor]], keep: bool) -> Tensor:
    x = torch.embedding(w[0], tokens)
    for l in range(LAYERS):
      mine = annotate(List[Tensor], [])
      x = self.layer(w, 1 + PER_LAYER * l, x, rotary, reach, mine, keep)
      kept.append(mine)
    return x

  # tokens, positions [N] -> hidden states [N, W], nothing kept
  def hidden(self: __torch__.Policy, w: List[Tensor], tokens: Tensor, positions: Tensor, query: Tensor, key: Tensor, prompt: Tensor, back: Tensor) -> Tensor:
    return self.layers(w, tokens, self.rotary(positions), self.reach(query, key, prompt, back), annotate(List[List[Tensor]], []), False)

  # Log-probabilities [M] without gradient. source [M]: which of the N hidden states predicts completion token m;
  # target [M]: that token.
  def logprobs(self: __torch__.Policy, theta: Tensor, tokens: Tensor, positions: Tensor, query: Tensor, key: Tensor, prompt: Tensor, back: Tensor, source: Tensor, target: Tensor, temperature: Tensor) -> Tensor:
    w = self.views(theta)
    x = self.hidden(w, tokens, positions, query, key, prompt, back)
    y, root = self.norm(x, w[1 + PER_LAYER * LAYERS])
    found = annotate(List[Tensor], [])
    at = 0
    for part in torch.split(source, HEAD_ROWS, 0):
      logp, p = self.known(self.logits(w, torch.embedding(y, part).div_(temperature)))
      found.append(torch.gather(logp, 1, target.narrow(0, at, part.size(0)).unsqueeze(1)).squeeze(1))
      at = at + part.size(0)
    return torch.cat(found, 0)

  # ---- training: the gradient, by hand ------------------------------------------------------------------------------

  # Backward passes are written out where that saves memory traffic: products add straight into the flat gradient, and
  # what only reshapes costs nothing. Attention and sparse experts are differentiated by PyTorch.

  # y = x root gain: adds to dx [X, A], in place, and to the gain's gradient; dy [X, A] is used up
  def norm_gradient(self: __torch__.Policy, dx: Tensor, dy: Tensor, x: Tensor, root: Tensor, gain: Tensor, dgain: Tensor) -> Tensor:
    shared = dy * x
    along = root * root * root * torch.mv(shared, gain).unsqueeze(1) / x.size(1)
    dgain.addmv_(shared.t(), root.squeeze(1))
    return dx.addcmul_(dy.mul_(gain), root).addcmul_(x, along, value=-1)

  def head_norm_gradient(self: __torch__.Policy, dy: Tensor, x: Tensor, root: Tensor, gain: Tensor, dgain: Tensor) -> Tensor:
    flat = x.reshape([-1, HEAD])
    return self.norm_gradient(torch.zeros_like(flat), dy.reshape([-1, HEAD]).clone(), flat, root.reshape([-1, 1]), gain, dgain).view(x.size())

  # dx [N, W]: gradient of the layer's result, becomes that of its input, in place
  def layer_gradient(self: __torch__.Policy, w: List[Tensor], g: List[Tensor], i: int, dx: Tensor, rotary: Tuple[Tensor, Tensor, Tensor], reach: List[Tensor], kept: List[Tensor]) -> Tensor:
    if EXPERTS > 0:
      dz = self.experts_gradient(w, g, i, dx, kept[-1])
    else:
      z, both, active, inner = kept[-4], kept[-3], kept[-2], kept[-1]
      g[i + 5].addmm_(dx.t(), inner)
      dinner = torch.mm(dx, w[i + 5])
      dboth = torch.empty_like(both)
      halves = torch.split_with_sizes(both, [HIDDEN, HIDDEN], 1)
      dhalves = torch.split_with_sizes(dboth, [HIDDEN, HIDDEN], 1)
      up = torch.mul(dinner, active, out=dhalves[1])
      gate = ops.aten.silu_backward(dinner.mul_(halves[1]), halves[0], grad_input=dhalves[0])
      g[i + 4].addmm_(dboth.t(), z)
      dz = torch.mm(dboth, w[i + 4])
    x, root, y, all, q, k, v, seen, taken, middle, second = kept[0], kept[1], kept[2], kept[3], kept[4], kept[5], kept[6], kept[7], kept[8], kept[9], kept[10]
    dx = self.norm_gradient(dx, dz, middle, second, w[i + 3], g[i + 3])
    g[i + 2].addmm_(dx.t(), taken)
    dtaken = torch.mm(dx, w[i + 2]).view([-1, HEAD])
    dseen = torch.embedding(torch.cat([dtaken, torch.zeros([1, HEAD], dtype=dx.dtype, device=dx.device)], 0), reach[4])
    found = torch.autograd.grad([seen], [q, k, v], annotate(List[Optional[Tensor]], [dseen.view(seen.size())]))
    dq = torch.embedding(unchecked_cast(Tensor, found[0]).reshape([-1, HEAD]), reach[3])
    rows = torch.zeros([x.size(0), HEADS + KEY_HEADS, HEAD], dtype=dx.dtype, device=dx.device)
    rows.narrow(1, 0, HEADS).copy_(dq, False)
    rows.view([-1, HEAD]).index_add_(0, reach[1].view([-1]), unchecked_cast(Tensor, found[1]).reshape([-1, HEAD]))
    dall = torch.zeros([x.size(0), HEADS + 2 * KEY_HEADS, HEAD], dtype=dx.dtype, device=dx.device)
    dall.view([-1, HEAD]).index_add_(0, reach[2].view([-1]), unchecked_cast(Tensor, found[2]).reshape([-1, HEAD]))
    turned = self.first(self.rotate(self.whole(rows), (rotary[0], -rotary[1], rotary[2])), rows)
    if HEAD_NORM == 1:
      two = torch.split_with_sizes(turned, [HEADS, KEY_HEADS], 1)
      old = torch.split_with_sizes(all, [HEADS, KEY_HEADS, KEY_HEADS], 1)
      turned = torch.cat([self.head_norm_gradient(two[0], old[0], kept[11], w[i + NORM_AT], g[i + NORM_AT]), self.head_norm_gradient(two[1], old[1], kept[12], w[i + NORM_AT + 1], g[i + NORM_AT + 1])], 1)
    dall.narrow(1, 0, HEADS + KEY_HEADS).copy_(turned, False)
    dall = dall.view([-1, QKV])
    if BIAS == 1:
      g[i + BIAS_AT].add_(torch.sum(dall, [0]))
    g[i + 1].addmm_(dall.t(), y)
    return self.norm_gradient(dx, torch.mm(dall, w[i + 1]), x, root, w[i], g[i])

  # Sparse experts are computed again and differentiated: which rows an expert sees is known only then.
  def experts_gradient(self: __torch__.Policy, w: List[Tensor], g: List[Tensor], i: int, dx: Tensor, z: Tensor) -> Tensor:
    leaves = [z.detach().requires_grad_(True), w[i + ROUTER_AT].detach().requires_grad_(True), w[i + 4].detach().requires_grad_(True), w[i + 5].detach().requires_grad_(True)]
    made = self.experts(leaves[0], leaves[1], leaves[2], leaves[3])
    found = torch.autograd.grad([made], leaves, annotate(List[Optional[Tensor]], [dx]))
    g[i + ROUTER_AT].add_(unchecked_cast(Tensor, found[1]))
    g[i + 4].add_(unchecked_cast(Tensor, found[2]))
    g[i + 5].add_(unchecked_cast(Tensor, found[3]))
    return unchecked_cast(Tensor, found[0])

  # d loss / d logp [X] of the clipped objective (Magistral section 2.1), loss = -sum min(ratio A, clip(ratio) A) / tokens;
  # adds to sums [5] float64: objective, entropy, tokens held by the lower bound, by the upper bound, exp(d) - 1 - d. Terms
  # of both signs nearly cancel in the first and in each of the last, so that float32 would leave few digits.
  def slope(self: __torch__.Policy, logp: Tensor, behaviour: Tensor, advantage: Tensor, numbers: Tensor, sums: Tensor) -> Tensor:
    difference = logp - behaviour
    ratio = torch.exp(difference)
    free = ratio * advantage
    bounded = torch.minimum(torch.maximum(ratio, numbers[1]), numbers[2]) * advantage
    low = torch.sum(torch.logical_and(torch.lt(ratio, numbers[1]), torch.lt(advantage, 0)))
    high = torch.sum(torch.logical_and(torch.gt(ratio, numbers[2]), torch.gt(advantage, 0)))
    exact = difference.to(7)
    sums.add_(torch.stack([torch.sum(torch.minimum(free, bounded), dtype=7), torch.zeros_like(sums[0]), low.to(7), high.to(7), torch.sum(torch.expm1(exact) - exact)]))
    return torch.where(torch.le(free, bounded), free, torch.zeros_like(free)) * -numbers[3]

  # Adds d loss / d theta to the flat gradient [P]; logits are made HEAD_ROWS rows at a time. Without behaviour the loss
  # is -sum logp / tokens. -> sums [5] float64 as `slope` says (supervised: the first is the log-likelihood), logp [M]
  def gradient(self: __torch__.Policy, theta: Tensor, gradient: Tensor, tokens: Tensor, positions: Tensor, query: Tensor, key: Tensor, prompt: Tensor, back: Tensor, source: Tensor, target: Tensor, behaviour: Optional[Tensor], advantage: Optional[Tensor], numbers: Tensor) -> List[Tensor]:
    w = self.views(theta)
    g = self.views(gradient)
    last = 1 + PER_LAYER * LAYERS
    rotary = self.rotary(positions)
    reach = self.reach(query, key, prompt, back)
    kept = annotate(List[List[Tensor]], [])
    x = self.layers(w, tokens, rotary, reach, kept, True)
    y, root = self.norm(x, w[last])
    dy = torch.zeros_like(y)
    sums = torch.zeros([5], dtype=7, device=x.device)
    found = annotate(List[Tensor], [])
    at = 0
    for part in torch.split(source, HEAD_ROWS, 0):
      rows = part.size(0)
      wanted = target.narrow(0, at, rows).unsqueeze(1)
      states = torch.embedding(y, part).div_(numbers[0])
      known, p = self.known(self.logits(w, states))
      logp = torch.gather(known, 1, wanted).squeeze(1)
      found.append(logp)
      sums.select(0, 1).sub_(torch.sum(torch.sum(known.mul_(p), [1]), dtype=7))
      if behaviour is None:
        slope = torch.zeros_like(logp).sub_(numbers[3])
        sums.select(0, 0).add_(torch.sum(logp, dtype=7))
      else:
        slope = self.slope(logp, unchecked_cast(Tensor, behaviour).narrow(0, at, rows), unchecked_cast(Tensor, advantage).narrow(0, at, rows), numbers, sums)
      slope = slope.unsqueeze(1)
      dlogits = p.mul_(-slope).scatter_add_(1, wanted, slope).type_as(states)
      g[self.head_at()].addmm_(dlogits.t(), states)
      dy.index_add_(0, part, torch.mm(dlogits, w[self.head_at()]))
      at = at + rows
    dx = self.norm_gradient(torch.zeros_like(x), dy.div_(numbers[0]), x, root, w[last], g[last])
    for l in range(LAYERS):
      down = LAYERS - 1 - l
      dx = self.layer_gradient(w, g, 1 + PER_LAYER * down, dx, rotary, reach, kept.pop())
    embedded = g[0].index_add_(0, tokens, dx)
    return [sums, torch.cat(found, 0)]

  # behaviour, advantage [M] float32; numbers [4] = temperature, 1 - clipLow, 1 + clipHigh, 1 / tokens of the minibatch
  def policy_gradient(self: __torch__.Policy, theta: Tensor, gradient: Tensor, tokens: Tensor, positions: Tensor, query: Tensor, key: Tensor, prompt: Tensor, back: Tensor, source: Tensor, target: Tensor, behaviour: Tensor, advantage: Tensor, numbers: Tensor) -> List[Tensor]:
    return self.gradient(theta, gradient, tokens, positions, query, key, prompt, back, source, target, behaviour, advantage, numbers)

  # Supervised: loss = -sum_m log p(target_m) / tokens. numbers [4] as above, of which the first and last are used.
  # -> sums [1] float64: log-likelihood
  def likelihood_gradient(self: __torch__.Policy, theta: Tensor, gradient: Tensor, tokens: Tensor, positions: Tensor, query: Tensor, key: Tensor, prompt: Tensor, back: Tensor, source: Tensor, target: Tensor, numbers: Tensor) -> List[Tensor]:
    none = annotate(Optional[Tensor], None)
    made = self.gradient(theta, gradient, tokens, positions, query, key, prompt, back, source, target, none, none, numbers)
    return [made[0].narrow(0, 0, 1)]

  # x [P] -> sum of its squares [], float64. One running total in float32 stops growing long before the end of a long
  # vector (1.7 % are missing from the root at 135 million numbers, 20 % at 400 million equal ones), so only 256 squares
  # are summed that way; their sums are added in float64. In pieces, since these sums take room as well.
  def squares(self: __torch__.Policy, x: Tensor) -> Tensor:
    all = torch.zeros([], dtype=7, device=x.device)
    piece = 16777216
    for at in range(0, x.size(0), piece):
      part = x.narrow(0, at, min(piece, x.size(0) - at))
      rows = part.size(0) // 256
      roots = torch.linalg_vector_norm(part.narrow(0, 0, rows * 256).view([rows, 256]), 2, [1]).to(7)
      rest = torch.linalg_vector_norm(part.narrow(0, rows * 256, part.size(0) - rows * 256)).to(7)
      all.add_(torch.dot(roots, roots)).addcmul_(rest, rest)
    return all

  # AdamW (arXiv:1711.05101) on the flat vectors, in place; the gradient is scaled to at most `clip` and then zeroed.
  # -> gradient norm before clipping [] float64
  def adamw(self: __torch__.Policy, theta: Tensor, gradient: Tensor, first: Tensor, second: Tensor, step: int, rate: float, beta1: float, beta2: float, epsilon: float, decay: float, clip: float) -> Tensor:
    norm = torch.sqrt(self.squares(gradient))
    gradient.mul_(torch.clamp(clip / (norm + 1e-6), None, 1.0))
    first.mul_(beta1).add_(gradient, alpha=1.0 - beta1)
    second.mul_(beta2).addcmul_(gradient, gradient, value=1.0 - beta2)
    piece = 4194304  # the scale of all of theta at once would be one more vector of its size
    for at in range(0, theta.size(0), piece):
      count = min(piece, theta.size(0) - at)
      scale = second.narrow(0, at, count).sqrt().div_((1.0 - beta2 ** step) ** 0.5).add_(epsilon)
      theta.narrow(0, at, count).mul_(1.0 - rate * decay).addcdiv_(first.narrow(0, at, count), scale, value=-rate / (1.0 - beta1 ** step))
    gradient.zero_()
    return norm
