import { expect, it } from 'vitest';
import { LogRelay, RELAY_CHARACTERS, type RelayedLine } from '../../../server/base/log-relay.ts';

const LINE = `${'x'.repeat(1023)}\n`;
const ROOM = RELAY_CHARACTERS / LINE.length;

it('a relay leaves lines out while the other thread takes none, and tells how many with the next', () => {
  const posted: RelayedLine[] = [];
  const relay = new LogRelay((relayed) => posted.push(relayed));

  for (let i = 0; i < ROOM + 5; i++) relay.write(LINE);
  expect(posted.length).toBe(ROOM);
  relay.taken(LINE.length);
  relay.write(LINE);
  relay.write(LINE);
  relay.taken(LINE.length);
  relay.write(LINE);

  expect(posted.map(({ lost }) => lost)).toEqual([...Array<number>(ROOM).fill(0), 5, 1]);
});
