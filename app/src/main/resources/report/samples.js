// The list of samples. The model's text reaches the page through textContent only: nothing in it can become markup.
const Samples = (data) => {
  const { element } = Charts;
  const PAGE = 20;
  const names = (() => {
    try {
      return new Intl.DisplayNames(['en'], { type: 'language' });
    } catch (e) {
      return null;
    }
  })();
  const languageName = (code) => {
    try {
      return (names && names.of(code)) || code;
    } catch (e) {
      return code;
    }
  };
  const state = {
    view: data.pairs.length ? 'pairs' : 'train',
    language: '',
    level: '',
    verdict: '',
    outcome: '',
    step: '',
    search: '',
    shown: PAGE,
  };
  const form = document.getElementById('filters');
  const list = document.getElementById('list');

  const correct = (s) => s.verdict === 'CORRECT';
  const outcomeOf = (p) =>
    correct(p.after) ? (correct(p.before) ? 'solved before and after' : 'learned') : correct(p.before) ? 'lost' : 'still wrong';
  const items = () =>
    state.view === 'pairs'
      ? data.pairs.map((p) => ({ pair: p, sides: [p.before, p.after] }))
      : data.samples.map((s) => ({ sides: [s] }));

  const fits = (item) => {
    const first = item.sides[0];
    if (state.language && first.language !== state.language) return false;
    if (state.level !== '' && String(first.level) !== state.level) return false;
    if (state.verdict && !item.sides.some((s) => s.verdict === state.verdict)) return false;
    if (state.view === 'pairs' && state.outcome && outcomeOf(item.pair) !== state.outcome) return false;
    if (state.view === 'train' && state.step !== '' && String(first.step) !== state.step) return false;
    if (!state.search) return true;
    const wanted = state.search.toLowerCase();
    return item.sides.some((s) =>
      [s.problemId, s.statement, s.completion, s.reason, s.answer].some((t) =>
        String(t || '')
          .toLowerCase()
          .includes(wanted),
      ),
    );
  };

  // Thoughts are shown in a lighter colour than the answer; the tags stay visible, since the format gate checks them.
  const completion = (text) => {
    const box = element('div', 'text');
    box.tabIndex = 0;
    const [open, close] = text.startsWith('[THINK]') ? ['[THINK]', '[/THINK]'] : ['<think>', '</think>'];
    const end = text.indexOf(close);
    const cut = end < 0 ? (text.startsWith(open) ? text.length : 0) : end + close.length;
    box.append(element('span', 'thought', text.slice(0, cut)), document.createTextNode(text.slice(cut)));
    return box;
  };

  const part = (v) => (v == null ? '–' : String(Number(v.toFixed(3))));
  // The rule that decided; how many of the sampled tests passed, and which: "tests 3 of 8 passed · draw 9f3c · tests 0, 4, 2 ...".
  const evidence = (e) => {
    if (!e || !e.rule) return '';
    const tests = e.tests || [];
    if (!tests.length) return 'decided by ' + e.rule;
    return `decided by ${e.rule} · ${e.passed} of ${tests.length} passed · draw ${e.seed} · tests ${tests.join(', ')}`;
  };
  const side = (sample, title) => {
    const box = element('div', 'side');
    const head = element('header');
    const kind = correct(sample) ? ' correct' : sample.verdict === 'UNSCORED' ? ' unscored' : '';
    head.append(
      element('strong', '', title),
      element('span', 'pill' + kind, String(sample.verdict).replaceAll('_', ' ').toLowerCase()),
      element('span', 'worth', 'reward ' + part(sample.reward)),
    );
    const versions =
      sample.oldestVersion === sample.newestVersion
        ? 'policy version ' + sample.newestVersion
        : 'policy versions ' + sample.oldestVersion + '–' + sample.newestVersion;
    box.append(
      head,
      completion(String(sample.completion || '')),
      element('p', 'why', sample.reason),
      element('p', 'parts', evidence(sample.evidence)),
      element(
        'p',
        'parts',
        `format ${part(sample.rewardFormat)} · correctness ${part(sample.rewardCorrectness)} · language ${part(sample.rewardLanguage)} · length ${part(sample.rewardLength)}` +
          Object.entries(sample.rewardExtra || {}).map(([name, v]) => ` · ${name} ${part(v)}`).join(''),
      ),
      element(
        'p',
        'parts',
        `${sample.length} tokens${sample.finished === false ? ', cut' : ''} · ${versions}` +
          ((sample.languages || []).length ? ' · languages ' + sample.languages.join(', ') : ''),
      ),
    );
    return box;
  };

  const card = (item) => {
    const first = item.sides[0];
    const box = element('article', 'card sample');
    const tags = element('div', 'tags');
    const labels = [
      languageName(first.language),
      first.level ? 'level ' + first.level : null,
      first.kind,
      item.pair ? outcomeOf(item.pair) : 'step ' + first.step,
      first.problemId,
    ];
    labels.filter(Boolean).forEach((t) => tags.append(element('span', '', t)));
    const sides = element('div', 'sides' + (item.pair ? '' : ' single'));
    if (item.pair) sides.append(side(item.pair.before, 'Before'), side(item.pair.after, 'After'));
    else sides.append(side(first, 'Sampled'));
    const statement = element('p', 'statement', first.statement);
    statement.lang = first.language || '';
    box.append(tags, statement);
    if (first.answer != null) box.append(element('p', 'answer', 'Answer: ' + first.answer));
    box.append(sides);
    return box;
  };

  const render = () => {
    const found = items().filter(fits);
    list.replaceChildren(...found.slice(0, state.shown).map(card));
    const total = items().length;
    const what = state.view === 'pairs' ? 'held-out problems' : 'training samples';
    document.getElementById('count').textContent =
      `${found.length} of ${total} ${what}` +
      (data.samplesLeftOut > 0 ? `; ${data.samplesLeftOut} more samples are in the run folder` : '');
    document.getElementById('more').hidden = found.length <= state.shown;
  };

  const select = (key, label, values, text) => {
    const box = element('select');
    box.setAttribute('aria-label', label);
    box.append(new Option(label, ''));
    values.forEach((v) => box.append(new Option(text ? text(v) : v, v)));
    box.value = state[key];
    box.addEventListener('change', () => {
      state[key] = box.value;
      state.shown = PAGE;
      render();
    });
    return box;
  };

  const distinct = (name) =>
    [...new Set(items().flatMap((i) => i.sides.map((s) => s[name])))]
      .filter((v) => v != null && v !== '')
      .sort((a, b) => (typeof a === 'number' ? a - b : String(a).localeCompare(String(b))));

  const buildFilters = () => {
    const views = element('div', 'views');
    [
      ['pairs', 'Before and after'],
      ['train', 'During training'],
    ].forEach(([key, label]) => {
      const button = element('button', '', label);
      button.type = 'button';
      button.setAttribute('aria-pressed', String(state.view === key));
      button.addEventListener('click', () => {
        Object.assign(state, { view: key, language: '', level: '', verdict: '', outcome: '', step: '', shown: PAGE });
        buildFilters();
        render();
      });
      views.append(button);
    });
    const search = element('input');
    search.type = 'search';
    search.placeholder = 'Search';
    search.value = state.search;
    search.setAttribute('aria-label', 'Search in problems and completions');
    search.addEventListener('input', () => {
      state.search = search.value;
      state.shown = PAGE;
      render();
    });
    const special =
      state.view === 'pairs'
        ? select('outcome', 'Any outcome', ['learned', 'still wrong', 'lost', 'solved before and after'])
        : select('step', 'Any step', distinct('step'), (v) => 'step ' + v);
    form.replaceChildren(
      views,
      special,
      select('language', 'Any language', distinct('language'), languageName),
      select('level', 'Any level', distinct('level'), (v) => 'level ' + v),
      select('verdict', 'Any verdict', distinct('verdict'), (v) => v.replaceAll('_', ' ').toLowerCase()),
      search,
    );
  };

  form.addEventListener('submit', (e) => e.preventDefault());
  document.getElementById('more').addEventListener('click', () => {
    state.shown += PAGE;
    render();
  });
  buildFilters();
  render();
  return { languageName };
};
