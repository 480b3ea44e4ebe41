// Markdown within a line, and formulas. Each rule looks at the text from one position and returns [nodes, next position],
// or null where it does not apply; what no rule takes is text. A mark that found no end is hopeless: none that follows it
// can find one, and looking again each time would take the square of the length.
const Inline = (() => {
  const MARKS = [
    ['***', 'strong', 'em'],
    ['___', 'strong', 'em'],
    ['**', 'strong'],
    ['__', 'strong'],
    ['~~', 'del'],
    ['*', 'em'],
    ['_', 'em'],
  ];
  const FORMULA = { throwOnError: false, strict: 'ignore', trust: false, maxExpand: 500, maxSize: 50, errorColor: 'inherit' };
  const DEEPEST = 12;
  const isWord = (c) => c !== undefined && /[\p{L}\p{N}]/u.test(c);
  const isBlank = (c) => c === undefined || /\s/.test(c);

  const formula = (source, display) => {
    const made = node('span');
    try {
      katex.render(source, made, { ...FORMULA, displayMode: display });
    } catch (e) {
      made.textContent = source;
    }
    return display ? node('div', { class: 'wide' }, made) : made;
  };

  // $a$ as Pandoc reads it: no blank inside the dollars, no digit behind them, so that prices stay prices.
  const math = (text, at, depth, hopeless) => {
    for (const [open, close, display] of [['$$', '$$', true], ['\\[', '\\]', true], ['\\(', '\\)', false]]) {
      if (!text.startsWith(open, at)) continue;
      const end = hopeless.has(open) ? -1 : text.indexOf(close, at + open.length);
      if (end < 0) hopeless.add(open);
      if (end < 0 || !text.slice(at + open.length, end).trim()) return null;
      return [[formula(text.slice(at + open.length, end), display)], end + close.length];
    }
    if (text[at] !== '$' || isBlank(text[at + 1])) return null;
    for (let end = at + 2; end < text.length && text[end] !== '\n'; end++) {
      if (text[end] !== '$' || text[end - 1] === '\\') continue;
      if (isBlank(text[end - 1]) || /\d/.test(text[end + 1] || '')) return null;
      return [[formula(text.slice(at + 1, end), false)], end + 1];
    }
    return null;
  };

  // A result outside dollars, as models write it that were trained to box their answers.
  const boxed = (text, at) => {
    if (!text.startsWith('\\boxed{', at)) return null;
    for (let end = at + 6, depth = 0; end < text.length && end < at + 2000; end++) {
      if (text[end] === '\\') end++;
      else if (text[end] === '{') depth++;
      else if (text[end] === '}' && --depth === 0) return [[formula(text.slice(at, end + 1), false)], end + 1];
    }
    return null;
  };

  const code = (text, at) => {
    const ticks = /^`+/.exec(text.slice(at, at + 20))?.[0];
    if (!ticks) return null;
    let end = text.indexOf(ticks, at + ticks.length);
    while (end >= 0 && text[end + ticks.length] === '`') {
      while (text[end] === '`') end++;
      end = text.indexOf(ticks, end);
    }
    if (end < 0) return [[ticks], at + ticks.length];
    return [[node('code', {}, text.slice(at + ticks.length, end).replace(/^ (.*) $/s, '$1'))], end + ticks.length];
  };

  // Pictures are shown as links: the page loads nothing.
  const link = (text, at, depth) => {
    const found = /^!?\[([^\[\]\n]{0,500})\]\(\s*([^\s()<>]{1,2000})(?:\s+"[^"\n]{0,300}")?\s*\)/.exec(text.slice(at, at + 3000));
    if (!found || !/^(https?:\/\/|mailto:)/i.test(found[2])) return null;
    const made = node('a', { href: found[2], target: '_blank', rel: 'noopener noreferrer' }, ...nodes(found[1] || found[2], depth + 1));
    return [[made], at + found[0].length];
  };

  const emphasis = (text, at, depth, hopeless) => {
    for (const [mark, ...names] of MARKS) {
      if (!text.startsWith(mark, at) || hopeless.has(mark)) continue;
      if (isBlank(text[at + mark.length]) || (mark[0] === '_' && isWord(text[at - 1]))) return null;
      const single = mark.length === 1;
      const refuses = (end) =>
        isBlank(text[end - 1]) ||
        (single && text[end + 1] === mark && text[end - 1] !== mark) ||
        (mark[0] === '_' && isWord(text[end + mark.length]));
      let end = text.indexOf(mark, at + mark.length + 1);
      while (end >= 0 && refuses(end)) end = text.indexOf(mark, end + (text[end + 1] === mark ? 2 : 1));
      if (end < 0) {
        hopeless.add(mark);
        continue;
      }
      let made = nodes(text.slice(at + mark.length, end), depth + 1);
      for (const name of names.reverse()) made = [node(name, {}, ...made)];
      return [made, end + mark.length];
    }
    return null;
  };

  const escape = (text, at) => (/[!-\/:-@\[-`{-~]/.test(text[at + 1] || '') ? [[text[at + 1]], at + 2] : null);
  const lineBreak = (text, at) => [[text.slice(Math.max(0, at - 2), at) === '  ' ? node('br') : '\n'], at + 1];
  const RULES = {
    $: [math],
    '\\': [math, boxed, escape],
    '`': [code],
    '[': [link],
    '!': [link],
    '*': [emphasis],
    _: [emphasis],
    '~': [emphasis],
    '\n': [lineBreak],
  };

  const nodes = (text, depth = 0) => {
    if (depth > DEEPEST) return [text];
    const made = [];
    const hopeless = new Set();
    let plain = '';
    for (let at = 0; at < text.length; ) {
      let found = null;
      for (const rule of RULES[text[at]] || []) found = found || rule(text, at, depth, hopeless);
      if (!found) {
        plain += text[at++];
        continue;
      }
      if (plain) made.push(plain);
      plain = '';
      made.push(...found[0]);
      at = found[1];
    }
    if (plain) made.push(plain);
    return made;
  };

  return { nodes };
})();
