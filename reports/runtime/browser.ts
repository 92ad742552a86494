// What the page's script does: theme, copy, one setting lit up in charts and tables, live charts. Without it the page is complete.
import { browser, type Element } from './dom.ts';
import { lightCharts, startCharts } from './live-charts.ts';

const { document } = browser;

function themeSwitch(button: Element): void {
  const root = document.documentElement,
    wish = browser.matchMedia('(prefers-color-scheme: dark)');
  const isDark = (): boolean => (root.dataset.theme ? root.dataset.theme === 'dark' : wish.matches);
  const name = (): void => {
    button.textContent = isDark() ? 'Light' : 'Dark';
    button.setAttribute('aria-label', `Change to the ${isDark() ? 'light' : 'dark'} theme`);
  };
  button.addEventListener('click', () => {
    root.dataset.theme = isDark() ? 'light' : 'dark';
    name();
  });
  wish.addEventListener('change', name);
  name();
  button.hidden = false;
}

async function copy(source: Element): Promise<boolean> {
  try {
    await browser.navigator.clipboard!.writeText(source.textContent ?? '');
    return true;
  } catch {
    const range = document.createRange(),
      selection = browser.getSelection();
    range.selectNodeContents(source);
    selection?.removeAllRanges();
    selection?.addRange(range);
    return document.execCommand('copy');
  }
}

function copyButton(button: Element): void {
  const source = document.getElementById(button.dataset.copy ?? '');
  if (!source) return;
  button.setAttribute('aria-live', 'polite');
  button.addEventListener('click', () => {
    void copy(source).then((done) => {
      button.textContent = done ? 'Copied' : 'Selected';
      browser.setTimeout(() => {
        button.textContent = 'Copy';
      }, 1600);
    });
  });
  button.hidden = false;
}

function settings(): void {
  const pick = document.getElementById('pick'),
    buttons = new Map<string, Element>();
  let chosen: string | null = null;
  const light = (setting: string | null): void => {
    chosen = setting;
    lightCharts(setting);
    for (const [id, button] of buttons) button.setAttribute('aria-pressed', String(id === setting));
    for (const row of document.querySelectorAll('tr[data-setting]')) row.classList.toggle('lit', row.dataset.setting === setting);
    if (pick) pick.value = setting ?? '';
  };
  for (const item of document.querySelectorAll('.key li[data-setting]')) {
    const id = item.dataset.setting ?? '',
      button = document.createElement('button');
    button.setAttribute('type', 'button');
    button.setAttribute('aria-pressed', 'false');
    button.append(...item.childNodes);
    item.append(button);
    buttons.set(id, button);
    button.addEventListener('click', () => light(chosen === id ? null : id));
  }
  if (!pick) return;
  pick.addEventListener('change', () => light(pick.value || null));
  document.querySelector('.pick')!.hidden = false;
  document.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && chosen !== null) light(null);
  });
}

const theme = document.getElementById('theme');
if (theme) themeSwitch(theme);
for (const button of document.querySelectorAll('[data-copy]')) copyButton(button);
settings();
const specs = document.getElementById('specs')?.textContent;
if (specs) startCharts(JSON.parse(specs) as Parameters<typeof startCharts>[0]);
