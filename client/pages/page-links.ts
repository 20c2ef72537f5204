import { html, nothing } from 'lit';
import type { Texts } from '../locale/en.ts';

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
    return html`<a href=${path} aria-current=${isHere ? 'page' : nothing}>${label}</a>`;
  });
}
