// In a served page: asks every few seconds for a new version and reloads. While the reader searches, selects text or has
// a table open, it shows a note instead.
(() => {
  const data = JSON.parse(document.getElementById('data').textContent);
  const badge = document.createElement('span');
  badge.className = 'live';
  badge.setAttribute('role', 'status');
  badge.textContent = 'live';
  document.getElementById('run').after(badge);
  const reading = () =>
    document.querySelector('details[open].numbers') ||
    [...document.querySelectorAll('input[type="search"]')].some((i) => i.value) ||
    String(getSelection()).length > 0;
  const say = (text, off) => {
    badge.textContent = text;
    badge.classList.toggle('off', off);
  };
  const ask = async () => {
    try {
      const answer = await fetch('version', { cache: 'no-store', signal: AbortSignal.timeout(4000) });
      const version = await answer.text();
      if (version === data.live) say('live', false);
      else if (reading()) say('new numbers: reload the page', true);
      else location.reload();
    } catch (e) {
      say('server not reached', true);
    }
  };
  setInterval(ask, 5000);
})();
