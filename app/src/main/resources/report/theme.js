// Light or dark: as the system says, until the reader chooses. Canvases do not follow a style sheet, so they are drawn again.
const Theme = (draw) => {
  const root = document.documentElement;
  const dark = () => (root.dataset.theme ? root.dataset.theme === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches);
  const stored = () => {
    try {
      return localStorage.getItem('tramontane-theme');
    } catch (e) {
      return null;
    }
  };
  const store = (theme) => {
    try {
      localStorage.setItem('tramontane-theme', theme);
    } catch (e) {
      /* a page from a file may have no storage */
    }
  };
  const show = () => {
    document.getElementById('theme').textContent = dark() ? 'Light' : 'Dark';
    draw();
  };
  if (stored()) root.dataset.theme = stored();
  document.getElementById('theme').addEventListener('click', () => {
    root.dataset.theme = dark() ? 'light' : 'dark';
    store(root.dataset.theme);
    show();
  });
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', show);
  show();
};
