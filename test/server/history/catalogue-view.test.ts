import { afterEach, beforeEach, expect, it } from 'vitest';
import { CatalogueView } from '../../../server/history/catalogue-view.ts';
import { Folder } from '../../support/folder.ts';
import { StoredHistory, testStream } from '../../support/stored-history.ts';

const CHANNEL_ENTRIES = 2; // a stream, and the channel itself
const folder = new Folder();
let history: StoredHistory;

beforeEach(async () => {
  history = await StoredHistory.open(folder.path('history'));
  const channels = ['a', 'b', 'c'].map((channel, i) => testStream({ id: i + 1, channel, windows: 1, startNs: 0n }));
  await history.segment(1, channels);
});
afterEach(() => history.close());

it('remembers no more than it may, forgets what was not asked for the longest, and counts it', async () => {
  const view = new CatalogueView(history.catalogue, 2 * CHANNEL_ENTRIES);
  const read = (channel: string) => history.database.use((connection) => view.read(connection, channel));

  const a = await read('a');
  const b = await read('b');
  expect(await read('a')).toBe(a);
  expect(view.status()).toEqual({ rememberedEntries: 2 * CHANNEL_ENTRIES, forgottenEntries: 0 });
  await read('c');

  expect(view.status()).toEqual({ rememberedEntries: 2 * CHANNEL_ENTRIES, forgottenEntries: CHANNEL_ENTRIES });
  expect(await read('a')).toBe(a);
  expect(await read('b')).not.toBe(b);
});
