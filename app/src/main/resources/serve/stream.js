// One answer from the server, as it comes. Times are in milliseconds from the moment the question was sent.
const Api = (() => {
  const fault = async (response) => {
    let message = '';
    try {
      message = (await response.json()).error.message;
    } catch (e) {
      message = 'the server answered ' + response.status;
    }
    return Object.assign(new Error(message), { status: response.status });
  };
  const headers = (key) => (key ? { Authorization: 'Bearer ' + key } : {});

  const models = async (key) => {
    const response = await fetch('v1/models', { headers: headers(key) });
    if (!response.ok) throw await fault(response);
    return (await response.json()).data;
  };

  // Server-sent events: lines of "data: {json}", the last one "data: [DONE]".
  const events = async function* (body) {
    const reader = body.pipeThrough(new TextDecoderStream()).getReader();
    let rest = '';
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      const lines = (rest + value).split('\n');
      rest = lines.pop();
      for (const line of lines) {
        if (!line.startsWith('data:')) continue;
        const data = line.slice(5).trim();
        if (data === '[DONE]') return;
        yield JSON.parse(data);
      }
    }
  };

  // Calls onChange(answer) after each piece; answer is {thoughts, text, tokens, firstToken, thoughtFor, last, reason}.
  const ask = async (request, key, signal, onChange) => {
    const begun = performance.now();
    const answer = { thoughts: '', text: '', tokens: 0, firstToken: null, thoughtFor: null, last: 0, reason: null };
    const body = JSON.stringify({ ...request, stream: true, stream_options: { include_usage: true } });
    const form = { 'Content-Type': 'application/json', ...headers(key) };
    const response = await fetch('v1/chat/completions', { method: 'POST', headers: form, body, signal });
    if (!response.ok) throw await fault(response);
    for await (const event of events(response.body)) {
      if (event.error) throw new Error(event.error.message);
      if (event.usage) answer.tokens = event.usage.completion_tokens;
      const choice = event.choices[0];
      const thoughts = choice?.delta?.reasoning_content ?? choice?.delta?.reasoning ?? '';
      const text = choice?.delta?.content ?? '';
      if (thoughts || text) {
        answer.last = performance.now() - begun;
        answer.firstToken ??= answer.last;
        if (text && answer.thoughts) answer.thoughtFor ??= answer.last;
        answer.tokens++;
        answer.thoughts += thoughts;
        answer.text += text;
      }
      answer.reason = choice?.finish_reason ?? answer.reason;
      onChange(answer);
    }
    if (answer.thoughts) answer.thoughtFor ??= answer.last;
    return answer;
  };

  return { models, ask };
})();
