// An experiment: findings, table, and for every arm the mean and spread of its seeds. All texts reach the page as text nodes.
(() => {
  const data = JSON.parse(document.getElementById('data').textContent);
  const { element, DASHES } = Charts;
  const byId = (id) => document.getElementById(id);
  const SHARES = ['correctness', ...data.shares];
  const FINE = ['clipLowShare', 'clipHighShare'];
  const HINTS = {
    reward: 'Of training completions, kept and dropped groups.',
    entropy: 'Nats per token, in training.',
    lengthMean: 'Tokens, in training.',
    correctness: 'Held-out problems.',
    languageConsistency: 'Held-out problems.',
    lagMean: 'Policy versions between sampling and training.',
  };
  const words = (name) => {
    const text = name.replace(/([a-z0-9])([A-Z])/g, '$1 $2').toLowerCase();
    return text.charAt(0).toUpperCase() + text.slice(1);
  };

  byId('run').textContent = data.name;
  byId('title').textContent = data.title;
  byId('question').textContent = data.question;
  byId('conclusion').textContent = data.conclusion;
  data.findings.forEach((f) => {
    const item = element('li', f.verdict === 'agrees' ? 'good' : f.verdict === 'disagrees' ? 'bad' : 'open');
    item.append(element('b', '', f.verdict), element('span', '', f.sentence.slice(f.verdict.length)));
    byId('findings').append(item);
  });
  data.notes.forEach((note) => byId('notes').append(element('li', '', note)));

  const table = (head, rows) => {
    const t = element('table', 'plain');
    const top = t.createTHead().insertRow();
    head.forEach((name) => {
      const cell = element('th', '', name);
      cell.scope = 'col';
      top.append(cell);
    });
    const body = t.createTBody();
    rows.forEach((cells) => {
      const row = body.insertRow();
      const first = element('th', '', cells[0]);
      first.scope = 'row';
      row.append(first, ...cells.slice(1).map((cell) => element('td', '', cell)));
    });
    return t;
  };
  byId('spread').textContent = data.rows.some((r) => r.seeds > 1)
    ? 'Before → after training where both were measured; ± is the largest distance of a seed from the mean.'
    : 'Before → after training where both were measured. One seed: no spread.';
  byId('table').append(
    table(['arm', 'seeds', 'steps', ...data.columns], data.rows.map((r) => [r.arm, String(r.seeds), r.steps, ...r.cells])),
  );
  byId('settings').append(
    table(
      ['', ''],
      [
        ...[['paper', data.paper.where], ['its setting', data.paper.setting], ['its finding', data.paper.finding]].filter((r) => r[1]),
        ['our setting', data.setting],
        ...data.arms.map((arm) => ['arm ' + arm.name, [...arm.set, arm.coldStart && 'cold start ' + arm.coldStart].filter(Boolean).join(', ') || 'the base']),
        ['command', data.command],
      ],
    ),
  );

  // By step: mean, lowest and highest over the runs that have it.
  const spread = (lists) => {
    const at = new Map();
    lists.flat().forEach((p) => {
      if (p.y == null) return;
      if (!at.has(p.x)) at.set(p.x, []);
      at.get(p.x).push(p.y);
    });
    const steps = [...at.keys()].sort((a, b) => a - b);
    const of = (f) => steps.map((x) => ({ x, y: f(at.get(x)) }));
    return {
      mean: of((ys) => ys.reduce((a, b) => a + b, 0) / ys.length),
      low: of((ys) => Math.min(...ys)),
      high: of((ys) => Math.max(...ys)),
    };
  };
  const smooth = (points) => {
    const window = Math.max(3, Math.round(points.length / 20));
    return points.map((p, i) => {
      const part = points.slice(Math.max(0, i + 1 - window), i + 1);
      return { x: p.x, y: part.reduce((sum, q) => sum + q.y, 0) / part.length };
    });
  };
  const series = (pointsOf, smoothed, marks) =>
    data.arms.flatMap((arm, i) => {
      const runs = data.runs.filter((run) => run.arm === arm.name).map(pointsOf);
      const all = spread(smoothed ? runs.map(smooth) : runs);
      const look = { colour: (i % 7) + 1, dash: DASHES[i % 7] };
      const line = { name: arm.name, points: all.mean, marks, ...look };
      return runs.length > 1 ? [{ name: arm.name + ', seeds', band: true, quiet: true, low: all.low, high: all.high, ...look }, line] : [line];
    });
  // Other axes are cut into a hundred equal parts, so that runs meet at the same points.
  const AXES = {
    step: { title: (x) => 'step ' + x },
    tokens: { format: (v) => Charts.number(v), title: (x) => Charts.number(x) + ' tokens' },
    elapsedSeconds: { format: (v) => Charts.number(v / 60) + ' min', title: (x) => Charts.number(x / 60) + ' min' },
  };
  const ends = data.runs.map((run) => Math.max(1, ...(run.train[data.axis] || []).filter((x) => x != null)));
  const part = data.axis === 'step' ? 1 : Math.max(1, ...ends) / 100;
  const rounded = (x) => Math.round(x / part) * part;
  const trained = (name) => (run) =>
    (run.train[data.axis] || [])
      .map((x, i) => ({ x: x == null ? null : rounded(x), y: (run.train[name] || [])[i] }))
      .filter((p) => p.x != null && p.y != null);
  const evaluated = (name) => (run) =>
    run.eval
      .map((e) => {
        const at = (run.train.step || []).indexOf(e.step);
        return { x: e.step === 0 ? 0 : at < 0 ? null : rounded(run.train[data.axis][at]), y: e[name] };
      })
      .filter((p) => p.x != null && p.y != null);

  const draw = () => {
    const parent = byId('curves');
    Charts.clear(parent);
    const last = Math.max(1, ...ends);
    const chart = (name, all, wide) =>
      Charts.add(parent, {
        lastStep: last,
        xFormat: AXES[data.axis].format,
        xTitle: AXES[data.axis].title,
        xName: data.axis === 'step' ? undefined : data.axis,
        wide,
        title: words(name),
        hint: HINTS[name] || 'In training.',
        format: FINE.includes(name) ? 'percent1' : SHARES.includes(name) ? 'percent' : 'number',
        free: !SHARES.includes(name),
        min: all.every((s) => (s.low || s.points).every((p) => p.y >= 0)) ? 0 : undefined,
        series: all,
      });
    chart('correctness', series(evaluated('correctness'), false, true), true);
    data.charts.forEach((name) => chart(name, series(trained(name), true, false), false));
    planes();
    Charts.drawAll();
  };
  const planes = () => {
    byId('analyses').hidden = !data.analyses.some((a) => a.result.plane);
    Charts.clear(byId('planes'));
    data.analyses.forEach((a) => {
      if (data.analyses.length > 1) byId('planes').append(element('h3', 'of', `Arm ${a.arm}, seed ${a.seed}, ${a.name}`));
      Planes.add(byId('planes'), a);
    });
  };
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', draw);
  draw();
})();
