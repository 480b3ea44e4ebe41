// The page's own numbers as files; nothing is asked of a server.
const Downloads = (data, parent) => {
  const { element } = Charts;
  const flat = (row, prefix, into) => {
    for (const [name, value] of Object.entries(row)) {
      if (value != null && typeof value === 'object' && !Array.isArray(value)) flat(value, prefix + name + '/', into);
      else into[prefix + name] = value;
    }
    return into;
  };
  const cell = (v) => {
    const text = v == null ? '' : String(v);
    return /[",\r\n]/.test(text) ? '"' + text.replaceAll('"', '""') + '"' : text;
  };
  const csv = (rows) => {
    const names = [...new Set(rows.flatMap((r) => Object.keys(r)))];
    return [names, ...rows.map((r) => names.map((n) => r[n]))].map((r) => r.map(cell).join(',')).join('\r\n') + '\r\n';
  };
  const steps = () => (data.train.step || []).map((s, i) => Object.fromEntries(Object.entries(data.train).map(([n, c]) => [n, c[i]])));
  const evaluations = () => data.eval.map((e) => flat(e, '', {}));
  const everything = () => JSON.stringify({ about: data.about, train: data.train, eval: data.eval, marks: data.marks, config: data.config });

  const save = (name, type, content) => {
    const link = element('a');
    link.href = URL.createObjectURL(new Blob([content], { type }));
    link.download = data.title + '-' + name;
    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  };
  const button = (label, name, type, make) => {
    const box = element('button', '', label);
    box.type = 'button';
    box.addEventListener('click', () => save(name, type, make()));
    parent.append(box);
  };
  button('Steps (CSV)', 'steps.csv', 'text/csv', () => csv(steps()));
  button('Evaluations (CSV)', 'evaluations.csv', 'text/csv', () => csv(evaluations()));
  button('All numbers (JSON)', 'numbers.json', 'application/json', everything);
  if (data.thinned) parent.append(element('span', 'hint', 'Every ' + data.thinned + 'th step; metrics.jsonl has all of them.'));
};
