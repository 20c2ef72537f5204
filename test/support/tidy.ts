import { expect } from 'vitest';
import { systemClock } from '../../server/base/clock.ts';
import { Config } from '../../server/config.ts';
import { Housekeeper } from '../../server/history/housekeeper.ts';
import { silentLog } from './silent-log.ts';
import type { StoredHistory } from './stored-history.ts';

/** Seals what has ended before segment `open` and merges what is to be merged, as a server does that has run all the time. */
export async function tidy(stored: StoredHistory, open: number): Promise<void> {
  const keeper = new Housekeeper({
    database: stored.database,
    catalogue: stored.catalogue,
    quarantine: stored.quarantine,
    folder: stored.folder,
    settings: Config.parse({}).history,
    clock: systemClock,
    log: silentLog(),
    openSegment: () => open,
    arePinsKnown: () => true,
    hasStream: () => false,
    onSealed: () => {},
  });
  await keeper.round();
  expect(keeper.status().problem).toBeUndefined();
}
