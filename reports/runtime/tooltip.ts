// One tooltip for all live charts: text beside the pointer, set as text and never as markup.
import { browser, type Element } from './dom.ts';

let box: Element | null = null;

/** Handler for a view: shows `value` at the pointer, hides where there is none. */
export function tooltip(_handler: unknown, event: { readonly clientX?: number; readonly clientY?: number }, _item: unknown, value: unknown): void {
  if (!box) {
    box = browser.document.createElement('div');
    box.className = 'tip';
    box.setAttribute('aria-hidden', 'true');
    box.hidden = true;
    browser.document.body.append(box);
  }
  if (value === null || value === undefined || value === '') {
    box.hidden = true;
    return;
  }
  box.textContent = String(value);
  box.hidden = false;
  const x = event.clientX ?? 0,
    y = event.clientY ?? 0,
    width = box.offsetWidth,
    height = box.offsetHeight;
  box.style.left = `${Math.max(4, Math.min(x + 14, browser.innerWidth - width - 4))}px`;
  box.style.top = `${y + 18 + height > browser.innerHeight ? y - height - 10 : y + 18}px`;
}
