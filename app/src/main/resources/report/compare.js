// Several runs over each other. Names of runs and values of configurations reach the page as text nodes only.
(() => {
  const data = JSON.parse(document.getElementById('data').textContent);
  const { element, points, DASHES } = Charts;
  const byId = (id) => document.getElementById(id);
  const AXES = {
    step: { label: 'by step', name: 'step', title: (x) => 'step ' + x, format: (v) => (v === 0 ? 'step 0' : v) },
    tokens: { label: 'by trained tokens', name: 'tokens', title: (x) => x + ' tokens', format: (v) => Charts.number(v) },
    elapsedSeconds: {
      label: 'by wall clock',
      name: 'minutes',
      title: (x) => x.toFixed(1) + ' min',
      format: (v) => Number(v.toFixed(1)) + ' min',
    },
  };
  let axis = 'step';

  byId('run').textContent = data.runs.map((r) => r.name).join(', ');
  data.lines.filter(Boolean).forEach((line) => byId('lines').append(element('p', 'about', line)));
  data.runs
    .filter((r) => r.failure != null)
    .forEach((r) => {
      const box = element('div', 'failure');
      box.append(element('strong', '', r.name + ' failed'), element('span', '', r.failure));
      byId('lines').append(box);
    });

  const scaled = (x) => (x == null ? null : axis === 'elapsedSeconds' ? x / 60 : x);
  const xs = (run) => (run.train[axis] || []).map(scaled);
  const known = (ps) => ps.filter((p) => p.x != null);
  const look = (i) => ({ colour: (i % 7) + 1, dash: DASHES[i % 7] });

  const trained = (name) =>
    data.runs.flatMap((run, i) => Charts.smooth(run.name, xs(run), run.train[name], look(i).colour, { dash: look(i).dash }));
  const evaluated = (name) =>
    data.runs.map((run, i) => ({
      name: run.name,
      points: known(run.eval.map((e) => ({ x: scaled(e[axis]), y: e[name] })).filter((p) => p.y != null)),
      marks: true,
      ...look(i),
    }));
  const bands = (low, high) =>
    data.runs.map((run, i) => ({
      name: run.name + ', 95 %',
      band: true,
      low: known(run.eval.map((e) => ({ x: scaled(e[axis]), y: e[low] })).filter((p) => p.y != null)),
      high: known(run.eval.map((e) => ({ x: scaled(e[axis]), y: e[high] })).filter((p) => p.y != null)),
      ...look(i),
    }));

  const draw = () => {
    const parent = byId('curves');
    Charts.clear(parent);
    const lacking = data.runs.filter((run) => !xs(run).some((x) => x != null)).map((run) => run.name);
    byId('missing').textContent = lacking.length ? 'Not shown, made by an older version without this axis: ' + lacking.join(', ') : '';
    const last = Math.max(
      ...data.runs.flatMap((run) => [...xs(run), ...run.eval.map((e) => scaled(e[axis]))]).filter((x) => x != null),
      axis === 'step' ? 1 : 0.01,
    );
    const chart = (spec) =>
      Charts.add(parent, {
        lastStep: last,
        format: 'number',
        xFormat: AXES[axis].format,
        xTitle: AXES[axis].title,
        xName: AXES[axis].name,
        ...spec,
      });
    chart({
      wide: true,
      title: 'Held-out correctness',
      hint: 'Band: 95 % interval of each run. The paired difference above is more precise.',
      format: 'percent',
      min: 0,
      max: 1,
      series: [...bands('correctnessLow', 'correctnessHigh'), ...evaluated('correctness')],
    });
    chart({ wide: true, title: 'Reward', hint: 'Of training completions, kept and dropped groups.', free: true, series: trained('reward') });
    chart({ title: 'Language consistency', hint: 'Held-out problems.', format: 'percent', max: 1, min: 0, series: evaluated('languageConsistency') });
    chart({ title: 'Length of completions', hint: 'Tokens, in training.', series: trained('lengthMean') });
    chart({ title: 'Entropy', hint: 'Nats per token.', series: trained('entropy') });
    chart({ title: 'Zero-signal groups', hint: 'Groups whose rewards are all equal.', format: 'percent', min: 0, series: trained('zeroSignalShare') });
    chart({ title: 'Objective', hint: 'What an update raises, before it.', free: true, series: trained('objective') });
    chart({ title: 'Held by the lower clip', hint: 'Trained tokens.', format: 'percent', min: 0, series: trained('clipLowShare') });
    chart({ title: 'Held by the upper clip', hint: 'Trained tokens.', format: 'percent', min: 0, series: trained('clipHighShare') });
    chart({ title: 'Behaviour KL', hint: 'Trainer against the versions that sampled the tokens.', min: 0, series: trained('behaviourKl') });
    chart({ title: 'Gradient norm', hint: 'Before clipping.', series: trained('gradNorm') });
    chart({ title: 'Tokens per second', hint: 'Trained completion tokens.', series: trained('tokensPerSecond') });
    Charts.drawAll();
  };

  const choose = element('select');
  choose.setAttribute('aria-label', 'Horizontal axis');
  Object.entries(AXES).forEach(([key, a]) => choose.append(new Option(a.label, key)));
  choose.addEventListener('change', () => {
    axis = choose.value;
    draw();
  });
  byId('axes').append(choose);
  byId('axes').addEventListener('submit', (e) => e.preventDefault());

  const entries = Object.entries(data.config);
  if (!entries.length) byId('config').append(element('p', 'hint', 'Nothing: they are the same.'));
  else {
    const table = element('table', 'plain');
    const head = table.createTHead().insertRow();
    ['key', ...data.runs.map((r) => r.name)].forEach((name) => {
      const cell = element('th', '', name);
      cell.scope = 'col';
      head.append(cell);
    });
    const body = table.createTBody();
    entries.forEach(([key, values]) => {
      const row = body.insertRow();
      const first = element('th', '', key);
      first.scope = 'row';
      row.append(first, ...values.map((v) => element('td', '', v)));
    });
    byId('config').append(table);
  }
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', draw);
  draw();
})();
