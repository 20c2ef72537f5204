import { afterEach, beforeEach, expect, it } from 'vitest';
import { listPins, type Pin } from '../../server/history/pins.ts';
import { KeptPast } from '../../server/kept-past.ts';
import { captureReply } from '../support/capture-files.ts';
import { Folder } from '../support/folder.ts';
import { silentLog } from '../support/silent-log.ts';
import { StoredHistory } from '../support/stored-history.ts';

const folder = new Folder();
let stored: StoredHistory;
let kept: KeptPast;
let failures: number; // of the next calls
let onReplace: () => void;

beforeEach(async () => {
  stored = await StoredHistory.open(folder.path('history'));
  failures = 0;
  onReplace = () => undefined;
  const { catalogue } = stored;
  const failFirst = () => {
    if (failures-- > 0) throw new Error('the disk is full');
  };
  const history = {
    async pin(pin: Pin) {
      failFirst();
      await catalogue.pin(pin);
    },
    async replacePins(pins: readonly Pin[], spared: readonly string[]) {
      onReplace();
      failFirst();
      await catalogue.replacePins(pins, spared);
    },
  };
  kept = new KeptPast({ history: async () => history, log: silentLog(), retryMs: 10 });
});
afterEach(async () => {
  kept.close();
  await stored.close();
});

it('what the history cannot be told is told again until it knows, and a problem until then', async () => {
  failures = Infinity;
  kept.keepAll([ready('first')], []);
  kept.keep(ready('second'));

  await expect.poll(() => kept.problem).toContain('not safe from retention: the disk is full');
  failures = 0;
  await expect.poll(pinned).toEqual(['first', 'second']);
  await expect.poll(() => kept.problem).toBeUndefined();
});

it('that nothing was recorded is known only once the list is there', () => {
  const before = kept.isListed;
  kept.keepAll([], []);

  expect([before, kept.isListed]).toEqual([false, true]);
});

it('a recording that ends and one that goes while the history writes are not forgotten', async () => {
  onReplace = () => {
    onReplace = () => undefined;
    kept.keep(ready('third'));
    kept.keepAll([ready('second'), ready('third')], []);
    kept.keep(ready('fourth'));
  };
  kept.keepAll([ready('first'), ready('second')], []);

  await expect.poll(pinned).toEqual(['fourth', 'second', 'third']);
});

function ready(id: string) {
  return captureReply({ id, samples: 1000 });
}

async function pinned(): Promise<string[]> {
  return [...(await stored.database.use(listPins)).keys()].sort();
}
