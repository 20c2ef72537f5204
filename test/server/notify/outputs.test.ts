import { expect, it } from 'vitest';
import { Config } from '../../../server/config.ts';
import { AppendLog } from '../../../server/durable/append-log.ts';
import { readOutbox } from '../../../server/notify/outbox-records.ts';
import { Outputs } from '../../../server/notify/outputs.ts';
import type { AlarmEntry } from '../../../server/wire/alarm-journal.ts';
import type { AlarmReply } from '../../../server/wire/alarms.ts';
import { alarmEntry } from '../../support/alarm-entries.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { Folder } from '../../support/folder.ts';
import { silentLog } from '../../support/silent-log.ts';

const folder = new Folder();
const RAISED = alarmEntry({ number: 1, version: 1 });
const ACKNOWLEDGED = alarmEntry({ number: 2, version: 2, event: 'acknowledge', state: 'acknowledged', action: 'a' });
const OTHER = alarmEntry({ number: 3, tag: 'cold:etch-1' });

it('tells after a kill what an action did that came to be written while other alarms were told', async () => {
  const outputs = await openOutputs([]);
  outputs.take(told(RAISED, 1));
  outputs.take(told(OTHER, 1));
  await outputs.close(); // the action is in the journal, and nobody was told
  expect(outputs.told).toBe(1);

  const after = await openOutputs([RAISED, ACKNOWLEDGED, OTHER]);
  await after.close();
  expect(await waiting()).toEqual(['raise', 'raise', 'acknowledge', 'raise']); // the other one twice
});

it('tells nothing again where the action was told too', async () => {
  const outputs = await openOutputs([]);
  outputs.take(told(RAISED, 1));
  outputs.take(told(OTHER, 1));
  outputs.take(told(ACKNOWLEDGED, 3));
  await outputs.close();
  expect(outputs.told).toBe(3);

  const after = await openOutputs([RAISED, ACKNOWLEDGED, OTHER]);
  await after.close();
  expect(await waiting()).toEqual(['raise', 'raise', 'acknowledge']);
});

it('tells a destination that is new what stands, and those that were there not again', async () => {
  const outputs = await openOutputs([]);
  for (const entry of [RAISED, ACKNOWLEDGED, OTHER]) outputs.take(told(entry, entry.number));
  await outputs.close();
  const over = alarmEntry({ number: 4, tag: 'over:etch-1', event: 'clear', state: 'normal' });

  const entries = [RAISED, ACKNOWLEDGED, OTHER, over];
  for (let i = 0; i < 2; i++) await (await openOutputs(entries, ['ops', 'new'])).close(); // once
  const to = await kept();
  expect(
    to.flatMap(({ to, message: { event, tag, version, isAnnunciated } }) =>
      to ? [{ to, event, tag, version, isAnnunciated }] : [],
    ),
  ).toEqual([
    { to: ['webhook:new'], event: 'acknowledge', tag: 'hot:etch-1', version: 2, isAnnunciated: false },
    { to: ['webhook:new'], event: 'raise', tag: 'cold:etch-1', version: 1, isAnnunciated: true },
  ]);
  expect(await waiting()).toEqual(['raise', 'acknowledge', 'raise', 'clear', 'acknowledge', 'raise']);
});

it('tells a broker at every start what stands, since it may have lost it', async () => {
  const mqtt = { url: 'mqtt://127.0.0.1:9' };
  for (let i = 0; i < 2; i++) await (await openOutputs([RAISED, ACKNOWLEDGED], ['ops'], { mqtt })).close();

  const told = (await kept()).filter(({ to }) => to?.includes('mqtt:mqtt'));
  expect(told.map(({ to, message: { event, version } }) => [to, event, version])).toEqual([
    [['webhook:ops', 'mqtt:mqtt'], 'acknowledge', 2],
    [['mqtt:mqtt'], 'acknowledge', 2],
  ]);
});

/** To destinations that take nothing. */
async function openOutputs(
  entries: readonly AlarmEntry[],
  names: readonly string[] = ['ops'],
  others: object = {},
): Promise<Outputs> {
  const webhooks = names.map((name) => ({ name, url: 'http://127.0.0.1:9/' }));
  const config = Config.parse({ storage: { directory: folder.path() }, notify: { webhooks, ...others } });
  const outputs = new Outputs(config, { clock: new FakeClock(), log: silentLog() });
  await outputs.open(undefined);
  outputs.restore(entries, [...new Map(entries.map((entry) => [entry.tag, alarmAfter(entry)])).values()]);
  outputs.setDefinitions([]);
  return outputs;
}

function told(entry: AlarmEntry, settled: number) {
  return { entry, alarm: alarmAfter(entry), settled };
}

/** What events are on the disk, in order. */
async function waiting(): Promise<string[]> {
  return (await kept()).map(({ message }) => message.event);
}

async function kept() {
  const store = await AppendLog.open({ folder: folder.path('alarms/outbox'), log: silentLog() });
  const { kept } = await readOutbox(store);
  await store.close();
  return kept;
}

function alarmAfter({ tag, definition, priority, state, occurrence, version }: AlarmEntry): AlarmReply {
  return { tag, definition, priority, state, occurrence, version, hidden: [] };
}
