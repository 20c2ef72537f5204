import { VersionedStore, type VersionedStoreOptions } from '../../server/durable/versioned-store.ts';
import { silentLog } from './silent-log.ts';

export interface Note {
  readonly words: string;
  readonly room?: string;
}

/** Opens a store of notes. The caller closes it. */
export function openStore(
  folder: string,
  options: Partial<VersionedStoreOptions<Note>> = {},
): Promise<VersionedStore<Note>> {
  const most = { documents: 100, bytes: 10 << 20 };
  return VersionedStore.open({ folder, log: silentLog(), parse, most, ...options });
}

function parse(json: unknown): Note {
  if (typeof (json as Note).words !== 'string') throw new Error('words must be text');
  return json as Note;
}
