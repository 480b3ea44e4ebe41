// The conversation and what the reader does.
(() => {
  const talk = document.getElementById('talk');
  const question = document.getElementById('question');
  const send = document.getElementById('send');
  const status = document.getElementById('status');
  let messages = []; // as they are sent
  let model = null;
  let running = null; // the AbortController of the answer that is being written
  let offered = null; // "Again" of the last turn

  const seconds = (ms) => (ms < 9950 ? (ms / 1000).toFixed(ms < 950 ? 2 : 1) : Math.round(ms / 1000)) + ' s';
  const count = (n, word) => n.toLocaleString('en') + ' ' + word + (n === 1 ? '' : 's');
  const REASONS = { length: 'cut at the limit of tokens', stopped: 'stopped', tool_calls: 'calls a tool' };

  const atEnd = () => talk.scrollHeight - talk.scrollTop - talk.clientHeight < 60;
  const toEnd = () => (talk.scrollTop = talk.scrollHeight);

  const turn = (kind, ...children) => {
    document.getElementById('empty')?.remove();
    offered?.remove();
    const made = node('article', { class: 'turn ' + kind }, ...children);
    talk.append(made);
    toEnd();
    return made;
  };

  // The place of an answer, drawn at most once a frame.
  const answerTurn = () => {
    const summary = node('summary');
    const thoughts = node('div', { class: 'text' });
    const folded = node('details', { class: 'thoughts', hidden: '' }, summary, thoughts);
    const text = node('div', { class: 'text' });
    const figures = node('div', { class: 'figures' }, node('span', { class: 'live' }, 'Waiting for the first token'));
    const place = turn('answer', folded, text, figures);
    place.setAttribute('aria-busy', 'true');
    let next = null;
    const draw = () => {
      const answer = next;
      next = null;
      const follow = atEnd();
      folded.hidden = !answer.thoughts;
      const thinking = answer.thoughtFor === null && !answer.over;
      const thought = seconds(answer.thoughtFor ?? answer.last);
      summary.textContent = (thinking ? 'Thinking for ' : 'Thought for ') + thought;
      summary.classList.toggle('live', thinking);
      if (folded.open) Markdown.show(thoughts, answer.thoughts);
      Markdown.show(text, answer.text);
      const rate = answer.tokens > 1 ? (answer.tokens - 1) / ((answer.last - answer.firstToken) / 1000) : 0;
      if (answer.firstToken === null && !answer.over) return;
      const parts = [count(answer.tokens, 'token')];
      if (Number.isFinite(rate) && rate > 0) parts.push(rate.toFixed(rate < 100 ? 1 : 0) + ' tokens/s');
      if (answer.firstToken !== null) parts.push('first token after ' + seconds(answer.firstToken));
      if (answer.over && REASONS[answer.reason]) parts.push(REASONS[answer.reason]);
      figures.replaceChildren(...parts.map((part) => node('span', {}, part)));
      if (follow) toEnd();
    };
    const show = (answer) => {
      if (!next) requestAnimationFrame(() => next && draw());
      next = answer;
    };
    folded.addEventListener('toggle', () => folded.open && place.answer && Markdown.show(thoughts, place.answer.thoughts));
    const finish = (answer) => {
      const follow = atEnd();
      next = answer;
      draw();
      place.setAttribute('aria-busy', 'false');
      figures.append(copyButton(() => answer.text));
      if (!answer.text) text.replaceChildren(node('p', { class: 'none' }, answer.thoughts ? 'No answer after the thoughts.' : 'No text.'));
      if (follow) toEnd();
    };
    return { place, show: (answer) => show((place.answer = answer)), finish };
  };

  const busy = (on) => {
    send.textContent = on ? 'Stop' : 'Send';
    send.setAttribute('aria-label', on ? 'Stop the answer' : 'Send the message');
  };

  // False if a setting cannot be sent; the browser then shows which.
  const ready = () => {
    const wrong = Settings.wrong();
    if (!wrong) return true;
    Settings.open(true);
    wrong.reportValidity();
    return false;
  };

  const answerNext = async () => {
    const controller = new AbortController();
    running = controller;
    busy(true);
    status.textContent = 'The model answers.';
    const place = answerTurn();
    const asked = messages;
    let last = null;
    try {
      const system = Settings.system() ? [{ role: 'system', content: Settings.system() }] : [];
      const request = { model: model ?? undefined, messages: [...system, ...messages], ...Settings.request() };
      last = await Api.ask(request, Settings.key(), controller.signal, (answer) => {
        last = answer;
        if (asked === messages) place.show(answer);
      });
      status.textContent = 'The answer is complete.';
    } catch (e) {
      if (asked !== messages) return; // a new chat was begun
      const stopped = e.name === 'AbortError';
      if (stopped) status.textContent = 'Stopped.';
      else failed(e);
      if (last && stopped) last.reason = 'stopped';
    }
    if (asked !== messages) return;
    running = null;
    busy(false);
    if (!last) {
      place.place.remove();
      if (!talk.querySelector('.fault:last-child')) retract();
      return;
    }
    place.finish({ ...last, over: true });
    messages = [...messages, { role: 'assistant', content: last.text }];
    offerAgain(place.place.querySelector('.figures'), () => {
      place.place.remove();
      messages = messages.slice(0, -1);
      answerNext();
    });
  };

  // The question goes back to where it was written.
  const retract = () => {
    const turns = talk.querySelectorAll('.turn.user');
    turns[turns.length - 1]?.remove();
    const last = messages[messages.length - 1];
    messages = messages.slice(0, -1);
    if (last && !question.value) question.value = last.content;
    grow();
  };

  const offerAgain = (where, action) => {
    offered?.remove();
    offered = node('button', { type: 'button', class: 'small' }, 'Again');
    offered.addEventListener('click', () => !running && ready() && action());
    where.append(offered);
  };

  const failed = (e) => {
    if (e.status === 401) Settings.askForKey();
    const network = e instanceof TypeError ? 'No answer from the server.' : e.message;
    status.textContent = '';
    const place = turn('fault', node('span', { role: 'alert' }, network));
    offerAgain(place, () => {
      place.remove();
      if (messages.length) answerNext();
      else hello();
    });
  };

  const hello = async () => {
    try {
      const found = (await Api.models(Settings.key()))[0];
      model = found.id;
      const context = found.max_model_len ? ', context ' + count(found.max_model_len, 'token') : '';
      document.getElementById('model').textContent = model + context;
      document.title = model + ' – Tramontane';
      if (!messages.length) talk.querySelectorAll('.fault').forEach((fault) => fault.remove());
    } catch (e) {
      failed(e);
    }
  };

  const fresh = () => {
    running?.abort();
    running = null;
    busy(false);
    status.textContent = '';
    messages = [];
    talk.replaceChildren(node('p', { class: 'empty', id: 'empty' }, 'Nothing said yet. What is written here goes to this server only.'));
    question.focus();
  };

  const grow = () => {
    question.style.height = 'auto';
    question.style.height = question.scrollHeight + 2 + 'px';
  };

  document.getElementById('composer').addEventListener('submit', (event) => {
    event.preventDefault();
    if (running) {
      running.abort();
      return;
    }
    const text = question.value.trim();
    if (!text || !ready()) return;
    talk.querySelectorAll('.fault').forEach((fault) => fault.remove());
    if (messages.length && messages[messages.length - 1].role === 'user') retract();
    turn('user', node('div', { class: 'said' }, text));
    messages = [...messages, { role: 'user', content: text }];
    question.value = '';
    grow();
    answerNext();
  });
  question.addEventListener('input', grow);
  question.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    if (!running) document.getElementById('composer').requestSubmit();
  });
  document.addEventListener('keydown', (event) => event.key === 'Escape' && running?.abort());
  document.getElementById('fresh').addEventListener('click', fresh);

  Settings.start(hello);
  fresh();
  hello();
})();
