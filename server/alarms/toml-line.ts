// Where something is in a TOML text, for messages: the parser does not say. It
// reads lines, so that what is written unusually is not found, or its table is.

const HEADER = /^\s*\[\s*([^[\]]+?)\s*\]\s*(?:#.*)?$/;
const KEY = /^\s*((?:[\w-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[\w-]+|"[^"]*"|'[^']*'))*)\s*=/;
const STEP = /[\w-]+|"([^"]*)"|'([^']*)'/g;

/** The line, from 1, in which what lies at `path` is set, or else that of the nearest table around it; undefined where there is neither. */
export function lineOf(text: string, path: readonly string[]): number | undefined {
  let best: { readonly line: number; readonly depth: number } | undefined;
  let table: readonly string[] = [];
  for (const [index, content] of text.split('\n').entries()) {
    const header = HEADER.exec(content)?.[1];
    const key = header === undefined ? KEY.exec(content)?.[1] : undefined;
    if (header !== undefined) table = stepsOf(header);
    const steps = header !== undefined ? table : key !== undefined ? [...table, ...stepsOf(key)] : [];
    const isAround = steps.length <= path.length && steps.every((step, n) => step === path[n]);
    if (isAround && steps.length > (best?.depth ?? 0)) best = { line: index + 1, depth: steps.length };
  }
  return best?.line;
}

function stepsOf(written: string): string[] {
  return [...written.matchAll(STEP)].map(([bare, double, single]) => double ?? single ?? bare);
}
