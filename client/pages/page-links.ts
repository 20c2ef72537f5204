import { html, nothing } from 'lit';
import type { Texts } from '../locale/en.ts';

/** In place of the words where the screen is narrow. */
const HOME = html`<svg class="home" viewBox="0 0 16 16" aria-hidden="true"><path d="M1.5 8 8 2l6.5 6M3.5 6.5v7h9v-7" /></svg>`;

/** Links to the pages; the one that `here` is on is marked. */
export function renderPageLinks(text: Texts, here: string) {
  const pages = [
    ['/', text.controlRoom],
    ['/captures', text.captures],
    ['/models', text.models],
    ['/alarms/journal', text.journal, '/alarms/kpi', '/alarms/settings'],
    ['/system', text.system],
  ] as const;
  return pages.map(([path, label, ...beside]) => {
    const isHere =
      here === path || beside.some((other) => other === here) || (path !== '/' && here.startsWith(`${path}/`));
    const current = isHere ? 'page' : nothing;
    return path === '/'
      ? html`<a href="/" aria-label=${label} aria-current=${current}>${HOME}<span>${label}</span></a>`
      : html`<a href=${path} aria-current=${current}>${label}</a>`;
  });
}
