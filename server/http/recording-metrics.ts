import { Counter, Gauge, type Registry } from 'prom-client';
import type { RecordingReply } from '../wire/rest.ts';

type Read<T> = readonly [name: string, help: string, read: (from: T) => number];

// biome-ignore format: a table
const RING_GAUGES: readonly Read<RecordingReply['rings'][number]>[] = [
  ['ring_bytes', 'Memory for the last raw samples; shrinks where many channels come.', (r) => r.bytes],
  ['ring_seconds', 'How long that lasts at the channel\'s rate.', (r) => r.seconds],
];

// biome-ignore format: a table
const GAUGES: readonly Read<RecordingReply>[] = [
  ['active', 'Recordings under way.', (r) => r.active],
  ['held', 'Recordings under way that wait to be confirmed by what began them.', (r) => r.held],
  ['in_flight_bytes', 'Bytes of samples copied for recordings that are not on the disk yet.', (r) => r.inFlightBytes],
  ['reading', 'Requests under way that read recordings.', (r) => r.reading],
  ['bytes', 'Bytes of samples of all recordings on the disk.', (r) => r.bytes],
  ['limit_bytes', 'Bytes that recordings may take.', (r) => r.limitBytes],
  ['damaged', 'Recordings on the disk that are not served because they are not as they were recorded.', (r) => r.damaged],
  ['lacks_room', 'Whether a threshold, an alarm or a diagnosis is not recorded, because people\'s recordings leave no room.', (r) => Number(r.lacksRoom)],
  ['off', 'Whether nothing can be recorded, because the storage or its thread failed.', (r) => Number(r.problem !== undefined)],
];

// biome-ignore format: a table
const TOTALS: readonly Read<RecordingReply>[] = [
  ['begun', 'Recordings begun.', (r) => r.begun],
  ['refused', 'Recordings refused, because a budget was used up or nothing of their range was there.', (r) => r.refused],
  ['made_room', 'Recordings removed to make room for others.', (r) => r.madeRoom],
  ['forgotten', 'Refused and failed recordings that are not on the list any more.', (r) => r.forgotten],
  ['expired', 'Recordings released because nobody confirmed them in time.', (r) => r.expired],
  ['shortened', 'Recordings that ended before what was asked of them had come.', (r) => r.shortened],
  ['reads_refused', 'Requests to read recordings refused, because too many were under way.', (r) => r.readsRefused],
  ['reads_cut', 'Requests that read recordings cut, because nobody took what they sent for a minute.', (r) => r.readsCut],
];

/** Adds what is known of rings and recordings. */
export function addRecordingMetrics(registry: Registry, recording: RecordingReply): void {
  const to = [registry];
  for (const [name, help, read] of RING_GAUGES) {
    const gauge = new Gauge({ name: `fenestra_channel_${name}`, help, labelNames: ['channel'], registers: to });
    for (const ring of recording.rings) gauge.set({ channel: ring.channel }, read(ring));
  }
  for (const [name, help, read] of GAUGES) {
    new Gauge({ name: `fenestra_captures_${name}`, help, registers: to }).set(read(recording));
  }
  for (const [name, help, read] of TOTALS) {
    new Counter({ name: `fenestra_captures_${name}_total`, help, registers: to }).inc(read(recording));
  }
}
