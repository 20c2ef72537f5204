import type { SystemReply } from '../../server/wire/rest.ts';
import { type Fetch, requestJson } from './request.ts';

// Many buttons ask at the same moment.
const underWay = new WeakMap<Fetch, Promise<SystemReply>>();

/** Asks how long raw samples of a channel stay in the server's memory, s; undefined where it has none. Rejects as `requestJson`. */
export async function ringSeconds(fetch: Fetch, channel: string): Promise<number | undefined> {
  let asked = underWay.get(fetch);
  if (asked === undefined) {
    asked = requestJson<SystemReply>(fetch, '/api/system').finally(() => underWay.delete(fetch));
    underWay.set(fetch, asked);
  }
  const { recording } = await asked;
  return recording.rings.find((ring) => ring.channel === channel)?.seconds;
}
