import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { FromCapture, Piece } from '../../../server/capture/capture-link.ts';
import { CaptureStore } from '../../../server/capture/capture-store.ts';
import { Recorder } from '../../../server/capture/recorder.ts';
import type { CaptureReply } from '../../../server/wire/captures.ts';
import { Folder } from '../../support/folder.ts';
import { loadKernels } from '../../support/kernels.ts';
import { silentLog } from '../../support/silent-log.ts';

const folder = new Folder();

describe('Recorder', () => {
  it('lists a recording that cannot be written as failed, gives back its room, and writes the others', async () => {
    const { recorder, said, changed } = await open();
    mkdirSync(folder.path('bad.sigmf-data.partial')); // where its samples would go

    for (const id of ['bad', 'good']) {
      recorder.take({ kind: 'begin', capture: capture(id), info: INFO });
      recorder.take({ kind: 'samples', id, piece: piece(0, 1000) });
      recorder.take({ kind: 'samples', id, piece: piece(1000, 500) });
      recorder.take({ kind: 'end', id, overtaken: 0 });
    }
    await recorder.settle();

    const states = (id: string) => changed.filter((it) => it.id === id).map(({ state }) => state);
    expect(states('bad')).toEqual(['recording', 'failed']);
    expect(states('good')).toEqual(['recording', 'ready']);
    expect(changed.find(({ state }) => state === 'failed')?.note).toMatch(/^it could not be written: EISDIR/);
    const taken = said.flatMap((message) => (message.kind === 'taken' ? [message.bytes] : []));
    expect(taken.reduce((sum, bytes) => sum + bytes, 0)).toBe(2 * 1500 * 2);
    expect(said.filter(({ kind }) => kind === 'over')).toMatchObject([
      { id: 'bad' },
      { id: 'good', fill: { bytes: 3000, recordings: 1, spareBytes: 0 } },
    ]);
    expect(readdirSync(folder.path()).filter((name) => name.startsWith('bad'))).toEqual([
      'bad.json',
      'bad.sigmf-data.partial',
    ]);
    expect(JSON.parse(readFileSync(folder.path('bad.json'), 'utf8'))).toMatchObject({ state: 'failed', bytes: 0 });
  });

  it('starts on what it cannot put away, too', async () => {
    const { store } = await open();
    await store.put(capture('half'));
    mkdirSync(folder.path('half.sigmf-data')); // no file, and not to be removed as one
    mkdirSync(folder.path('odd.sigmf-data.partial'));
    mkdirSync(folder.path('odd.json'));

    const { store: again } = await open();

    expect(again.captures).toMatchObject([{ id: 'half', state: 'failed' }]);
  });

  it('writes a confirmed recording with its last cause, and keeps nothing of one that is dropped', async () => {
    const { recorder, store, said, changed } = await open();
    for (const id of ['wanted', 'unwanted']) {
      recorder.take({ kind: 'begin', capture: capture(id), info: INFO });
      recorder.take({ kind: 'samples', id, piece: piece(0, 1000) });
    }
    recorder.take({ kind: 'drop', id: 'unwanted' });
    recorder.take({ kind: 'confirm', id: 'wanted', cause: { kind: 'alarm', text: 'too hot' } });
    recorder.take({ kind: 'end', id: 'wanted', overtaken: 0 });
    await recorder.settle();

    expect(store.captures).toMatchObject([{ id: 'wanted', state: 'ready', cause: { kind: 'alarm', text: 'too hot' } }]);
    expect(readFileSync(folder.path('wanted.sigmf-meta'), 'utf8')).toContain('too hot');
    expect(readdirSync(folder.path()).filter((name) => name.startsWith('unwanted'))).toEqual([]);
    expect(said.filter(({ kind }) => kind === 'over')).toHaveLength(2);
    expect(changed.filter(({ id }) => id === 'unwanted')).toHaveLength(1);
    expect((await CaptureStore.open(folder.path(), silentLog())).captures).toEqual(store.captures);
  });

  it('lists a recording of which nothing came as failed', async () => {
    const { recorder, changed } = await open();

    recorder.take({ kind: 'begin', capture: capture('none'), info: INFO });
    recorder.take({ kind: 'end', id: 'none', overtaken: 0, note: 'no more samples came' });
    await recorder.settle();

    expect(changed.at(-1)).toMatchObject({ state: 'failed', note: expect.stringContaining('no more samples came') });
    expect(readdirSync(folder.path())).toEqual(['none.json']);
  });

  it('removes the oldest that no person asked for, and no more of them than the next ones need', async () => {
    const { recorder, store, forgotten } = await open(10_000); // three of them
    const threshold = { kind: 'threshold', limit: 1, value: 2 } as const;
    const wishes = [{ cause: threshold }, {}, { cause: threshold }, {}, {}, {}, { cause: threshold }];

    for (const [i, wish] of wishes.entries()) {
      const id = `c-${i}`;
      recorder.take({ kind: 'begin', capture: { ...capture(id), ...wish, createdMs: i }, info: INFO });
      recorder.take({ kind: 'samples', id, piece: piece(0, 1500) });
      recorder.take({ kind: 'end', id, overtaken: 0 });
      if (i !== 3) await recorder.settle(); // two at once
      if (i === 2) expect(forgotten).toEqual([]);
    }

    expect(forgotten).toEqual(['c-0', 'c-2']); // and no person's, whatever is asked for
    expect(store.captures.map(({ id }) => id)).toEqual(['c-1', 'c-3', 'c-4', 'c-5', 'c-6']);
    expect(readdirSync(folder.path()).filter((name) => /^c-[02]/.test(name))).toEqual([]);
  });

  it('forgets the oldest of a thousand refusals, and no recording', async () => {
    const { recorder, store } = await open();
    recorder.take({ kind: 'begin', capture: capture('first'), info: INFO });
    recorder.take({ kind: 'samples', id: 'first', piece: piece(0, 10) });
    recorder.take({ kind: 'end', id: 'first', overtaken: 0 });
    await recorder.settle();

    for (let i = 0; i < 1003; i++) await store.put({ ...capture(`r-${i}`), state: 'refused', createdMs: 10 + i });

    expect(store.captures.map(({ id }) => id).filter((id) => ['first', 'r-0', 'r-2', 'r-3'].includes(id))).toEqual([
      'first',
      'r-3',
    ]);
    const again = await CaptureStore.open(folder.path(), silentLog());
    expect([again.captures.length, again.fill.recordings, again.bytes]).toEqual([1001, 1, 20]);
  });
});

