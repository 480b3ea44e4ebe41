// The plane of a weight analysis: a number as colour at every point of the grid, with the way of the checkpoints drawn on it.
const Planes = (() => {
  const SVG = 'http://www.w3.org/2000/svg';
  const SIZE = { width: 600, height: 430, left: 90, top: 8, right: 8, bottom: 52 };
  const { element, number, percent } = Charts;
  const minus = (text) => text.replace(/-/g, '−');

  const shape = (parent, tag, values, className, text) => {
    const e = document.createElementNS(SVG, tag);
    Object.entries(values).forEach(([key, value]) => e.setAttribute(key, value));
    if (className) e.setAttribute('class', className);
    if (text != null) e.textContent = text;
    parent.append(e);
    return e;
  };

  // Where a distance from the last checkpoint lies; each point of the grid is the middle of a cell.
  const place = (axis, from, size) => (value) =>
    from + (((value - axis[0]) / (axis[1] - axis[0]) + 0.5) / axis.length) * size;

  const range = (values) => ({ low: Math.min(...values), high: Math.max(...values) });

  const cells = (svg, plane, of, say, x, y) => {
    const { low, high } = range(plane.points.map(of));
    const width = Math.abs(x(plane.a1[1]) - x(plane.a1[0]));
    const height = Math.abs(y(plane.a2[1]) - y(plane.a2[0]));
    plane.points.forEach((point) => {
      const left = x(point.a1) - width / 2;
      const top = y(point.a2) - height / 2;
      const part = high > low ? (of(point) - low) / (high - low) : 0;
      const cell = shape(svg, 'rect', { x: left, y: top, width, height, 'fill-opacity': 0.04 + 0.56 * part }, 'cell');
      shape(cell, 'title', {}, '', `a1 ${number(point.a1)}, a2 ${number(point.a2)}: ${say(of(point))}`);
      shape(svg, 'text', { x: left + 5, y: top + 17 }, 'value', say(of(point)));
    });
  };

  const axes = (svg, plane, shares, x, y) => {
    const bottom = SIZE.height - SIZE.bottom;
    plane.a1.forEach((v) =>
      shape(svg, 'text', { x: x(v), y: bottom + 19, 'text-anchor': 'middle' }, 'axis', minus(v.toFixed(1))),
    );
    plane.a2.forEach((v) => shape(svg, 'text', { x: SIZE.left - 8, y: y(v) + 5, 'text-anchor': 'end' }, 'axis', minus(v.toFixed(2))));
    const middle = (SIZE.left + SIZE.width - SIZE.right) / 2;
    shape(svg, 'text', { x: middle, y: SIZE.height - 8, 'text-anchor': 'middle' }, 'axis', `a1, along c1 (${percent(shares.c1)})`);
    const turned = `translate(14 ${(SIZE.top + bottom) / 2}) rotate(-90)`;
    shape(svg, 'text', { transform: turned, 'text-anchor': 'middle' }, 'axis', `a2, along c2 (${percent(shares.c2)})`);
  };

  // The checkpoints, from the last one's point of view.
  const path = (svg, checkpoints, x, y) => {
    const last = checkpoints[checkpoints.length - 1].coordinates;
    const at = checkpoints.map((c) => ({ step: c.step, x: x(c.coordinates[0] - last[0]), y: y(c.coordinates[1] - last[1]) }));
    shape(svg, 'polyline', { points: at.map((p) => `${p.x},${p.y}`).join(' ') }, 'path');
    at.forEach((p) => shape(shape(svg, 'circle', { cx: p.x, cy: p.y, r: 4 }, 'dot'), 'title', {}, '', 'step ' + p.step));
    const label = (p, left) => {
      const place = { x: p.x + (left ? -9 : 9), y: p.y + 6, 'text-anchor': left ? 'end' : 'start' };
      shape(svg, 'text', place, 'step', 'step ' + p.step);
    };
    label(at[0], at[0].x > SIZE.left + 90);
    label(at[at.length - 1], at[at.length - 1].x > SIZE.width - 100);
  };

  const heat = (parent, result, title, hint, of, say) => {
    const { plane, checkpoints, explainedShare: shares } = result;
    const { low, high } = range(plane.points.map(of));
    const card = element('article', 'card chart wide heat');
    card.append(element('h3', '', title), element('p', 'hint', hint));
    const svg = shape(card, 'svg', { viewBox: `0 0 ${SIZE.width} ${SIZE.height}`, role: 'img' });
    svg.setAttribute('aria-label', `${title}: from ${say(low)} to ${say(high)}, ${say(of(plane.last))} at the last checkpoint.`);
    const x = place(plane.a1, SIZE.left, SIZE.width - SIZE.left - SIZE.right);
    const y = place(plane.a2, SIZE.height - SIZE.bottom, SIZE.top + SIZE.bottom - SIZE.height);
    cells(svg, plane, of, say, x, y);
    axes(svg, plane, shares, x, y);
    path(svg, checkpoints, x, y);
    parent.append(card);
  };

  // Round numbers that cut a range of lengths into equal ratios.
  const ticks = (low, high) => {
    const rounded = (v) => Number(v.toPrecision(2));
    return [...new Set([0, 1, 2, 3, 4].map((i) => rounded(low * (high / low) ** (i / 4))))].filter((v) => v >= low && v <= high);
  };

  const line = (result) => {
    const { slope, intercept, from, to } = result.logLength;
    return [from, to].map((x) => ({ x, y: slope.value * Math.log(x) + intercept }));
  };

  const scatter = (parent, result) => {
    const points = (fitted) =>
      result.plane.points
        .filter((p) => (p.truncatedShare <= result.mostTruncated) === fitted)
        .map((p) => ({ x: p.lengthMean, y: p.rewardWithoutLength }))
        .sort((a, b) => a.x - b.x);
    const { slope, intercept, rSquared } = result.logLength;
    const all = range(result.plane.points.map((p) => p.lengthMean));
    const formula =
      slope.value == null
        ? ''
        : ` ${number(slope.value)} ln(length) ${intercept < 0 ? '−' : '+'} ${number(Math.abs(intercept))}, R² ${number(rSquared)}.`;
    Charts.add(parent, {
      title: 'Reward over length',
      hint: 'Every point of the plane: reward without the length penalty over mean length, on a logarithmic axis.' + formula,
      format: 'number',
      free: true,
      min: result.plane.points.every((p) => p.rewardWithoutLength >= 0) ? 0 : undefined,
      wide: true,
      xLog: true,
      xFrom: all.low / 1.03,
      lastStep: all.high * 1.03,
      xTicks: ticks(all.low, all.high),
      xName: 'mean length',
      xFormat: (v) => number(v),
      xTitle: (v) => number(v) + ' tokens',
      series: [
        { name: 'fitted points', points: points(true), colour: 1, dots: true },
        { name: 'many cut at the longest length', points: points(false), colour: 2, dots: true },
        { name: 'a ln(length) + b', points: slope.value == null ? [] : line(result), ink: true, plain: true },
      ],
    });
  };

  const add = (parent, analysis) => {
    const { result } = analysis;
    if (!result.plane) return;
    const tokens = (v) => v.toFixed(v < 100 ? 1 : 0);
    heat(parent, result, 'Reward over the plane', 'Mean over the completions, with the length penalty. The line: the checkpoints.', (p) => p.reward, (v) => v.toFixed(2));
    heat(parent, result, 'Length over the plane', 'Mean tokens of the same completions.', (p) => p.lengthMean, tokens);
    scatter(parent, result);
  };

  return { add };
})();
