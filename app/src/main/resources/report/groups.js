// Whole groups: every completion of a prompt with its advantage, and its tokens coloured by how likely they were when they
// were sampled, or by the policy version that chose them. The model's text reaches the page as text nodes only.
const Groups = (data) => {
  const { element } = Charts;
  const groups = data.groups || [];
  const section = document.getElementById('groups');
  if (!groups.length) {
    section.hidden = true;
    return;
  }
  const state = { group: groups.length - 1, colour: 'logprob' };
  const controls = document.getElementById('group-controls');
  const view = document.getElementById('group-view');
  const signed = (v) => (v >= 0 ? '+' : '−') + Math.abs(v).toFixed(2);
  const visible = (piece) => piece.replace(/\n/g, '⏎\n') || '·';

  // From 0 (certain) to 6 nats (1 in 400): the less likely, the stronger.
  const paint = (span, logprob, version, newest, oldest) => {
    const css = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
    if (state.colour === 'logprob') {
      const strength = Math.min(1, -logprob / 6);
      if (strength > 0.02) span.style.backgroundColor = css('--s2') + hex(0.08 + 0.62 * strength);
    } else if (newest > oldest) {
      span.style.backgroundColor = css('--s4') + hex((0.6 * (version - oldest)) / (newest - oldest));
    }
  };
  const hex = (alpha) =>
    Math.round(alpha * 255)
      .toString(16)
      .padStart(2, '0');

  const tokens = (completion) => {
    const box = element('div', 'text tokens');
    box.tabIndex = 0;
    const starts = completion.versions;
    const newest = Math.max(...starts.map((s) => s[1]));
    const oldest = Math.min(...starts.map((s) => s[1]));
    let stretch = 0;
    completion.pieces.forEach((piece, t) => {
      if (stretch + 1 < starts.length && starts[stretch + 1][0] <= t) {
        stretch++;
        const swap = element('span', 'swap', '|');
        swap.title = 'from here on policy version ' + starts[stretch][1];
        swap.setAttribute('aria-hidden', 'true');
        box.append(swap);
      }
      const span = element('span', '', visible(piece));
      span.title = `log-probability ${completion.logprobs[t]} · policy version ${starts[stretch][1]}`;
      paint(span, completion.logprobs[t], starts[stretch][1], newest, oldest);
      box.append(span);
    });
    if (completion.length > completion.pieces.length)
      box.append(element('span', 'thought', ` … ${completion.length - completion.pieces.length} more tokens`));
    return box;
  };

  const leastLikely = (completion) =>
    completion.pieces
      .map((piece, t) => ({ piece, p: completion.logprobs[t] }))
      .sort((a, b) => a.p - b.p)
      .slice(0, 5)
      .filter((x) => x.p < -1)
      .map((x) => `“${x.piece.trim() || 'space'}” ${x.p.toFixed(1)}`)
      .join(', ');

  const bar = (advantage, largest) => {
    const box = element('span', 'advantage');
    const fill = element('span', advantage >= 0 ? 'up' : 'down');
    fill.style.width = (largest ? (50 * Math.abs(advantage)) / largest : 0) + '%';
    box.append(fill);
    box.setAttribute('aria-hidden', 'true');
    return box;
  };

  const completionRow = (completion, largest, open) => {
    const row = element('details', 'completion');
    const summary = element('summary');
    const versions = completion.versions.map((s) => s[1]);
    const span = versions.length > 1 ? `versions ${versions[0]}–${versions[versions.length - 1]}` : 'version ' + versions[0];
    const good = completion.verdict === 'CORRECT' ? ' correct' : '';
    summary.append(
      bar(completion.advantage, largest),
      element('b', '', signed(completion.advantage)),
      element('span', 'pill' + good, String(completion.verdict).replaceAll('_', ' ').toLowerCase()),
      element('span', 'parts', `reward ${completion.reward.toFixed(2)} · ${completion.length} tokens · ${versions.length ? span : ''}`),
    );
    row.append(summary);
    const fill = () => {
      if (row.querySelector('.tokens')) return;
      row.append(tokens(completion), element('p', 'why', completion.reason));
      const rare = leastLikely(completion);
      if (rare) row.append(element('p', 'parts', 'Least likely tokens: ' + rare));
    };
    row.addEventListener('toggle', () => row.open && fill());
    if (open) {
      row.open = true;
      fill();
    }
    return row;
  };

  const render = () => {
    const group = groups[state.group];
    const sorted = [...group.completions].sort((a, b) => b.advantage - a.advantage);
    const largest = Math.max(...sorted.map((c) => Math.abs(c.advantage)));
    const statement = element('p', 'statement', group.statement);
    statement.lang = group.language || '';
    view.replaceChildren(statement);
    if (group.answer != null) view.append(element('p', 'answer', 'Answer: ' + group.answer));
    view.append(
      element(
        'p',
        'hint',
        `Group ${group.group}, ${group.size} completions` +
          (group.size > sorted.length ? ` (${sorted.length} kept)` : '') +
          '. Advantage = reward minus the mean of the group, before normalisation.',
      ),
    );
    sorted.forEach((c, i) => view.append(completionRow(c, largest, i === 0 || i === sorted.length - 1)));
  };

  const choose = (label, options, value, then) => {
    const box = element('select');
    box.setAttribute('aria-label', label);
    options.forEach(([key, text]) => box.append(new Option(text, key)));
    box.value = value;
    box.addEventListener('change', () => {
      then(box.value);
      render();
    });
    return box;
  };
  controls.append(
    choose(
      'Group',
      groups.map((g, i) => [i, `step ${g.step} · ${g.problemId}`]),
      state.group,
      (v) => (state.group = Number(v)),
    ),
    choose(
      'Colour',
      [
        ['logprob', 'colour: surprise (log-probability)'],
        ['version', 'colour: policy version'],
      ],
      state.colour,
      (v) => (state.colour = v),
    ),
  );
  render();
  return { render };
};
