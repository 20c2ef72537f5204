import { LAYOUTS, LINE_LIMIT, type Look } from '../store/looking-back.ts';
import { readTimeView, writeTimeView } from '../store/time-view.ts';

/** Reads what a channel's page shows from its address: `?from&to` or `?span`, `with=a,b` and `layout`. */
export function readLook(query: string, defaultSpanMs: number): Omit<Look, 'cursorMs'> {
  const parameters = new URLSearchParams(query);
  const others = (parameters.get('with') ?? '').split(',').filter((name) => name !== '');
  return {
    view: readTimeView(query) ?? { kind: 'live', spanMs: defaultSpanMs },
    others: [...new Set(others)].slice(0, LINE_LIMIT - 1),
    layout: LAYOUTS.find((layout) => layout === parameters.get('layout')) ?? 'overlay',
  };
}

/** The same as a query without its question mark. */
export function writeLook({ view, others, layout }: Look): string {
  const parameters = new URLSearchParams();
  const all = { ...writeTimeView(view), with: others.join(','), layout: layout === 'stack' ? layout : undefined };
  for (const [key, value] of Object.entries(all)) if (value) parameters.set(key, value);
  return parameters.toString();
}

/** What of an address holds for another channel's page too: its time. */
export function timeOfAddress(query: string): string {
  const view = readTimeView(query);
  return view ? `?${writeLook({ view, others: [], layout: 'overlay', cursorMs: undefined })}` : '';
}
