import { LAYOUTS, LINE_LIMIT, type Look, type LookedRun } from '../store/looking-back.ts';
import { readMoment, readTimeView, writeMoment, writeTimeView } from '../store/time-view.ts';

/**
 * Reads what the page of a channel shows from its address: `?from&to` or
 * `?span`, `with=a,b` and `layout`; `run` is a moment of a run that is looked
 * at, and `of` its channel where that is another.
 */
export function readLook(query: string, defaultSpanMs: number, name: string): Omit<Look, 'cursorMs'> {
  const parameters = new URLSearchParams(query);
  const others = (parameters.get('with') ?? '').split(',').filter((name) => name !== '');
  return {
    view: readTimeView(query) ?? { kind: 'live', spanMs: defaultSpanMs },
    others: [...new Set(others)].slice(0, LINE_LIMIT - 1),
    layout: LAYOUTS.find((layout) => layout === parameters.get('layout')) ?? 'overlay',
    run: readRun(parameters, name),
  };
}

/** The same as a query without its question mark. */
export function writeLook({ view, others, layout, run }: Look, name: string): string {
  const parameters = new URLSearchParams();
  const all = {
    ...writeTimeView(view),
    with: others.join(','),
    layout: layout === 'stack' ? layout : undefined,
    run: run && writeMoment(run.timeMs),
    of: run?.channel === name ? undefined : run?.channel,
  };
  for (const [key, value] of Object.entries(all)) if (value) parameters.set(key, value);
  return parameters.toString();
}

/** What of an address holds for another channel's page too: its time. */
export function timeOfAddress(query: string): string {
  const view = readTimeView(query);
  return view ? `?${writeLook({ view, others: [], layout: 'overlay', cursorMs: undefined }, '')}` : '';
}

function readRun(parameters: URLSearchParams, name: string): LookedRun | undefined {
  const timeMs = readMoment(parameters.get('run') ?? '');
  return timeMs === undefined ? undefined : { channel: parameters.get('of') ?? name, timeMs };
}
