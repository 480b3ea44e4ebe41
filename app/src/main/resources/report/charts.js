'use strict';
// Charts of the page. A series is {name, points: [{x, y}], colour: 1..8, dash, thin, dots, axis}; a band is {band: true, low, high}
// with two lists of points. Colours come from the style sheet, so that light and dark are set in one place.
const Charts = (() => {
  const drawn = [];
  const DASHES = [[], [7, 3], [2, 3], [9, 3, 2, 3], [4, 2], [12, 4], [1, 2]];
  const css = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const percent = (v) => (v == null ? '–' : Math.round(v * 100) + ' %');
  const percent1 = (v) => (v == null ? '–' : Number((v * 100).toFixed(v < 0.1 ? 2 : 1)) + ' %');
  const fixed2 = (v) => (v == null ? '–' : String(Number(v.toFixed(2)) + 0));
  const number = (v) => {
    if (v == null) return '–';
    const size = Math.abs(v);
    if (size >= 10000) return Math.round(v / 1000) + 'k';
    if (size >= 1000) return Number((v / 1000).toFixed(1)) + 'k';
    if (size >= 100) return String(Math.round(v));
    if (size >= 10) return String(Number(v.toFixed(1)));
    if (size >= 0.01 || v === 0) return String(Number(v.toFixed(3)));
    return power(v);
  };
  const SUPERSCRIPT = '⁰¹²³⁴⁵⁶⁷⁸⁹';
  const power = (v) => {
    const [digits, exponent] = v.toExponential(1).split('e');
    const raised = exponent
      .replace('+', '')
      .replace('-', '⁻')
      .replace(/\d/g, (d) => SUPERSCRIPT[d]);
    return (digits === '1.0' ? '' : digits.replace('.0', '') + '·') + '10' + raised;
  };
  const FORMATS = { percent, percent1, fixed2, number, power };

  const points = (xs, ys) => (xs && ys ? xs.map((x, i) => ({ x, y: ys[i] })).filter((p) => p.y != null) : []);

  // Mean of the last few points; the window is a twentieth of the run.
  const movingMean = (ps) => {
    const window = Math.max(3, Math.round(ps.length / 20));
    let sum = 0;
    return ps.map((p, i) => {
      sum += p.y - (i >= window ? ps[i - window].y : 0);
      return { x: p.x, y: sum / Math.min(i + 1, window) };
    });
  };

  const element = (tag, className, text) => {
    const e = document.createElement(tag);
    if (className) e.className = className;
    if (text != null) e.textContent = text;
    return e;
  };

  const swatch = (series, bars) => {
    const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
    svg.setAttribute('width', bars ? '11' : '22');
    svg.setAttribute('height', '11');
    svg.setAttribute('aria-hidden', 'true');
    const mark = document.createElementNS('http://www.w3.org/2000/svg', bars ? 'rect' : 'line');
    const set = (values) => Object.entries(values).forEach(([k, v]) => mark.setAttribute(k, v));
    const colour = `var(--s${series.colour})`;
    if (bars) {
      set({ width: 11, height: 11, rx: 2 });
      mark.style.fill = series.ink ? 'var(--ink)' : colour;
    } else {
      set({ x1: 0, x2: 22, y1: 6, y2: 6, 'stroke-width': 2.5, 'stroke-dasharray': (series.dash || []).join(' ') });
      mark.style.stroke = series.ink ? 'var(--ink)' : colour;
    }
    svg.append(mark);
    return svg;
  };

  const legend = (spec) => {
    const list = element('ul', 'legend');
    for (const series of spec.series.filter((s) => !s.quiet)) {
      const item = element('li');
      item.append(swatch(series, spec.bars || spec.stacked || series.band || series.dots), element('span', '', series.name));
      const last = series.points[series.points.length - 1];
      if (!spec.bars && !series.band && !series.dots && !series.plain && last) item.append(element('b', '', FORMATS[series.format || spec.format](last.y)));
      list.append(item);
    }
    return list;
  };

  const strokeOf = (series) => css(series.ink ? '--ink' : '--s' + series.colour);

  const bandEdge = (series, spec, list, fill) => ({
    label: series.name,
    data: list,
    borderWidth: 0,
    pointRadius: 0,
    pointHitRadius: 0,
    backgroundColor: strokeOf(series) + '2b',
    yAxisID: series.axis || 'y',
    fill,
    order: 3,
  });

  // A band is two data sets, the upper one filled down to the lower one before it.
  const datasets = (spec) =>
    spec.series.flatMap((s, i) =>
      s.band ? [bandEdge(s, spec, s.low, false), bandEdge(s, spec, s.high, '-1')] : [dataset(s, spec, i)],
    );

  const dataset = (series, spec, index) => {
    const stroke = strokeOf(series);
    if (spec.stacked)
      return {
        label: series.name,
        data: series.points,
        borderColor: stroke,
        borderWidth: 1,
        backgroundColor: stroke + 'a0',
        pointRadius: 0,
        pointHitRadius: 8,
        fill: index === 0 ? 'origin' : '-1',
        order: 1,
      };
    if (spec.bars)
      return {
        label: series.name,
        data: series.points.map((p) => p.y),
        backgroundColor: stroke,
        borderRadius: 3,
        categoryPercentage: 0.78,
        barPercentage: 0.92,
      };
    return {
      label: series.name,
      data: series.points,
      borderColor: series.quiet ? stroke + '48' : stroke,
      backgroundColor: stroke,
      borderWidth: series.quiet || series.thin ? 1 : series.ink ? 2.6 : 2,
      borderDash: series.dash || [],
      yAxisID: series.axis || 'y',
      showLine: !series.dots,
      pointRadius: series.dots ? 4 : series.marks ? 3 : 0,
      pointHitRadius: 8,
      pointHoverRadius: 4,
      clip: series.marks ? 6 : 0,
      tension: 0,
      order: series.quiet ? 2 : 1,
    };
  };

  // The axis of a share ends at 100 %.
  const most = (spec, format, side) => {
    if (!format.startsWith('percent')) return undefined;
    const values = spec.series
      .filter((s) => (s.axis === 'right') === (side === 'right'))
      .flatMap((s) => s.points.map((p) => p.y));
    const largest = Math.max(0, ...values);
    if (largest > 0.75) return 1;
    return largest === 0 ? 0.1 : undefined;
  };

  const axis = (spec, format, side, colour) => {
    const log = spec.log && side === 'left';
    return {
      type: log ? 'logarithmic' : 'linear',
      position: side,
      min: side === 'left' ? spec.min : 0,
      max: side === 'left' && spec.max != null ? spec.max : most(spec, format, side),
      stacked: Boolean(spec.stacked),
      beginAtZero: !log && side === 'left' && !spec.free,
      grace: spec.max == null && !log ? '6%' : 0,
      border: { display: false },
      grid: { color: css('--grid'), drawOnChartArea: side === 'left', tickLength: 0 },
      afterBuildTicks: (a) => {
        if (log) a.ticks = a.ticks.filter((t) => Number.isInteger(Math.round(Math.log10(t.value) * 1e6) / 1e6));
      },
      ticks: { color: colour || css('--muted'), maxTicksLimit: log || spec.tick ? 9 : 6,
        stepSize: side === 'left' ? spec.tick : undefined, padding: 6, callback: (v) => FORMATS[format](v) },
    };
  };

  const scales = (spec) => {
    const x = spec.bars
      ? { labels: spec.labels, grid: { display: false }, border: { color: css('--line') }, ticks: { color: css('--muted') } }
      : {
          type: spec.xLog ? 'logarithmic' : 'linear',
          min: spec.xFrom || 0,
          max: spec.lastStep,
          afterBuildTicks: (a) => {
            if (spec.xTicks) a.ticks = spec.xTicks.map((value) => ({ value }));
          },
          grid: { display: false },
          border: { color: css('--line') },
          ticks: {
            color: css('--muted'),
            maxTicksLimit: 7,
            maxRotation: 0,
            includeBounds: false,
            callback: spec.xFormat || ((v) => (v === 0 ? 'step 0' : v)),
          },
        };
    const all = { x, y: axis(spec, spec.format, 'left') };
    const right = spec.series.find((s) => s.axis === 'right');
    if (right) all.right = axis(spec, right.format || spec.format, 'right', strokeOf(right));
    return all;
  };

  // The value above each bar, where the widest one has room above its own bar.
  const barValues = {
    id: 'barValues',
    afterDatasetsDraw(chart) {
      const bars = chart.getDatasetMeta(0).data;
      if (chart.config.type !== 'bar' || !bars.length) return;
      const { ctx } = chart;
      ctx.save();
      ctx.font = '11px ' + Chart.defaults.font.family;
      if (ctx.measureText('100').width + 3 > bars[0].width) {
        ctx.restore();
        return;
      }
      ctx.fillStyle = css('--muted');
      ctx.textAlign = 'center';
      chart.data.datasets.forEach((d, i) =>
        chart.getDatasetMeta(i).data.forEach((bar, j) => {
          if (d.data[j] != null) ctx.fillText(Math.round(d.data[j] * 100), bar.x, bar.y - 4);
        }),
      );
      ctx.restore();
    },
  };

  // Resume, restart, stage or failure of the run: a line with a word; checkpoint: a tick on the axis.
  const marks = {
    id: 'marks',
    afterDatasetsDraw(chart) {
      const list = chart.options.plugins.marks.list || [];
      let taken = -Infinity;
      const { ctx, chartArea: area } = chart;
      ctx.save();
      ctx.font = '10px ' + Chart.defaults.font.family;
      for (const mark of list) {
        const x = chart.scales.x.getPixelForValue(mark.step);
        if (!(x >= area.left - 1 && x <= area.right + 1)) continue;
        const checkpoint = mark.kind === 'checkpoint';
        const colour = css(mark.kind === 'failure' ? '--bad' : checkpoint ? '--muted' : '--s4');
        ctx.strokeStyle = colour;
        ctx.fillStyle = colour;
        ctx.setLineDash(checkpoint ? [] : [2, 3]);
        ctx.beginPath();
        ctx.moveTo(x, checkpoint ? area.bottom - 5 : area.top);
        ctx.lineTo(x, area.bottom);
        ctx.stroke();
        if (checkpoint) continue;
        const width = ctx.measureText(mark.kind).width;
        const left = Math.min(x - 3, area.right - width);
        if (left < taken) continue; // no room for the word, which the history has
        ctx.fillText(mark.kind, left, area.top - 2);
        taken = left + width + 4;
      }
      ctx.restore();
    },
  };

  const draw = (entry) => {
    const { spec, canvas } = entry;
    entry.chart = new Chart(canvas, {
      type: spec.bars ? 'bar' : 'line',
      data: { labels: spec.labels, datasets: datasets(spec) },
      plugins: spec.bars ? [barValues] : [marks],
      options: {
        animation: false,
        responsive: true,
        maintainAspectRatio: false,
        normalized: true,
        interaction: { mode: spec.bars ? 'index' : 'nearest', axis: 'x', intersect: false },
        layout: { padding: { top: spec.bars ? 12 : (spec.marks || []).length ? 11 : 4, right: 4 } },
        scales: scales(spec),
        plugins: {
          legend: { display: false },
          marks: { list: spec.marks },
          tooltip: {
            backgroundColor: css('--ink'),
            titleColor: css('--paper'),
            bodyColor: css('--paper'),
            padding: 9,
            boxPadding: 4,
            filter: (item) => !seriesOf(spec, item).quiet && !seriesOf(spec, item).band,
            callbacks: {
              title: (items) => (items.length ? (spec.bars ? items[0].label : (spec.xTitle || ((x) => 'step ' + x))(items[0].parsed.x)) : ''),
              label: (item) =>
                item.dataset.label + '  ' + FORMATS[seriesOf(spec, item).format || spec.format](item.raw.y ?? item.parsed.y),
            },
          },
        },
      },
    });
  };

  const seriesOf = (spec, item) => spec.series.flatMap((s) => (s.band ? [s, s] : [s]))[item.datasetIndex];

  const add = (parent, spec) => {
    const card = element('article', 'card chart' + (spec.wide ? ' wide' : '') + (spec.small ? ' small' : ''));
    card.append(element('h3', '', spec.title), element('p', 'hint', spec.hint));
    const plot = element('div', 'plot');
    card.append(plot);
    parent.append(card);
    spec.series.filter((s) => s.band).forEach((s) => (s.points = s.low.concat(s.high)));
    spec.series = spec.series.filter((s) => s.points.length);
    if (!spec.series.length) {
      plot.classList.add('bare');
      plot.append(element('p', 'empty', 'nothing measured yet'));
      return;
    }
    const canvas = element('canvas');
    canvas.setAttribute('role', 'img');
    canvas.setAttribute('aria-label', spec.title + '. ' + spec.hint + ' ' + Tables.inWords(spec, FORMATS));
    plot.append(canvas);
    card.append(legend(spec), Tables.behind(spec, FORMATS, element));
    drawn.push({ spec, canvas });
  };

  // Removes the charts of a parent, before it is drawn with another x axis.
  const clear = (parent) => {
    parent.replaceChildren();
    for (let i = drawn.length - 1; i >= 0; i--) {
      if (drawn[i].canvas.isConnected) continue;
      if (drawn[i].chart) drawn[i].chart.destroy();
      drawn.splice(i, 1);
    }
  };

  const drawAll = () => {
    Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
    Chart.defaults.font.size = 12;
    for (const entry of drawn) {
      if (entry.chart) entry.chart.destroy();
      draw(entry);
    }
  };

  // A line with its raw values behind its moving mean.
  const smooth = (name, xs, ys, colour, more) => {
    const raw = points(xs, ys);
    return [
      { name, points: raw, colour, quiet: true, ...more, dash: [] },
      { name, points: movingMean(raw), colour, ...more },
    ];
  };

  return { add, clear, drawAll, points, smooth, element, percent, number, power, DASHES };
})();
