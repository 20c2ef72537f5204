import { afterEach, expect, it } from 'vitest';
import { listPins, type Pin } from '../../../server/history/pins.ts';
import { Folder } from '../../support/folder.ts';
import { StoredHistory } from '../../support/stored-history.ts';

const folder = new Folder();
let history: StoredHistory;

afterEach(() => history.close());

it('pins are replaced by those of the recordings that are there, but for those that nobody can tell', async () => {
  history = await StoredHistory.open(folder.path('history'));
  const { catalogue, database } = history;
  for (const id of ['gone', 'hidden', 'same', 'moved']) await catalogue.pin(pin(id, 1n));

  await catalogue.replacePins([pin('same', 1n), pin('moved', 2n), pin('new', 3n)], ['hidden']);

  const pins = await database.use(listPins);
  expect([...pins.values()].map(({ id, fromNs }) => `${id} ${fromNs}`).sort()).toEqual([
    'hidden 1',
    'moved 2',
    'new 3',
    'same 1',
  ]);
});

function pin(id: string, fromNs: bigint): Pin {
  return { id, channel: 'PMT-1', fromNs, toNs: fromNs + 10n };
}
