import type { SystemReply } from '../../server/wire/rest.ts';
import { type Fetch, requestJson } from './request.ts';

/** Asks how long raw samples of a channel stay in the server's memory, s; undefined where it has none. Rejects as `requestJson`. */
export async function ringSeconds(fetch: Fetch, channel: string): Promise<number | undefined> {
  const { recording } = await requestJson<SystemReply>(fetch, '/api/system');
  return recording.rings.find((ring) => ring.channel === channel)?.seconds;
}
