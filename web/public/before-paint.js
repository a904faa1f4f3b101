// Sets light or dark before anything is painted. The console has set what was chosen; else the system decides.
const chosen = localStorage.getItem('syncline-theme');
const dark = chosen === 'dark' || (chosen !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
document.documentElement.setAttribute('data-mantine-color-scheme', dark ? 'dark' : 'light');
