import { CHOICE_KEYS } from './choices.ts';

/**
 * The address of a path: its own query, and of the query here what holds for
 * this screen on every page.
 */
export function addressOf(path: string, hereSearch: string): string {
  const [name, own = ''] = path.split('?', 2);
  const query = new URLSearchParams(own);
  for (const [key, value] of new URLSearchParams(hereSearch)) {
    if (CHOICE_KEYS.includes(key) && !query.has(key)) query.set(key, value);
  }
  const written = query.toString();
  return written === '' ? name : `${name}?${written}`;
}

/** Puts what the page holds into the query of its own address; undefined and empty values leave it. No new entry of the history. */
export function replaceQuery(own: Readonly<Record<string, string | undefined>>): void {
  history.replaceState(history.state, '', addressOf(`${location.pathname}?${queryOf(own)}`, location.search));
}

/** What a query says of some keys. */
export function valuesOf(query: string, keys: readonly string[]): Readonly<Record<string, string | undefined>> {
  const values = new URLSearchParams(query);
  return Object.fromEntries(keys.map((key) => [key, values.get(key) ?? undefined]));
}

/** A query without its question mark; undefined and empty values leave it. */
export function queryOf(own: Readonly<Record<string, string | undefined>>): string {
  const query = new URLSearchParams();
  for (const [key, value] of Object.entries(own)) if (value !== undefined && value !== '') query.set(key, value);
  return query.toString();
}
