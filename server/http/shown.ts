const CHARACTERS = 60;

/** What a client sent where something else was expected, short enough for a message. */
export function shown(found: unknown): string {
  if (found === undefined) return 'missing';
  const isLong = typeof found === 'string' && found.length > CHARACTERS;
  const text = JSON.stringify(isLong ? `${found.slice(0, CHARACTERS)}…` : found);
  return text.length <= 2 * CHARACTERS ? text : `${text.slice(0, CHARACTERS)}…`;
}