async function open(limitBytes = 1e9) {
  const store = await CaptureStore.open(folder.path(), silentLog());
  const said: FromCapture[] = [];
  const changed: CaptureReply[] = [];
  const forgotten: string[] = [];
  const recorder = new Recorder({
    store,
    limitBytes,
    module: await loadKernels(),
    log: silentLog(),
    nowMs: () => 0,
    post: (message) => said.push(message),
    onChange: (it) => changed.push(it),
    onForget: (ids) => forgotten.push(...ids),
  });
  return { store, recorder, said, changed, forgotten };
}

function piece(index: number, samples: number): Piece {
  const { buffer } = Int16Array.from({ length: samples }, (_, i) => index + i);
  return { buffer, ...(index === 0 && { start: { index, timeNs: 0n, anchor: { index, timeNs: 0n } } }) };
}

function capture(id: string): CaptureReply {
  return {
    id,
    state: 'recording',
    channel: 'c',
    label: 'c',
    stream: 's',
    unit: 'V',
    datatype: 'ri16_le',
    rateHz: 1000,
    scale: 1,
    offset: 0,
    triggerSample: 0,
    triggerMs: 0,
    from: 0,
    to: 1500,
    segments: [],
    overtaken: 0,
    samples: 0,
    bytes: 0,
    sha512: '',
    cause: { kind: 'person', comment: '' },
    createdMs: 1,
    overview: { cell: 0, levels: [] },
  };
}

const INFO = {
  channel: 'c',
  stream: 's',
  datatype: 'ri16_le',
  rateHz: 1000,
  window: 100,
  unit: 'V',
  scale: 1,
  offset: 0,
  hardware: '',
  description: '',
  recorder: '',
};
