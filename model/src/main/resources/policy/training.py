  # More of the class in policy.py, where shapes and words are explained.

  # ---- training: forward, block by block -------------------------------------------------------------------------------

  # Java drives the blocks (TrainingPass): embedding, then the two halves of every layer, then the head, some rows at a time;
  # then backward. `flat` is a block's own piece of theta, float32. Blocks compute with it rounded to COMPUTE, all but the
  # head; x, what the layers add up, is float32, and so are norms, rotation, softmax, logits and all gradients that add up.

  # tokens [N] -> x [N, W]
  def embed(self: __torch__.Policy, flat: Tensor, tokens: Tensor) -> Tensor:
    return torch.embedding(flat.view([VOCAB, WIDTH]), tokens).to(COMPUTE).to(6)

  # x [N, W] -> [N, W]
  def attention(self: __torch__.Policy, flat: Tensor, x: Tensor, shared: List[Tensor]) -> Tensor:
    w = self.cut(flat.to(COMPUTE), self.attention_shapes())
    return self.attention_parts(w, x, shared, False)[0]

  # The same, and behind it what `attention_gradient` takes behind x.
  def attention_kept(self: __torch__.Policy, flat: Tensor, x: Tensor, shared: List[Tensor]) -> List[Tensor]:
    w = self.cut(flat.to(COMPUTE), self.attention_shapes())
    return self.attention_parts(w, x, shared, True)

  def attention_parts(
      self: __torch__.Policy, w: List[Tensor], x: Tensor, shared: List[Tensor], differentiable: bool
  ) -> List[Tensor]:
    y, root = self.norm(x, w[0])
    roots = annotate(List[Tensor], [])
    turned, all = self.project(w, 0, y, (shared[0], shared[1], shared[2]), roots)
    if HEAD_NORM == 0:
      roots.extend([root, root])
    looked = self.look_around(turned, all, shared, differentiable)
    made = self.product(looked[0].view([-1, QUERY]), w[OUT_AT]).to(6).add_(x)
    parts = [made, root, y, all, roots[0], roots[1]]
    parts.extend(looked)
    return parts

  # x [N, W] -> [N, W]
  def feed_forward(self: __torch__.Policy, flat: Tensor, x: Tensor) -> Tensor:
    return self.feed_parts(self.cut(flat.to(COMPUTE), self.feed_shapes()), x)[0]

  # The same, and behind it what `feed_forward_gradient` takes behind x.
  def feed_forward_kept(self: __torch__.Policy, flat: Tensor, x: Tensor) -> List[Tensor]:
    return self.feed_parts(self.cut(flat.to(COMPUTE), self.feed_shapes()), x)

  # Of sparse experts the insides are computed again for the gradient: which rows an expert sees is known only then.
  def feed_parts(self: __torch__.Policy, w: List[Tensor], x: Tensor) -> List[Tensor]:
    y, root = self.norm(x, w[0])
    if EXPERTS > 0:
      return [self.feed(w, 0, y).to(6).add_(x), root, y]
    both = self.product(self.pad_rows(y), w[GATE_AT])
    halves = torch.split_with_sizes(both, [HIDDEN, HIDDEN], 1)
    active = torch.silu(halves[0])
    inner = active * halves[1]
    made = self.cut_rows(self.product(inner, w[DOWN_AT]), y).to(6).add_(x)
    return [made, root, y, self.cut_rows(both, y), self.cut_rows(active, y), self.cut_rows(inner, y)]

  # gain [W], x [N, W] -> y [N, W] normed, 1 / r [N, 1]
  def last_norm(self: __torch__.Policy, gain: Tensor, x: Tensor) -> List[Tensor]:
    y, root = self.norm(x, gain.to(COMPUTE).to(6))
    return [y, root]

  # Some completion tokens. source [X]: which of the N states predicts each; target [X]: that token.
  # -> their log-probabilities and the entropies of their distributions [2, X]; then what `head_gradient` takes: states [X, W],
  # probabilities p and p log p [X, V]
  def head_rows(
      self: __torch__.Policy, flat: Tensor, y: Tensor, source: Tensor, target: Tensor, temperature: Tensor
  ) -> List[Tensor]:
    states = torch.embedding(y, source).div_(temperature)
    logp, p = self.probabilities(self.product(states, flat.view([VOCAB, WIDTH]).to(6)))
    chosen = torch.gather(logp, 1, target.unsqueeze(1)).squeeze(1)
    plogp = logp.mul_(p)
    return [torch.stack([chosen, torch.sum(plogp, [1]).neg_()]), states, p, plogp]

  # ---- training: backward, by hand -------------------------------------------------------------------------------------

  # Written out where that saves memory traffic: products add straight into the flat gradient, and what only reshapes costs
  # nothing. Attention and sparse experts are differentiated by PyTorch. `gradient` is the block's own piece of the flat
  # gradient, float32; every method adds to it. dx [N, W]: gradient of a block's result, becomes that of its input, in place.

  # y = x weight^T: the gradient dy weight of x
  def back_product(self: __torch__.Policy, dy: Tensor, weight: Tensor) -> Tensor:
    if ONEDNN == 1:
      return self.multiply(dy, weight.t())
    return torch.mm(dy, weight)

  # The same: adds dy^T x to the weight's gradient. oneDNN takes rows that lie end to end: 512 columns of dy at a time are
  # turned, and their part of the result added, while they are in the cache.
  def add_product(self: __torch__.Policy, dweight: Tensor, dy: Tensor, x: Tensor) -> Tensor:
    if ONEDNN == 1 and x.dtype == 6:
      for at in range(0, dy.size(1), 512):
        count = min(512, dy.size(1) - at)
        part = self.by_onednn(dy.narrow(1, at, count).contiguous().t(), x.t())
        dweight.narrow(0, at, count).add_(part)
      return dweight
    if x.dtype == 6:
      return dweight.addmm_(dy.t(), x)
    return dweight.add_(torch.mm(dy.type_as(x).t(), x))

  # y = x root gain: adds to dx [X, A], in place, and to the gain's gradient; dy [X, A] is used up
  def norm_gradient(
      self: __torch__.Policy, dx: Tensor, dy: Tensor, x: Tensor, root: Tensor, gain: Tensor, dgain: Tensor
  ) -> Tensor:
    shared = dy * x
    along = root * root * root * torch.mv(shared, gain).unsqueeze(1) / x.size(1)
    dgain.addmv_(shared.t(), root.squeeze(1))
    return dx.addcmul_(dy.mul_(gain), root).addcmul_(x, along, value=-1)

  # The same for the norm of all query or key heads: x and dy [N, H, D] -> gradient of x
  def heads_norm_gradient(
      self: __torch__.Policy, dy: Tensor, x: Tensor, root: Tensor, gain: Tensor, dgain: Tensor
  ) -> Tensor:
    flat = x.reshape([-1, HEAD]).to(6)
    dx = torch.zeros_like(flat)
    dy = dy.reshape([-1, HEAD]).clone()
    return self.norm_gradient(dx, dy, flat, root.reshape([-1, 1]), gain.to(6), dgain).view(x.size())

  # `kept` holds the block's input x, and what `attention_kept` gave; x alone is enough, then the block is computed again.
  def attention_gradient(
      self: __torch__.Policy, flat: Tensor, gradient: Tensor, dx: Tensor, shared: List[Tensor], kept: List[Tensor]
  ) -> Tensor:
    w = self.cut(flat.to(COMPUTE), self.attention_shapes())
    g = self.cut(gradient, self.attention_shapes())
    parts = kept
    if len(kept) == 1:
      parts = self.attention_parts(w, kept[0], shared, True)
      parts[0] = kept[0]
    x, root, y, all, query_root, key_root = parts[:6]
    looked = parts[6:]
    self.add_product(g[OUT_AT], dx, looked[0].view([-1, QUERY]))
    dlooked = self.back_product(dx.to(COMPUTE), w[OUT_AT]).view([-1, HEADS, HEAD])
    dturned = torch.zeros([x.size(0), HEADS + KEY_HEADS, HEAD], dtype=6, device=dx.device)
    dall = torch.zeros([x.size(0), HEADS + 2 * KEY_HEADS, HEAD], dtype=6, device=dx.device)
    self.look_around_gradient(dlooked, looked, all, shared, dturned, dall)
    dboth = self.cut_rows(self.rotate(self.pad_rows(dturned), (shared[0], -shared[1], shared[2])), dturned)
    if HEAD_NORM == 1:
      two = torch.split_with_sizes(dboth, [HEADS, KEY_HEADS], 1)
      old = torch.split_with_sizes(all, [HEADS, KEY_HEADS, KEY_HEADS], 1)
      dquery = self.heads_norm_gradient(two[0], old[0], query_root, w[NORM_AT], g[NORM_AT])
      dkey = self.heads_norm_gradient(two[1], old[1], key_root, w[NORM_AT + 1], g[NORM_AT + 1])
      dboth = torch.cat([dquery, dkey], 1)
    dall.narrow(1, 0, HEADS + KEY_HEADS).copy_(dboth, False)
    dall = dall.view([-1, QKV])
    if BIAS == 1:
      g[BIAS_AT].add_(torch.sum(dall, [0]))
    self.add_product(g[1], dall, y)
    return self.norm_gradient(dx, self.back_product(dall.to(COMPUTE), w[1]).to(6), x, root, w[0].to(6), g[0])

  # `kept` holds the block's input x, and what `feed_forward_kept` gave; x alone is enough, then the block is computed again.
  def feed_forward_gradient(
      self: __torch__.Policy, flat: Tensor, gradient: Tensor, dx: Tensor, kept: List[Tensor]
  ) -> Tensor:
    w = self.cut(flat.to(COMPUTE), self.feed_shapes())
    g = self.cut(gradient, self.feed_shapes())
    parts = kept
    if len(kept) == 1:
      parts = self.feed_parts(w, kept[0])
      parts[0] = kept[0]
    if EXPERTS > 0:
      dy = self.experts_gradient(w, g, dx, parts[2])
    else:
      dy = self.dense_gradient(w, g, dx, parts)
    return self.norm_gradient(dx, dy.to(6), parts[0], parts[1], w[0].to(6), g[0])

  def dense_gradient(self: __torch__.Policy, w: List[Tensor], g: List[Tensor], dx: Tensor, parts: List[Tensor]) -> Tensor:
    x, root, y, both, active, inner = parts
    self.add_product(g[DOWN_AT], dx, inner)
    dinner = self.back_product(dx.to(COMPUTE), w[DOWN_AT])
    dboth = torch.empty_like(both)
    halves = torch.split_with_sizes(both, [HIDDEN, HIDDEN], 1)
    dhalves = torch.split_with_sizes(dboth, [HIDDEN, HIDDEN], 1)
    up = torch.mul(dinner, active, out=dhalves[1])
    gate = ops.aten.silu_backward(dinner.mul_(halves[1]), halves[0], grad_input=dhalves[0])
    self.add_product(g[GATE_AT], dboth, y)
    return self.back_product(dboth, w[GATE_AT])

  def experts_gradient(self: __torch__.Policy, w: List[Tensor], g: List[Tensor], dx: Tensor, y: Tensor) -> Tensor:
    leaves = annotate(List[Tensor], [])
    for leaf in [y, w[ROUTER_AT], w[GATE_AT], w[DOWN_AT]]:
      leaves.append(leaf.detach().requires_grad_(True))
    made = self.experts(leaves[0], leaves[1], leaves[2], leaves[3])
    found = torch.autograd.grad([made], leaves, annotate(List[Optional[Tensor]], [dx.type_as(made)]))
    g[ROUTER_AT].add_(unchecked_cast(Tensor, found[1]))
    g[GATE_AT].add_(unchecked_cast(Tensor, found[2]))
    g[DOWN_AT].add_(unchecked_cast(Tensor, found[3]))
    return unchecked_cast(Tensor, found[0])

  # Of some completion tokens: slopes [1, X], d loss / d log-probability, or [2, X] with d loss / d entropy below them. Adds to
  # the head's gradient (empty: the head is frozen) and to dy [N, W]; p and plogp are used up. With H the entropy,
  #   d logp[target] / d logits = (1 at the target) - p,   d H / d logits = -p (log p + H)
  def head_gradient(
      self: __torch__.Policy, flat: Tensor, gradient: Tensor, dy: Tensor, source: Tensor, target: Tensor, slopes: Tensor,
      states: Tensor, p: Tensor, plogp: Tensor
  ) -> Tensor:
    head = flat.view([VOCAB, WIDTH]).to(6)
    slope = slopes.select(0, 0).unsqueeze(1)
    spread = plogp
    if slopes.size(0) == 2:
      spread = plogp.addcmul_(p, -torch.sum(plogp, [1], True)).mul_(-slopes.select(0, 1).unsqueeze(1))
    dlogits = p.mul_(-slope).scatter_add_(1, target.unsqueeze(1), slope)
    if slopes.size(0) == 2:
      dlogits = dlogits.add_(spread)
    if gradient.size(0) > 0:
      self.add_product(gradient.view([VOCAB, WIDTH]), dlogits, states)
    return dy.index_add_(0, source, self.back_product(dlogits, head))

  # dy [N, W], used up -> dx [N, W] of the last layer's result
  def last_norm_gradient(
      self: __torch__.Policy, gain: Tensor, gradient: Tensor, dy: Tensor, x: Tensor, root: Tensor, temperature: Tensor
  ) -> Tensor:
    return self.norm_gradient(torch.zeros_like(x), dy.div_(temperature), x, root, gain.to(COMPUTE).to(6), gradient)

  def embed_gradient(self: __torch__.Policy, gradient: Tensor, tokens: Tensor, dx: Tensor) -> Tensor:
    return gradient.view([VOCAB, WIDTH]).index_add_(0, tokens, dx)

  # ---- training: LoRA ------------------------------------------------------------------------------------------------

  # W [out, in] in a block's piece, A [rank, in] and B [out, rank] in the vector of all adapters; at: where each begins, out, in,
  # rank. Adds scale B A to W.
  def merge_adapter(
      self: __torch__.Policy, piece: Tensor, adapters: Tensor, same: Tensor, at: List[int], scale: float
  ) -> Tensor:
    weight_at, a_at, b_at, rows, columns, rank = at
    weight = piece.narrow(0, weight_at, rows * columns).view([rows, columns])
    a = adapters.narrow(0, a_at, rank * columns).view([rank, columns])
    b = adapters.narrow(0, b_at, rows * rank).view([rows, rank])
    return weight.addmm_(b, a, alpha=scale)

  # The gradient of W lies in the piece: adds scale dW A^T to that of B, scale B^T dW to that of A.
  def adapter_gradient(
      self: __torch__.Policy, piece: Tensor, adapters: Tensor, gradient: Tensor, at: List[int], scale: float
  ) -> Tensor:
    weight_at, a_at, b_at, rows, columns, rank = at
    dweight = piece.narrow(0, weight_at, rows * columns).view([rows, columns])
    a = adapters.narrow(0, a_at, rank * columns).view([rank, columns])
    b = adapters.narrow(0, b_at, rows * rank).view([rows, rank])
    db = gradient.narrow(0, b_at, rows * rank).view([rows, rank]).addmm_(dweight, a.t(), alpha=scale)
    return gradient.narrow(0, a_at, rank * columns).view([rank, columns]).addmm_(b.t(), dweight, alpha=scale)

  # ---- training: the optimizer ---------------------------------------------------------------------------------------

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

  # x [P] becomes 0
  def clear(self: __torch__.Policy, x: Tensor) -> Tensor:
    return x.zero_()

  # AdamW (arXiv:1711.05101) on the flat vectors, in place; the gradient is scaled so that all of it, of which this may be a
  # part, has at most the norm `clip`. Moments may be bfloat16; they are computed in float32 and rounded.
  def adamw(
      self: __torch__.Policy, theta: Tensor, gradient: Tensor, first: Tensor, second: Tensor, step: int, rate: float,
      beta1: float, beta2: float, epsilon: float, decay: float, clip: float, norm: float
  ) -> Tensor:
    gradient.mul_(min(clip / (norm + 1e-6), 1.0))
    piece = 4194304  # what is computed on the way would be more vectors of theta's size
    for at in range(0, theta.size(0), piece):
      count = min(piece, theta.size(0) - at)
      g = gradient.narrow(0, at, count)
      m = first.narrow(0, at, count).to(6).mul_(beta1).add_(g, alpha=1.0 - beta1)
      v = second.narrow(0, at, count).to(6).mul_(beta2).addcmul_(g, g, value=1.0 - beta2)
      scale = v.sqrt().div_((1.0 - beta2 ** step) ** 0.5).add_(epsilon)
      moved = theta.narrow(0, at, count).mul_(1.0 - rate * decay)
      moved.addcdiv_(m, scale, value=-rate / (1.0 - beta1 ** step))
      if first.dtype != 6:
        first.narrow(0, at, count).copy_(m, False)
        second.narrow(0, at, count).copy_(v, False)
    return theta
