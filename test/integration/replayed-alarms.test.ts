import { writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { writeDefinitionFile } from '../../server/alarms/definition-file.ts';
import { WindowFlag } from '../../server/trend/trend-window.ts';
import type { AlarmEntry } from '../../server/wire/alarm-journal.ts';
import { type AlarmJournalReply, JOURNAL_PAGE_LIMIT } from '../../server/wire/alarm-search.ts';
import { definition, WHOLE } from '../support/alarm-definitions.ts';
import { CaptureFixture, EPOCH_MS, RATE_HZ } from '../support/capture-fixture.ts';
import { runCommand } from '../support/command.ts';
import { seededRandom } from '../support/seeded-random.ts';
import { levelGraph, writeModel } from '../support/test-models.ts';

const SEGMENT = 3300; // no whole windows
const SEGMENTS = 300;
const LEVELS = [0, 0.6, 2, 5];
/** Of each kind that judges by the sample clock, with everything that holds an alarm back or keeps it. */
const CONDITIONS: Readonly<Record<string, object>> = {
  high: { condition: { kind: 'limit', figure: 'mean', above: 1, deadband: 0.5 }, autoAcknowledgeReturns: true },
  held: {
    condition: { kind: 'limit', figure: 'max', above: 1.5 },
    ...{ onDelaySeconds: 0.05, offDelaySeconds: 0.02, latch: true },
  },
  often: {
    condition: { kind: 'limit', figure: 'min', below: 0.1, ofLast: { n: 5, m: 20 } },
    suppress: { parent: 'outside' },
  },
  noisy: { condition: { kind: 'limit', figure: 'deviation', above: 0.3 } },
  rising: { condition: { kind: 'rate', above: 50, overSeconds: 0.03 } },
  outside: { condition: { kind: 'band', low: -1, high: 3, ofLast: { n: 2, m: 3 } } },
  arcing: { condition: { kind: 'diagnosis', labels: ['1'], confidence: 0.7, ofLast: { n: 2, m: 3 } } },
};
const POLL = { interval: 100, timeout: 60_000 };

const fixture = new CaptureFixture();

it('B10: a recording that is replayed gives the same alarms, at the same samples, in the same order', async () => {
  writeModel(fixture.folder.path('models/level'), levelGraph());
  const definitions = Object.entries(CONDITIONS).map(([id, more]) =>
    definition(id, { ...WHOLE, channels: ['live', 'again'], ...more }),
  );
  writeFileSync(fixture.folder.path('alarms.toml'), writeDefinitionFile(definitions));
  await fixture.start({
    alarms: { definitions: fixture.folder.path('alarms.toml') },
    diagnosis: { directory: fixture.folder.path('models') },
    channels: { live: { model: 'level', unit: 'V' }, again: { model: 'level', unit: 'V' } },
  });
  await measure();
  const lastsMs = (SEGMENT * SEGMENTS * 1000) / RATE_HZ;
  const { id } = await fixture.client.begin({ channel: 'live', fromMs: EPOCH_MS, toMs: EPOCH_MS + lastsMs });
  await fixture.client.over(id);

  const file = fixture.folder.path(`captures/${id}.sigmf-meta`);
  const to = ['--channel', 'again', '--port', String(fixture.server.ingest.port), '--speed', 'max'];
  expect((await runCommand(['replay', file, ...to], fixture.folder.path())).status).toBe(0);

  const told = async () => [await entriesOf('live'), await entriesOf('again')] as const;
  const isDiagnosed = ({ definition: id }: Partial<AlarmEntry>) => id === 'arcing'; // which another thread tells
  await expect
    .poll(async () => {
      const [live, again] = await told();
      return live.length > 0 && live.length === again.length;
    }, POLL)
    .toBe(true);
  const [live, again] = await told();
  for (const of of [isDiagnosed, (entry: Partial<AlarmEntry>) => !isDiagnosed(entry)])
    expect(again.filter(of)).toEqual(live.filter(of));
  const raised = live.filter(({ event }) => event === 'raise');
  console.info(`B10: ${live.length} entries, ${raised.length} raised, the same twice`);
  expect(new Set(raised.map(({ definition: id }) => id))).toEqual(new Set(Object.keys(CONDITIONS)));
  expect(raised.length).toBeGreaterThan(50);
  expect(live.some(({ event }) => event === 'suppress')).toBe(true);
});

/** What a device sends: levels that change amid windows, some of it lost, some invalid, and quiet at the end. */
async function measure(): Promise<void> {
  const random = seededRandom(10);
  const device = await fixture.open('live', { 'core:datatype': 'rf32_le' });
  let bytes = Number(device.answer!.credit_bytes); // all of it fits into the first credit
  let level = 0;
  for (let i = 0; i < SEGMENTS; i++) {
    if (random() < 0.3) level = LEVELS[Math.floor(random() * LEVELS.length)]!;
    if (i >= SEGMENTS - 10) level = 0.6;
    const noise = random() < 0.2 ? 1 : 0.02;
    const samples = Float32Array.from({ length: SEGMENT }, () => level + noise * (random() - 0.5));
    const isLost = i > 0 && i < SEGMENTS - 10 && random() < 0.02;
    const flags = random() < 0.02 ? WindowFlag.Invalid : 0;
    if (isLost) continue;
    device.frame(i * SEGMENT, samples, { flags });
    bytes += samples.byteLength;
  }
  await device.until(() => (device.acknowledgements.at(-1)?.creditBytes ?? 0) >= bytes); // all is read
}

/** What became of the alarms of a channel, the oldest first, without what is another one in a replay. */
async function entriesOf(channel: string): Promise<Partial<AlarmEntry>[]> {
  const reply = await fetch(`${fixture.server.url}/api/alarms/journal?channel=${channel}&limit=${JOURNAL_PAGE_LIMIT}`);
  const { entries, before } = (await reply.json()) as AlarmJournalReply;
  expect(before).toBeUndefined();
  return entries.toReversed().map(({ number: _, atMs: __, tag, channel: ___, comment, ...entry }) => ({
    ...entry,
    ...(comment !== undefined && { comment: comment.replace(channel, '*') }),
  }));
}
