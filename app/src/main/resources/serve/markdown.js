// Markdown in blocks. A text that grows keeps the blocks that did not change, so that a long answer costs no more to show
// than its last paragraph.
const Markdown = (() => {
  const FENCE = /^ {0,3}(`{3,}|~{3,})\s*([\w+#.-]*)[^`]*$/;
  const HEADING = /^ {0,3}(#{1,6})\s+(.*?)\s*#*\s*$/;
  const RULE = /^ {0,3}([-*_])\s*(?:\1\s*){2,}$/;
  const ITEM = /^( *)([-*+]|\d{1,9}[.)])(\s+)(.*)$/;
  const TABLE = /^\s*\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?\s*$/;
  const DEEPEST = 8;
  const indent = (line) => /^ */.exec(line)[0].length;

  const closes = (line, mark) => line.trim().startsWith(mark) && !line.trim().replaceAll(mark[0], '');

  // Where a block that begins at line i ends, by its first line.
  const fenceEnd = (lines, i) => {
    const [, mark] = FENCE.exec(lines[i]);
    let end = i + 1;
    while (end < lines.length && !closes(lines[end], mark)) end++;
    return Math.min(lines.length, end + 1);
  };
  const mathEnd = (lines, i) => {
    const open = lines[i].trim();
    const close = open.startsWith('$$') ? '$$' : '\\]';
    if (open.indexOf(close, 2) >= 0) return i + 1;
    let end = i + 1;
    while (end < lines.length && !lines[end].includes(close)) end++;
    return Math.min(lines.length, end + 1);
  };
  const listEnd = (lines, i) => {
    const inside = indent(lines[i]) + 2;
    let end = i + 1;
    while (end < lines.length) {
      const after = lines.findIndex((line, n) => n >= end && line.trim());
      if (after < 0) break;
      const belongs = indent(lines[after]) >= inside || ITEM.test(lines[after]) || (after === end && !starts(lines[after]));
      if (!belongs || RULE.test(lines[after])) break;
      end = FENCE.test(lines[after]) ? fenceEnd(lines, after) : after + 1;
    }
    return end;
  };
  const starts = (line) => FENCE.test(line) || HEADING.test(line) || RULE.test(line) || ITEM.test(line) || /^\s*(>|\$\$|\\\[)/.test(line);
  const isTable = (lines, i) => lines[i].includes('|') && i + 1 < lines.length && lines[i + 1].includes('-') && TABLE.test(lines[i + 1]);
  const blockEnd = (lines, i) => {
    if (FENCE.test(lines[i])) return fenceEnd(lines, i);
    if (HEADING.test(lines[i]) || RULE.test(lines[i])) return i + 1;
    if (/^\s*(\$\$|\\\[)/.test(lines[i])) return mathEnd(lines, i);
    if (ITEM.test(lines[i])) return listEnd(lines, i);
    let end = i + 1;
    if (/^\s*>/.test(lines[i])) {
      while (end < lines.length && /^\s*>/.test(lines[end])) end++;
      return end;
    }
    if (isTable(lines, i)) {
      while (end < lines.length && lines[end].includes('|')) end++;
      return end;
    }
    while (end < lines.length && lines[end].trim() && !starts(lines[end]) && !isTable(lines, end)) end++;
    return end;
  };

  const split = (text) => {
    const lines = text.replace(/\r\n?/g, '\n').split('\n');
    const blocks = [];
    for (let i = 0; i < lines.length; ) {
      if (!lines[i].trim()) {
        i++;
        continue;
      }
      const end = blockEnd(lines, i);
      blocks.push(lines.slice(i, end).join('\n'));
      i = end;
    }
    return blocks;
  };

  const codeBlock = (lines) => {
    const [, mark, language] = FENCE.exec(lines[0]);
    const closed = lines.length > 1 && closes(lines[lines.length - 1], mark);
    const text = lines.slice(1, closed ? -1 : undefined).join('\n');
    const head = node('header', {}, node('span', {}, language || 'text'), copyButton(() => text));
    return node('div', { class: 'code' }, head, node('pre', { tabindex: '0' }, node('code', {}, text)));
  };
  const list = (lines, depth) => {
    const first = ITEM.exec(lines[0]);
    const numbered = /\d/.test(first[2]);
    const made = node(numbered ? 'ol' : 'ul', numbered ? { start: parseInt(first[2], 10) } : {});
    const items = [];
    for (const line of lines) {
      const item = ITEM.exec(line);
      if (item && item[1].length < first[1].length + 2) items.push([item[4]]);
      else items[items.length - 1].push(line);
    }
    for (const item of items) {
      const cut = Math.min(...item.slice(1).filter((line) => line.trim()).map(indent), first[1].length + first[2].length + 1);
      const inner = item.map((line, n) => (n ? line.slice(Math.min(cut, indent(line))) : line)).join('\n');
      const blocks = split(inner).map((block) => render(block, depth + 1));
      const single = blocks.length && blocks[0].tagName === 'P' && !/\n\s*\n/.test(inner);
      made.append(node('li', {}, ...(single ? [...blocks[0].childNodes, ...blocks.slice(1)] : blocks)));
    }
    return made;
  };
  const cells = (line) => {
    const inner = line.trim().replace(/^\||\|$/g, '');
    return inner.split(/(?<!\\)\|/).map((cell) => Inline.nodes(cell.trim().replaceAll('\\|', '|')));
  };
  const table = (lines) => {
    const row = (line, name) => node('tr', {}, ...cells(line).map((content) => node(name, {}, ...content)));
    const body = node('tbody', {}, ...lines.slice(2).map((line) => row(line, 'td')));
    return node('div', { class: 'wide', tabindex: '0' }, node('table', {}, node('thead', {}, row(lines[0], 'th')), body));
  };

  const render = (block, depth = 0) => {
    const lines = block.split('\n');
    const heading = HEADING.exec(lines[0]);
    if (FENCE.test(lines[0])) return codeBlock(lines);
    if (heading) return node('h' + heading[1].length, {}, ...Inline.nodes(heading[2]));
    if (RULE.test(lines[0])) return node('hr');
    if (ITEM.test(lines[0]) && depth < DEEPEST) return list(lines, depth);
    if (/^\s*>/.test(lines[0]) && depth < DEEPEST) {
      const inner = split(lines.map((line) => line.replace(/^\s*> ?/, '')).join('\n'));
      return node('blockquote', {}, ...inner.map((part) => render(part, depth + 1)));
    }
    if (isTable(lines, 0)) return table(lines);
    return node('p', {}, ...Inline.nodes(block.trim()));
  };

  // Shows a text in an element; called again and again while the text grows.
  const show = (element, text) => {
    const blocks = split(text);
    const shown = element.blocks || [];
    let same = 0;
    while (same < blocks.length && blocks[same] === shown[same]) same++;
    while (element.childNodes.length > same) element.lastChild.remove();
    for (const block of blocks.slice(same)) element.append(render(block));
    element.blocks = blocks;
  };

  return { show };
})();
