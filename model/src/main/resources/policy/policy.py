# The policy: a Llama-family decoder (arXiv:2302.13971) as one TorchScript program. Java fills in the words in capitals
# (LAYERS, WIDTH, ...) and packs this text, with training.py and generation.py behind it, into a module archive in memory:
# PolicyProgram.java. Models of the family differ by those words alone: BIAS and HEAD_NORM are 0 or 1; WINDOW and EXPERTS
# are 0 where a model has none; MIXED is 1 where the FULL_LAYERS see all keys and only the others have a window.
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

  # embedding [V, W]; per layer the attention half and, FEED_AT tensors behind it, the feed-forward half; then the last norm
  # [W] and, if it is not tied, the head [V, W]. Every half lies in one piece of theta.
  def shapes(self: __torch__.Policy) -> List[List[int]]:
    shapes = [[VOCAB, WIDTH]]
    for l in range(LAYERS):
      shapes.extend(self.attention_shapes())
      shapes.extend(self.feed_shapes())
    shapes.append([WIDTH])
    if TIED == 0:
      shapes.append([VOCAB, WIDTH])
    return shapes

  # norm [W], query+key+value [(Hq+2Hk)D, W], where the model has them at BIAS_AT their bias and at NORM_AT the norms of query
  # and key [D]; at OUT_AT the matrix that writes into the residual stream [W, HqD]
  def attention_shapes(self: __torch__.Policy) -> List[List[int]]:
    shapes = [[WIDTH], [QKV, WIDTH]]
    if BIAS == 1:
      shapes.append([QKV])
    if HEAD_NORM == 1:
      shapes.extend([[HEAD], [HEAD]])
    shapes.append([WIDTH, QUERY])
    return shapes

  # norm [W], where the model has sparse experts at ROUTER_AT the router [E, W], at GATE_AT gate+up [E2I, W], at DOWN_AT
  # down [EW, I]
  def feed_shapes(self: __torch__.Policy) -> List[List[int]]:
    shapes = [[WIDTH]]
    if EXPERTS > 0:
      shapes.append([EXPERTS, WIDTH])
    shapes.extend([[EXPERTS_OR_ONE * 2 * HIDDEN, WIDTH], [EXPERTS_OR_ONE * WIDTH, HIDDEN]])
    return shapes

  # A flat vector as tensors that follow each other in it.
  def cut(self: __torch__.Policy, flat: Tensor, shapes: List[List[int]]) -> List[Tensor]:
    views = annotate(List[Tensor], [])
    at = 0
    for shape in shapes:
      size = 1
      for side in shape:
        size = size * side
      views.append(flat.narrow(0, at, size).view(shape))
      at = at + size
    return views

  def views(self: __torch__.Policy, theta: Tensor) -> List[Tensor]:
    return self.cut(theta, self.shapes())

  # The weights w as decoding on a CPU takes them: matrices but those of int8 laid out for `rows` sequences, the head behind
  # all others. In `blocks`, or column by column.
  def packed(self: __torch__.Policy, w: List[Tensor], blocks: bool, rows: int) -> List[Tensor]:
    made = [w[0]]
    for i in range(1, PARAMETERS):
      if w[i].dim() == 2 and EXPERTS == 0 and i <= PER_LAYER * LAYERS and w[i].dtype != 1:
        made.append(self.laid_out(w[i], blocks, rows))
      else:
        made.append(w[i])
    head = w[self.head_at()]
    if len(w) > PARAMETERS:
      head = w[-1]
    if len(w) > 2 * PARAMETERS:
      made.extend(w[PARAMETERS:2 * PARAMETERS])
    made.append(self.laid_out(head, blocks, rows))
    return made

  # A matrix [B, A] in oneDNN's blocks for products with some rows, where a plain product spends more time laying out its
  # weights than multiplying; or column by column where that makes the longer runs of memory, which are read faster.
  def laid_out(self: __torch__.Policy, weight: Tensor, blocks: bool, rows: int) -> Tensor:
    if blocks:
      return ops.mkldnn._reorder_linear_weight(weight, rows)
    if weight.size(0) >= weight.size(1):
      return weight.t().contiguous().t()
    return weight

  # At most `most` rows of the largest matrix of each of the first `layers` layers, by which layouts are compared
  def samples(self: __torch__.Policy, w: List[Tensor], layers: int, most: int) -> List[Tensor]:
    made = annotate(List[Tensor], [])
    for l in range(layers):
      gateup = w[1 + PER_LAYER * l + FEED_AT + GATE_AT]
      made.append(gateup.narrow(0, 0, min(most, gateup.size(0))))
    return made

  # The same laid out
  def samples_laid_out(self: __torch__.Policy, samples: List[Tensor], blocks: bool, rows: int) -> List[Tensor]:
    made = annotate(List[Tensor], [])
    for sample in samples:
      made.append(self.laid_out(sample, blocks, rows))
    return made

  # Multiplies the first `count` samples with so many rows in the type of `like`, to be timed. -> the rows
  def rehearse(self: __torch__.Policy, samples: List[Tensor], like: Tensor, rows: int, count: int) -> int:
    x = torch.ones([rows, WIDTH], dtype=like.dtype)
    for i in range(count):
      y = self.product(x, samples[i])
    return rows

  # The weights w with int8 matrices in the layers: q and, PARAMETERS places behind, a scale a row [B] such that
  # scale * q is nearly the row. The embedding, norms and the head, which is once more behind all others, stay as they are.
  # `blocks`: as the processor multiplies integers exactly, see `int8_product`.
  def quantised(self: __torch__.Policy, w: List[Tensor], blocks: bool, rows: int) -> List[Tensor]:
    made = [w[0]]
    scales = [w[0]]
    for i in range(1, PARAMETERS):
      if w[i].dim() == 2 and EXPERTS == 0 and i <= PER_LAYER * LAYERS:
        scale, q = self.rounded(w[i])
        if blocks:
          made.append(ops.onednn.qlinear_prepack(q, [2 * rows, q.size(1)]))
          scales.append(scale)
        else:
          made.append(q)
          scales.append(scale.to(15))
      else:
        made.append(w[i])
        scales.append(w[0])
    head = w[self.head_at()]
    made.extend(scales)
    made.append(head)
    return made

  # A matrix [B, A] -> a scale a row [B], the largest number of a row is 127 times it, and int8 numbers [B, A]
  def rounded(self: __torch__.Policy, weight: Tensor) -> Tuple[Tensor, Tensor]:
    scale = torch.linalg_vector_norm(weight, inf, [1], True).clamp_min_(1e-30).mul_(1.0 / 127.0)
    return (scale.squeeze(1), torch.round(weight / scale).to(1))

  # The same with a head [V W] of its own, behind all others.
  def with_head(self: __torch__.Policy, theta: Tensor, head: Tensor) -> List[Tensor]:
    w = self.views(theta)
    w.append(head.view([VOCAB, WIDTH]))
    return w

  # Zeros in bfloat16 on the device of `like`.
  def zeros(self: __torch__.Policy, like: Tensor, shape: List[int]) -> Tensor:
    return torch.zeros(shape, dtype=15, device=like.device)

  # chunk [C] into theta[offset : offset + C]
  def load(self: __torch__.Policy, theta: Tensor, chunk: Tensor, offset: int) -> int:
    theta.narrow(0, offset, chunk.size(0)).copy_(chunk, False)
    return offset + chunk.size(0)

  # theta[offset : offset + count] as a tensor of its own, float32
  def slice(self: __torch__.Policy, theta: Tensor, offset: int, count: int) -> Tensor:
    return theta.narrow(0, offset, count).clone().to(6)

  # ---- layers -------------------------------------------------------------------------------------------------------

  # Rotary frequencies [D/2], in the reference's order of operations: at position 10,000 the last bit counts. RopeScaling.java
  # explains ROPE_KIND and its numbers.
  def frequencies(self: __torch__.Policy, like: Tensor) -> Tensor:
    powers = torch.pow(ROPE_BASE, torch.arange(0, HEAD, 2, dtype=6, device=like.device) / HEAD)
    plain = 1.0 / powers
    if ROPE_KIND == 1:  # Llama 3: by how often a pair turns within the original context
      turns = ROPE_POSITIONS / (6.283185307179586 / plain)
      kept = torch.clamp((turns - ROPE_FROM) / ROPE_SPAN, 0.0, 1.0)
      return (1.0 - kept) * plain / ROPE_FACTOR + kept * plain
    if ROPE_KIND == 2:  # YaRN: a ramp over the pairs
      pair = torch.arange(0, HEAD // 2, dtype=6, device=like.device)
      kept = 1.0 - torch.clamp((pair - ROPE_FROM) / ROPE_SPAN, 0.0, 1.0)
      return (1.0 / (ROPE_FACTOR * powers)) * (1.0 - kept) + plain * kept
    if ROPE_KIND == 3:
      return plain / ROPE_FACTOR
    if ROPE_KIND == 4:
      return 1.0 / (torch.tensor(annotate(List[float], ROPE_DIVISORS), dtype=6, device=like.device) * powers)
    return plain

  # positions [X] -> cosines and sines [X, Hq+Hk, D], and the matrix [D, D] that turns (a, b) into (-b, a), float32.
  # Whatever else changes a query or a key by its position is in the cosines and sines, so that rotating with the negative
  # sine is the gradient of all of it.
  def rotary(self: __torch__.Policy, positions: Tensor) -> Tuple[Tensor, Tensor, Tensor]:
    places = self.pad_rows(positions).to(6).unsqueeze(1)
    angle = places * self.frequencies(positions).repeat([2]).unsqueeze(0)
    one = torch.eye(HEAD // 2, dtype=6, device=positions.device)
    none = torch.zeros_like(one)
    turn = torch.cat([torch.cat([none, -one], 1), torch.cat([one, none], 1)], 0)
    heads = [1, HEADS + KEY_HEADS, 1]
    cosine = torch.cos(angle).unsqueeze(1).repeat(heads)
    sine = torch.sin(angle).unsqueeze(1).repeat(heads)
    if ROPE_GAIN != 1.0:
      cosine = cosine * ROPE_GAIN
      sine = sine * ROPE_GAIN
    if QUERY_BETA > 0.0:
      gain = 1.0 + QUERY_BETA * torch.log(1.0 + torch.floor(places / QUERY_POSITIONS))
      cosine.narrow(1, 0, HEADS).mul_(gain.unsqueeze(2))
      sine.narrow(1, 0, HEADS).mul_(gain.unsqueeze(2))
    return (cosine, sine, turn)

  # x [X, H, D] -> the same, rotated in pairs (i, i + D/2). The pairs are swapped by a matrix: half-width slices of
  # 16 numbers would be slower than the multiplication.
  def rotate(self: __torch__.Policy, x: Tensor, rotary: Tuple[Tensor, Tensor, Tensor]) -> Tensor:
    return (x * rotary[0]).addcmul_(self.multiply(x.reshape([-1, HEAD]), rotary[2]).view(x.size()), rotary[1])

  # x [X, ..., W] -> x / r * gain, in the gain's type, and 1 / r, r the root of the mean square along the last side
  def norm(self: __torch__.Policy, x: Tensor, gain: Tensor) -> Tuple[Tensor, Tensor]:
    wide = self.pad_rows(x)
    length = torch.linalg_vector_norm(wide, 2, [-1], True, dtype=6)
    root = torch.full([], EPSILON, dtype=6, device=x.device).addcmul(length, length, value=1.0 / x.size(-1)).rsqrt_()
    return (self.cut_rows((wide * root).mul_(gain).type_as(gain), x), self.cut_rows(root, x))

  # The attention half of a layer: its tensors are w[i], w[i + 1], ...
  # y [X, W] normed -> query+key [X, Hq+Hk, D] rotated, query+key+value [X, Hq+2Hk, D] as they were; `roots` gets 1 / r of the
  # norms of query and key, where the model has them
  def project(
      self: __torch__.Policy, w: List[Tensor], i: int, y: Tensor, rotary: Tuple[Tensor, Tensor, Tensor], roots: List[Tensor]
  ) -> Tuple[Tensor, Tensor]:
    all = self.weight_product(self.pad_rows(y), w, i + 1)
    if BIAS == 1:
      all = all.add_(w[i + BIAS_AT])
    all = all.view([-1, HEADS + 2 * KEY_HEADS, HEAD])
    parts = torch.split_with_sizes(all, [HEADS + KEY_HEADS, KEY_HEADS], 1)
    both = parts[0]
    if HEAD_NORM == 1:
      two = torch.split_with_sizes(both, [HEADS, KEY_HEADS], 1)
      query, query_root = self.norm(two[0], w[i + NORM_AT])
      key, key_root = self.norm(two[1], w[i + NORM_AT + 1])
      roots.extend([self.cut_rows(query_root, y), self.cut_rows(key_root, y)])
      both = torch.cat([query, key], 1)
    return (self.cut_rows(self.rotate(both.to(6), rotary).type_as(all), y), self.cut_rows(all, y))

  # The feed-forward half of a layer: its tensors are w[i], w[i + 1], ...
  # y [X, W] normed -> down(silu(gate) * up)
  def feed(self: __torch__.Policy, w: List[Tensor], i: int, y: Tensor) -> Tensor:
    if EXPERTS > 0:
      return self.experts(y, w[i + ROUTER_AT], w[i + GATE_AT], w[i + DOWN_AT])
    halves = torch.split_with_sizes(self.weight_product(self.pad_rows(y), w, i + GATE_AT), [HIDDEN, HIDDEN], 1)
    return self.cut_rows(self.weight_product(torch.silu(halves[0]) * halves[1], w, i + DOWN_AT), y)

  def expert(self: __torch__.Policy, y: Tensor, gateup: Tensor, down: Tensor) -> Tensor:
    halves = torch.split_with_sizes(self.product(y, gateup), [HIDDEN, HIDDEN], 1)
    return self.product(torch.silu(halves[0]) * halves[1], down)

  # Sparse experts (arXiv:2401.04088): every token visits the ACTIVE most probable ones, weighted by their probabilities
  # made to sum to 1. Visits are sorted by expert, so that each expert is one product, and then put back in order.
  def experts(self: __torch__.Policy, y: Tensor, router: Tensor, gateup: Tensor, down: Tensor) -> Tensor:
    best, which = torch.topk(torch.softmax(self.product(y, router).to(6), 1), ACTIVE, 1)
    share = best / torch.sum(best, [1], True)
    sorted, order = torch.sort(which.reshape([-1]), stable=True, dim=0, descending=False)
    visits = torch.embedding(y, torch.floor_divide(order, ACTIVE))
    gates = torch.unbind(gateup.view([EXPERTS_OR_ONE, 2 * HIDDEN, WIDTH]), 0)
    downs = torch.unbind(down.view([EXPERTS_OR_ONE, WIDTH, HIDDEN]), 0)
    made = annotate(List[Tensor], [])
    at = 0
    for e in range(EXPERTS):
      count = int(torch.sum(torch.eq(sorted, e)))
      made.append(self.expert(visits.narrow(0, at, count), gates[e], downs[e]))
      at = at + count
    back = torch.embedding(torch.cat(made, 0), torch.argsort(order, 0)).view([y.size(0), ACTIVE, WIDTH])
    return torch.sum(back * share.unsqueeze(2), [1])

  # 1 for a layer without a window among others that have one
  def wide(self: __torch__.Policy, layer: int) -> int:
    if MIXED == 1 and torch.__contains__(annotate(List[int], FULL_LAYERS), layer):
      return 1
    return 0

  # How many keys a query of a layer sees, 0 for all before it.
  def window(self: __torch__.Policy, layer: int) -> int:
    if self.wide(layer) == 1:
      return 0
    return WINDOW

  # Whether a query at one position sees a key at another: not later ones, nor those that its window has left behind.
  def sees(self: __torch__.Policy, query: Tensor, key: Tensor, window: int) -> Tensor:
    if window > 0:
      return torch.logical_and(torch.le(key, query), torch.gt(key, query - window))
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
  def probabilities(self: __torch__.Policy, logits: Tensor) -> Tuple[Tensor, Tensor]:
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
  def pad_rows(self: __torch__.Policy, x: Tensor) -> Tensor:
    if ROWS == 0:
      return x
    missing = -x.size(0) % MULTIPLE
    if missing == 0:
      return x
    shape = x.size()
    shape[0] = missing
    return torch.cat([x, torch.zeros(shape, dtype=x.dtype, device=x.device)], 0)

  # The rows of x without those that `pad_rows` added to `like`.
  def cut_rows(self: __torch__.Policy, x: Tensor, like: Tensor) -> Tensor:
    if ROWS == 0:
      return x
    return x.narrow(0, 0, like.size(0))

  # x [X, A], w[i] [B, A] -> [X, B]
  def weight_product(self: __torch__.Policy, x: Tensor, w: List[Tensor], i: int) -> Tensor:
    if w[i].dtype == 1:
      return self.int8_product(x, w[i], w[PARAMETERS + i])
    return self.product(x, w[i])

  # x [X, A] float32, weight [B, A] int8 with a scale a row [B] -> [X, B]. In oneDNN's blocks every number of x is two bytes,
  # its row's largest number / 127 * (first + second / 254): sums of integers are exact, so that a row's result depends on
  # no other row. Otherwise x is rounded to bfloat16.
  def int8_product(self: __torch__.Policy, x: Tensor, weight: Tensor, scale: Tensor) -> Tensor:
    if not weight.is_mkldnn:
      return torch._weight_int8pack_mm(x.to(15), weight, scale).to(6)
    rows = x.size(0)
    largest = torch.linalg_vector_norm(x, inf, [1], True).clamp_min_(1e-30)
    shares = x * (127.0 / largest)
    digits = torch.cat([shares, (shares - torch.round(shares)).mul_(254.0)], 0).round_().add_(128.0).to(0)
    bias = annotate(Optional[Tensor], None)
    zero = torch.zeros([1], dtype=4)
    y = ops.onednn.qlinear_pointwise(
        digits, 1.0, 128, weight, scale, zero, bias, 1.0, 0, 6, "none", annotate(List[Optional[number]], []), "")
    return torch.add(y.narrow(0, 0, rows), y.narrow(0, rows, rows), alpha=1.0 / 254.0).mul_(largest.mul_(1.0 / 127.0))

  # Whether this processor adds products of bytes without an overflow in between: the oldest ones do not.
  def adds_bytes_exactly(self: __torch__.Policy, like: Tensor) -> bool:
    largest = torch.ones([1, 64], dtype=6)
    scale, q = self.rounded(largest)
    y = self.int8_product(largest, ops.onednn.qlinear_prepack(q, [2, 64]), scale)
    return bool(torch.lt(torch.abs(y.select(1, 0).select(0, 0) - 64.0), 0.001))

  # x [X, A], weight [B, A] -> [X, B]
  def product(self: __torch__.Policy, x: Tensor, weight: Tensor) -> Tensor:
    if weight.is_mkldnn:
      return self.by_onednn(x, weight)
    if ROWS == 0:
      return self.multiply(x, weight)
    made = annotate(List[Tensor], [])
    for part in torch.split(self.pad_rows(x), MULTIPLE, 0):
      made.append(torch.linear(part, weight))
    return self.cut_rows(torch.cat(made, 0), x)

  # ---- which library multiplies -----------------------------------------------------------------------------------------

  # The same with any number of rows, x float32 or bfloat16. ONEDNN = 1: by oneDNN on a CPU (ProductLibrary.java). bfloat16 is
  # PyTorch's to place. oneDNN's operator has no gradient: where PyTorch differentiates, it is not taken.
  def multiply(self: __torch__.Policy, x: Tensor, weight: Tensor) -> Tensor:
    if ONEDNN == 1:
      if x.dtype == 6 and not weight.requires_grad:
        return self.by_onednn(x, weight)
    return torch.linear(x, weight)

  # weight [B, A] with any strides, or laid out for this; x is copied unless its rows lie end to end
  def by_onednn(self: __torch__.Policy, x: Tensor, weight: Tensor) -> Tensor:
    bias = annotate(Optional[Tensor], None)
    return ops.mkldnn._linear_pointwise(x, weight, bias, "none", annotate(List[Optional[number]], []), "")

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
