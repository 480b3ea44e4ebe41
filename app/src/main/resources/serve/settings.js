// What the reader set. It stays in this browser; the key goes with the tab.
const Settings = (() => {
  const FIELDS = ['system', 'temperature', 'topP', 'maxTokens', 'seed'];
  const field = (id) => document.getElementById(id);
  const quietly = (action) => {
    try {
      return action();
    } catch (e) {
      return null; // a browser may refuse storage
    }
  };
  const number = (id) => (field(id).value.trim() === '' ? undefined : Number(field(id).value));
  const key = () => field('key').value.trim();

  const open = (shown) => {
    field('settings').hidden = !shown;
    field('toggle').setAttribute('aria-expanded', shown);
  };
  const askForKey = () => {
    open(true);
    field('lock').hidden = false;
    field('key').focus();
  };

  const start = (onKey) => {
    const stored = quietly(() => JSON.parse(localStorage.getItem('tramontane-chat'))) || {};
    const values = () => Object.fromEntries(FIELDS.map((id) => [id, field(id).value]));
    const store = () => quietly(() => localStorage.setItem('tramontane-chat', JSON.stringify(values())));
    for (const id of FIELDS) {
      field(id).value = stored[id] || '';
      field(id).addEventListener('change', store);
    }
    field('key').value = quietly(() => sessionStorage.getItem('tramontane-key')) || '';
    field('lock').hidden = !key();
    field('key').addEventListener('change', () => {
      quietly(() => sessionStorage.setItem('tramontane-key', key()));
      onKey();
    });
    field('toggle').addEventListener('click', () => open(field('settings').hidden));
  };

  // The first field whose value the browser refuses, or null.
  const wrong = () => FIELDS.map(field).find((input) => !input.checkValidity()) || null;

  // Undefined values are left out of the request.
  const request = () => ({
    temperature: number('temperature'),
    top_p: number('topP'),
    max_tokens: number('maxTokens'),
    seed: number('seed'),
  });
  const system = () => field('system').value.trim();

  return { start, open, askForKey, key, request, system, wrong };
})();
