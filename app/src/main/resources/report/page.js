(() => {
  const data = JSON.parse(document.getElementById('data').textContent);
  const { element, percent, number, power, points, smooth, DASHES } = Charts;
  const byId = (id) => document.getElementById(id);
  const t = data.train;
  const steps = t.step;
  const lastStep = Math.max(1, data.steps, ...data.eval.map((e) => e.step));
  const before = data.eval.find((e) => e.step === 0) || {};
  const after = [...data.eval].reverse().find((e) => e.step > 0) || {};
  const forced = before.forced || {};
  const lastMean = (column) => {
    const v = (column || []).filter((x) => x != null).slice(-20);
    return v.length ? v.reduce((a, b) => a + b, 0) / v.length : null;
  };
  const largest = (column) => (column || []).reduce((a, b) => (b != null && (a == null || b > a) ? b : a), null);

  const together = (text) => text.replace(/(\d) (%|min|s|h)/g, '$1\u00a0$2'); // a number and its unit stay on one line

  const facts = data.about || {};
  Object.entries(facts)
    .filter(([, value]) => value)
    .forEach(([name, value]) => {
      const box = element('div');
      box.append(element('dt', '', name), element('dd', '', value));
      byId('facts').append(box);
    });
  if (data.failure != null) {
    const box = element('div', 'failure');
    box.setAttribute('role', 'alert');
    box.append(
      element('strong', '', `This run failed after ${data.steps} steps`),
      element('span', '', data.failure + (data.steps ? '. The numbers below end there.' : '')),
    );
    byId('failure').append(box);
  }
  byId('run').textContent = data.title;
  byId('headline').textContent = together(data.headline).replaceAll(' → ', '\u00a0→\u00a0');
  byId('about').textContent = [
    data.steps + ' steps of asynchronous GRPO',
    before.problems ? before.problems + ' held-out problems, ' + data.evaluationMode : '',
    data.failure != null ? 'failed' : data.finished ? 'finished: ' + data.reason : 'unfinished, the page shows what is there so far',
  ]
    .filter(Boolean)
    .join(' · ');
  byId('pace').textContent = data.pace;
  data.alarms.forEach((a) => {
    const p = element('p', 'alarm', a);
    byId('alarms').append(p);
  });

  const tile = (name, value, note) => {
    const box = element('div', 'tile');
    const dd = element('dd');
    dd.append(element('div', 'value', together(value)), element('div', 'note', note));
    box.append(element('dt', '', name), dd);
    byId('tiles').append(box);
  };
  const has = (v) => v != null;
  const change = (name) => (has(after[name]) ? percent(before[name]) + ' → ' + percent(after[name]) : percent(before[name]));
  const points100 = (a, b) => (has(a) && has(b) ? (b >= a ? '+' : '−') + Math.abs((b - a) * 100).toFixed(1) + ' points' : '');
  tile('Correct, held out', change('correctness'), points100(before.correctness, after.correctness));
  tile('In one language', change('languageConsistency'), points100(before.languageConsistency, after.languageConsistency));
  tile(
    'Cold start, thought forced',
    percent(forced.correctness),
    has(forced.correctness) && has(after.correctness)
      ? points100(forced.correctness, after.correctness) + ' beyond it'
      : has(forced.correctness)
        ? 'before training'
        : 'not measured',
  );
  tile('Training time', data.trainTime, data.steps + ' steps');
  tile(
    'Completion length',
    number(before.lengthMean) + ' → ' + number(has(after.lengthMean) ? after.lengthMean : lastMean(t.lengthMean)),
    'tokens, held out',
  );
  tile('Throughput', number(lastMean(t.tokensPerSecond)), 'tokens per second');
  tile('Updated in flight', percent(lastMean(t.multiVersionShare)), 'of completions carry two or more policy versions');
  tile(
    'Largest mismatch KL',
    has(largest(t.mismatchKl)) ? power(largest(t.mismatchKl) || 1e-12) : '–',
    'generator against trainer, same version',
  );

  const samples = Samples(data);
  const evalPoints = (get) => data.eval.map((e) => ({ x: e.step, y: get(e) })).filter((p) => p.y != null);
  const flat = (y) =>
    has(y)
      ? [
          { x: 0, y },
          { x: lastStep, y },
        ]
      : [];
  const chart = (parent, spec) =>
    Charts.add(byId(parent), { lastStep, format: 'number', marks: spec.bars ? undefined : data.marks, ...spec });
  const band = (name, low, high, colour) => ({ name, band: true, low, high, colour });
  const spreadOf = (name, format) => [
    band('10 to 90 of 100', points(steps, t[name + 'P10']), points(steps, t[name + 'P90']), 1),
    { name: 'median', points: points(steps, t[name + 'P50']), colour: 1, thin: true, format },
  ];

  // Says that the problems are not trained on only if that was checked.
  const heldOut = () => {
    const both = data.evaluationInTraining;
    if (both === 0) return `${data.evaluationMode}, on problems that are never trained on.`;
    if (both > 0) return `${data.evaluationMode}. ATTENTION: ${both} of ${before.problems || 'the'} problems are trained on, too.`;
    return `${data.evaluationMode}; whether these problems are trained on was not checked.`;
  };
  const sentence = (text) => text[0].toUpperCase() + text.slice(1);

  chart('learned', {
    wide: true,
    title: 'Held-out correctness',
    hint:
      sentence(heldOut()) +
      (has(forced.correctness) ? ' The dashed line is the cold start before training with a detailed thought forced.' : '') +
      ' Band: 95 % interval.',
    format: 'percent',
    min: 0,
    max: 1,
    series: [
      band('95 % interval', evalPoints((e) => e.correctnessLow), evalPoints((e) => e.correctnessHigh), 1),
      { name: 'correct', points: evalPoints((e) => e.correctness), colour: 1, marks: true },
      { name: 'cold start, detailed thought forced', points: flat(forced.correctness), colour: 2, dash: [6, 4] },
    ],
  });
  const levels = Object.keys({ ...before.byLevel, ...after.byLevel }).sort((a, b) => a - b);
  const bars = (name, map, colour) => ({
    name,
    points: map ? levels.map((l) => ({ y: has(map[l]) ? map[l] : null })) : [],
    colour,
  });
  chart('learned', {
    wide: true,
    bars: true,
    title: 'Correctness by level',
    hint: has(forced.correctness)
      ? 'What exceeds the middle bar is learned skill, not a chosen behaviour.'
      : 'As the problems state it.',
    format: 'percent',
    min: 0,
    max: 1,
    labels: levels.map((l) => (levels.length > (innerWidth < 700 ? 4 : 8) ? l : 'level ' + l)),
    series: [
      bars('cold start', before.byLevel, 8),
      bars('cold start, forced', forced.byLevel, 2),
      bars('after training', after.byLevel, 1),
    ],
  });
  languageTable(byId('learned'));

  const own = Object.keys(t).filter((name) => name.startsWith('reward.'));
  const weight = data.rewardWeights;
  const sum = `${weight.format} + ${weight.correctness} + ${weight.language} = ${weight.largest}`;
  byId('most').textContent =
    'Means over kept and dropped groups. ' +
    (own.length
      ? `The built-in parts sum up to at most ${sum}; ${own.map((n) => n.slice(7)).join(', ')} ${own.length > 1 ? 'come' : 'comes'} on top, without a limit.`
      : `At most ${sum}.`);
  chart('rewards', {
    wide: true,
    title: 'Reward',
    hint: 'Thin: each step, thick: moving mean. Band: of 100 completions of a step, the middle 80.',
    format: 'fixed2',
    free: true,
    series: [...spreadOf('reward', 'fixed2').slice(0, 1), ...smooth('mean', steps, t.reward, 1, { ink: true })],
  });
  const VERDICTS = ['CORRECT', 'WRONG', 'UNPARSEABLE', 'FORMAT_ERROR', 'COMPILE_ERROR', 'COMPILE_TIMEOUT', 'TIME_LIMIT',
    'MEMORY_LIMIT', 'OUTPUT_LIMIT', 'RUNTIME_ERROR', 'UNSCORED'];
  const COLOURS = { CORRECT: 3, WRONG: 5, UNPARSEABLE: 2, FORMAT_ERROR: 7, UNSCORED: 8 };
  const verdicts = data.verdicts || {};
  chart('rewards', {
    wide: true,
    stacked: true,
    title: 'Verdicts',
    hint: 'Share of the completions of each step, with those that could not be judged.',
    format: 'percent',
    min: 0,
    max: 1,
    series: VERDICTS.filter((v) => verdicts[v]).map((v, i) => ({
      name: v.replaceAll('_', ' ').toLowerCase(),
      points: steps.map((x, k) => ({ x, y: verdicts[v][k] == null ? 0 : verdicts[v][k] })),
      colour: COLOURS[v] || [1, 4, 6][i % 3],
    })),
  });
  const part = (name, column, hint, colour, range) =>
    chart('rewards', {
      small: true,
      title: name,
      hint,
      free: true,
      ...range,
      series: smooth(name.toLowerCase(), steps, column, colour),
    });
  const range = (min, max, ticks) => (max > min ? { min, max, tick: (max - min) / ticks } : {});
  part('Correctness', t.rewardCorrectness, `at most ${weight.correctness}`, 1, range(0, weight.correctness, 3));
  part('Format', t.rewardFormat, `at most ${weight.format}`, 3, range(0, weight.format, 2));
  part('Language', t.rewardLanguage, `at most ${weight.language}`, 2, range(0, weight.language, 2));
  part('Length', t.rewardLength, `penalty, at least −${weight.length}`, 5, range(-weight.length, 0, 2));
  own.forEach((name, i) => part(name.slice(7), t[name], 'own reward, times its weight', [4, 6, 7][i % 3], {}));

  const codes = Object.keys({ ...before.languageByLanguage, ...after.languageByLanguage }).sort();
  const lowest = Math.min(
    1,
    ...data.eval.flatMap((e) => [e.languageConsistency, ...Object.values(e.languageByLanguage || {})]).filter(has),
  );
  chart('behaviour', {
    wide: true,
    title: 'Language consistency',
    hint: 'Problem, thoughts and answer are in one language; held-out problems, by the language of the problem.',
    format: 'percent',
    min: Math.max(0, Math.floor(lowest * 10) / 10),
    max: 1,
    series: [
      ...codes.map((c, i) => ({
        name: samples.languageName(c),
        points: evalPoints((e) => (e.languageByLanguage || {})[c]),
        colour: (i % 7) + 1,
        dash: DASHES[i % 7],
      })),
      { name: 'all', points: evalPoints((e) => e.languageConsistency), colour: 1, ink: true, marks: true },
    ],
  });
  chart('behaviour', {
    wide: true,
    title: 'Length of completions',
    hint: 'Tokens (left): mean, and the middle 80 of 100 completions. Share that was cut at the longest length (right).',
    series: [
      ...spreadOf('length', 'number').slice(0, 1),
      ...smooth('tokens', steps, t.lengthMean, 1),
      ...smooth('cut', steps, t.truncatedShare, 5, { axis: 'right', format: 'percent', dash: DASHES[1] }),
    ],
  });

  chart('health', {
    title: 'Entropy',
    hint: 'Of the next-token distribution, in nats. A fall to zero means that the policy stopped exploring.',
    series: smooth('entropy', steps, t.entropy, 1),
  });
  chart('health', {
    title: 'Clipped tokens',
    hint: 'Share of tokens whose ratio left the trust region, below and above.',
    format: 'percent1',
    series: [...smooth('below', steps, t.clipLowShare, 2, { dash: DASHES[1] }), ...smooth('above', steps, t.clipHighShare, 1)],
  });
  chart('health', {
    title: 'Mismatch KL',
    hint: 'Generator against trainer under the same weights. Below the dashed line, both run the same program.',
    log: true,
    format: 'power',
    series: [
      { name: 'mismatch', points: points(steps, t.mismatchKl).map((p) => ({ x: p.x, y: Math.max(p.y, 1e-12) })), colour: 1 },
      { name: 'limit', points: flat(1e-6), colour: 5, dash: [6, 4] },
    ],
  });
  chart('health', {
    title: 'Lag',
    hint: 'Policy versions between sampling a token and training on it.',
    series: [...smooth('mean', steps, t.lagMean, 1), { name: 'largest', points: points(steps, t.lagMax), colour: 2, thin: true }],
  });
  chart('health', {
    title: 'Several versions, no signal',
    hint: 'Completions whose weights changed in flight; groups dropped because all their rewards are equal.',
    format: 'percent',
    min: 0,
    series: [
      ...smooth('two or more versions', steps, t.multiVersionShare, 1),
      ...smooth('zero-signal groups', steps, t.zeroSignalShare, 2, { dash: DASHES[1] }),
    ],
  });
  chart('health', {
    title: 'Undecided language, unscored completions',
    hint: 'Texts too short for the language classifier; completions that we could not judge, which should be none.',
    format: 'percent1',
    min: 0,
    series: [
      ...smooth('undecided', steps, t.languageUndecided, 1),
      ...smooth('unscored', steps, t.unscoredShare, 5, { dash: DASHES[1] }),
    ],
  });
  chart('health', {
    title: 'Gradient norm and learning rate',
    hint: 'Norm before clipping (left), learning rate (right).',
    series: [
      ...smooth('gradient norm', steps, t.gradNorm, 1),
      { name: 'learning rate', points: points(steps, t.learningRate), colour: 2, axis: 'right', dash: DASHES[1] },
    ],
  });

  chart('speed', {
    title: 'Tokens per second',
    hint: 'Completion tokens that were trained on, by the seconds of the step.',
    series: smooth('tokens/s', steps, t.tokensPerSecond, 1),
  });
  chart('speed', {
    title: 'Idle share by role',
    hint: 'The role with the smallest idle share limits the run.',
    format: 'percent',
    min: 0,
    max: 1,
    series: [
      ...smooth('generators', steps, t.generatorIdle, 1),
      ...smooth('trainer', steps, t.trainerIdle, 2, { dash: DASHES[1] }),
      ...smooth('verifiers', steps, t.verifierIdle, 3, { dash: DASHES[2] }),
    ],
  });
  chart('speed', {
    title: 'Time of a step',
    hint: 'Seconds for the whole step, and for handing its weights to the generators.',
    series: [
      ...smooth('step', steps, t.seconds, 1),
      ...smooth('weight sync', steps, t.weightSyncSeconds, 2, { dash: DASHES[1] }),
    ],
  });

  function languageTable(parent) {
    const languages = Object.keys({ ...before.byLanguage, ...after.byLanguage }).sort();
    if (!languages.length) return;
    const card = element('article', 'card chart wide');
    card.append(element('h3', '', 'By language'), element('p', 'hint', 'Held-out problems, before and after.'));
    const table = element('table');
    const head = table.createTHead();
    const row = (cells, parentRow) => cells.forEach((c) => parentRow.append(c));
    const th = (text, scope, span) => {
      const c = element('th', span ? 'group' : '', text);
      c.scope = scope;
      if (span) c.colSpan = span;
      return c;
    };
    row([th('', 'col'), th('correct', 'colgroup', 3), th('one language', 'colgroup', 2)], head.insertRow());
    row([th('', 'col'), ...['before', 'after', 'gain', 'before', 'after'].map((x) => th(x, 'col'))], head.insertRow());
    const body = table.createTBody();
    const line = (name, c0, c1, l0, l1) => {
      const gain = has(c0) && has(c1) ? (c1 >= c0 ? '+' : '−') + Math.round(Math.abs(c1 - c0) * 100) : '–';
      row(
        [th(name, 'row'), ...[percent(c0), percent(c1), gain, percent(l0), percent(l1)].map((x) => element('td', '', x))],
        body.insertRow(),
      );
    };
    const of = (e, map, code) => (e[map] || {})[code];
    languages.forEach((c) =>
      line(
        samples.languageName(c),
        of(before, 'byLanguage', c),
        of(after, 'byLanguage', c),
        of(before, 'languageByLanguage', c),
        of(after, 'languageByLanguage', c),
      ),
    );
    line('All', before.correctness, after.correctness, before.languageConsistency, after.languageConsistency);
    card.append(table);
    parent.append(card);
  }

  const audit = Object.entries(data.ledger || {});
  byId('audit').textContent = !audit.length
    ? 'The audit is written when the run ends.'
    : data.ledgerIsExact
      ? 'Every group that a generator was given was trained once, dropped with a reason, or still in flight when the run stopped.'
      : 'The numbers do not add up: some groups have no outcome.';
  audit.forEach(([name, value]) => {
    const box = element('div');
    box.append(element('dt', '', name), element('dd', '', String(value)));
    byId('ledger').append(box);
  });
  const history = data.marks.filter((m) => m.kind !== 'checkpoint');
  const saved = data.marks.filter((m) => m.kind === 'checkpoint').map((m) => m.step);
  byId('history').append(
    ...history.map((m) =>
      element('li', '', `${m.kind} ${m.kind === 'stage' ? 'at' : 'after'} step ${m.step}${m.time ? ', ' + m.time.replace('T', ' ').slice(0, 16) + ' UTC' : ''}${m.text ? ': ' + m.text : ''}`),
    ),
    element('li', '', saved.length ? 'checkpoints of steps ' + saved.join(', ') : 'no checkpoints'),
  );
  byId('config').textContent = data.config;
  Downloads(data, byId('downloads'));
  const groups = Groups(data);

  Theme(() => {
    Charts.drawAll();
    if (groups) groups.render();
  });
})();
