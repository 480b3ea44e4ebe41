// The numbers of a chart as text: one sentence for screen readers, and a table that is made when it is opened.
const Tables = (() => {
  const MOST_ROWS = 200;

  const shown = (spec) => spec.series.filter((s) => !s.quiet && !s.band);

  const inWords = (spec, formats) =>
    shown(spec)
      .map((s) => {
        const values = s.points.map((p) => p.y).filter((v) => v != null);
        const say = formats[s.format || spec.format];
        if (!values.length) return '';
        if (spec.bars) return `${s.name}: ${s.points.map((p, i) => spec.labels[i] + ' ' + say(p.y)).join(', ')}.`;
        return `${s.name}: first ${say(values[0])}, last ${say(values[values.length - 1])}, from ${say(Math.min(...values))} to ${say(Math.max(...values))}.`;
      })
      .join(' ');

  // The measured values instead of the moving mean, where the chart has both.
  const measured = (spec, series) => spec.series.find((s) => s.quiet && s.name === series.name) || series;

  const rowsOf = (spec) => {
    if (spec.bars) return spec.labels.map((label, i) => [label, shown(spec).map((s) => (s.points[i] || {}).y)]);
    const at = new Map();
    shown(spec).forEach((s, column) =>
      measured(spec, s).points.forEach((p) => {
        if (!at.has(p.x)) at.set(p.x, shown(spec).map(() => null));
        at.get(p.x)[column] = p.y;
      }),
    );
    return [...at.entries()].sort((a, b) => a[0] - b[0]);
  };

  const spread = (rows) =>
    rows.length <= MOST_ROWS
      ? rows
      : Array.from({ length: MOST_ROWS }, (x, i) => rows[Math.floor(((i + 1) * rows.length) / MOST_ROWS) - 1]);

  const digits = (v) => (v == null ? '–' : String(Number(Number(v).toPrecision(4))));

  const table = (spec, element) => {
    const table = element('table');
    const head = table.createTHead().insertRow();
    [spec.bars ? '' : spec.xName || 'step', ...shown(spec).map((s) => s.name)].forEach((name) => {
      const cell = element('th', '', name);
      cell.scope = 'col';
      head.append(cell);
    });
    const body = table.createTBody();
    const all = rowsOf(spec);
    for (const [x, values] of spread(all)) {
      const row = body.insertRow();
      const first = element('th', '', typeof x === 'number' ? digits(x) : x);
      first.scope = 'row';
      row.append(first, ...values.map((v) => element('td', '', digits(v))));
    }
    const caption = table.createCaption();
    caption.textContent = spec.title + (all.length > MOST_ROWS ? `, ${MOST_ROWS} of ${all.length} rows` : '');
    return table;
  };

  const behind = (spec, formats, element) => {
    const box = element('details', 'numbers');
    box.append(element('summary', '', 'Numbers'));
    box.addEventListener('toggle', () => {
      if (box.open && !box.querySelector('table')) {
        const frame = element('div', 'scroll');
        frame.tabIndex = 0;
        frame.append(table(spec, element));
        box.append(frame);
      }
    });
    return box;
  };

  return { inWords, behind };
})();
