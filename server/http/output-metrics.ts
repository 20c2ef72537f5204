import { Counter, Gauge, type Registry } from 'prom-client';
import type { OutputReply, OutputsReply } from '../wire/outputs.ts';

type Read = readonly [name: string, help: string, read: (from: OutputReply) => number];

// biome-ignore format: a table
const GAUGES: readonly Read[] = [
  ['waiting', 'Messages about alarms that wait for the destination.', (o) => o.waiting],
  ['oldest_seconds', 'How long the oldest of them has waited.', (o) => o.oldestSeconds],
  ['refused', 'Messages that the destination refuses for what they are, told again every five minutes.', (o) => o.refused],
  ['failing', 'Whether nothing has been delivered for 30 s, in three tries or more.', (o) => Number(o.isFailing)],
];

// biome-ignore format: a table
const TOTALS: readonly Read[] = [
  ['delivered', 'Messages delivered.', (o) => o.delivered],
  ['failed', 'Tries that failed.', (o) => o.failed],
  ['given_up', 'Messages that were refused and left out, because a newer one of the same alarm was there, or too many.', (o) => o.givenUp],
  ['superseded', 'Messages left out where too many waited, because a newer one of the same alarm did too.', (o) => o.superseded],
  ['dropped', 'Messages left out because too many waited.', (o) => o.dropped],
];

/** Adds what is known of the outputs of alarms. */
export function addOutputMetrics(
  registry: Registry,
  { destinations, push, unstored, bytes, damaged }: OutputsReply,
): void {
  const to = { labelNames: ['kind', 'output'], registers: [registry] };
  for (const [name, help, read] of GAUGES) {
    const gauge = new Gauge({ name: `fenestra_output_${name}`, help, ...to });
    for (const one of destinations) gauge.set({ kind: one.kind, output: one.name }, read(one));
  }
  for (const [name, help, read] of TOTALS) {
    const counter = new Counter({ name: `fenestra_output_${name}_total`, help, ...to });
    for (const one of destinations) counter.inc({ kind: one.kind, output: one.name }, read(one));
  }
  const unlabelled = { registers: [registry] };
  if (push !== undefined) {
    const told = 'Browsers that are notified of alarms.';
    new Gauge({ name: 'fenestra_push_subscribers', help: told, ...unlabelled }).set(push.subscribers);
    const unknown = 'Browsers removed because their push service knew them no more.';
    new Counter({ name: 'fenestra_push_gone_total', help: unknown, ...unlabelled }).inc(push.gone);
    const missed = 'Notices that single browsers did not get though others did.';
    new Counter({ name: 'fenestra_push_missed_total', help: missed, ...unlabelled }).inc(push.missed);
  }
  const stored = { name: 'fenestra_outbox_bytes', help: 'Bytes of messages on the disk, with what is set aside.' };
  new Gauge({ ...stored, ...unlabelled }).set(bytes);
  const gone = 'Records of messages that are gone because their files were damaged.';
  new Gauge({ name: 'fenestra_outbox_damaged_records', help: gone, ...unlabelled }).set(damaged);
  const lost = 'Messages that could not be written when they came.';
  new Counter({ name: 'fenestra_outbox_unstored_total', help: lost, ...unlabelled }).inc(unstored);
}
