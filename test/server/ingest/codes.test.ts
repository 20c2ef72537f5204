import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { PASSING_CODES } from '../../../server/ingest/protocol.ts';

const read = (name: string) => readFileSync(new URL(`../../../server/ingest/${name}`, import.meta.url), 'utf8');

it.each([
  ['README.md', /^\| `(\w+)` \|.*\| again \|$/gm],
  ['senders/send.py', /"([A-Z]+_?[A-Z]+)"(?=(?:, "\w+")*\}$)/gm],
  ['senders/send.c', /"([A-Z]+_?[A-Z]+)"(?=(?:, "\w+")*\};$)/gm],
])('%s names the codes that pass with time', (name, pattern) => {
  expect([...read(name).matchAll(pattern)].map(([, code]) => code).sort()).toEqual([...PASSING_CODES].sort());
});
