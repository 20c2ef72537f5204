import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { openRecording } from '../../server/sigmf/recording-reader.ts';
import type { HealthReply, SystemReply } from '../../server/wire/rest.ts';
import { captureReply } from '../support/capture-files.ts';
import { CaptureFixture, EPOCH_MS, range, sampleAt, sendFrame, sendSamples } from '../support/capture-fixture.ts';

const fixture = new CaptureFixture();

describe('a recording', () => {
  it('holds what was before and after, a segment for each gap, and is read by ranges', async () => {
    await fixture.start();
    const device = await fixture.open('c');
    await sendSamples(device, 1000, 30_000);
    await sendSamples(device, 40_000, 10_000); // after a gap of 9,000

    const begun = await fixture.client.begin({
      channel: 'c',
      comment: 'why <b>',
      beforeSeconds: 0.4,
      afterSeconds: 0.1,
    });
    expect(begun).toMatchObject({ state: 'recording', triggerSample: 49_999, from: 9999, to: 59_999 });
    await sendSamples(device, 50_000, 20_000);
    const capture = await fixture.client.over(begun.id);

    expect(capture).toMatchObject({ overtaken: 0, samples: 41_000, bytes: 82_000, cause: { comment: 'why <b>' } });
    expect(capture.segments).toMatchObject([
      { start: 0, index: 9999, samples: 21_001 },
      { start: 21_001, index: 40_000, samples: 19_999 },
    ]);
    const data = await fixture.client.bytes(begun.id, 'data');
    const indices = [...range(9999, 31_000), ...range(40_000, 59_999)];
    expect(data.equals(Buffer.from(Int16Array.from(indices, sampleAt).buffer))).toBe(true);
    expect(createHash('sha512').update(data).digest('hex')).toBe(capture.sha512);
    const overview = await fixture.client.bytes(begun.id, 'overview');
    expect(capture.overview).toEqual({ cell: 500, levels: [82], figures: { cell: 5000, levels: [9] } });
    const numbers = new Float64Array(new Uint8Array(overview).buffer);
    expect(numbers.subarray(0, 2 * 82)).toEqual(extremes(indices.map(sampleAt)));
    const counts = range(0, 9).map((cell) => numbers[2 * 82 + 5 * cell + 2]);
    expect([numbers.length, counts]).toEqual([2 * 82 + 5 * 9, [...Array(8).fill(5000), 1000]]);

    const recording = await openRecording(fixture.folder.path(`captures/${begun.id}.sigmf-meta`));
    expect(recording.stretches).toMatchObject([
      { firstSample: 9999, timeNs: 1_700_000_000_000_000_000n + 99_990_000n },
      { firstSample: 40_000, timeNs: 1_700_000_000_000_000_000n + 400_000_000n },
    ]);
    expect(recording.metadata.annotations).toMatchObject([{ 'core:sample_start': 31_000, 'core:comment': 'why <b>' }]);

    const part = await fixture.client.file(begun.id, 'data', { Range: 'bytes=100-199' });
    expect([part.status, part.headers.get('content-range')]).toEqual([206, 'bytes 100-199/82000']);
    expect(Buffer.from(await part.arrayBuffer()).equals(data.subarray(100, 200))).toBe(true);
    const same = { 'If-Range': part.headers.get('etag')!, Range: 'bytes=0-0' };
    expect((await fixture.client.file(begun.id, 'data', same)).status).toBe(206);
    expect((await fixture.client.file(begun.id, 'data', { ...same, 'If-Range': '"other"' })).status).toBe(200);
    const beyond = await fixture.client.file(begun.id, 'data', { Range: 'bytes=82000-' });
    expect([beyond.status, beyond.headers.get('content-range')]).toEqual([416, 'bytes */82000']);
    expect(await beyond.json()).toMatchObject({ code: 'RANGE_INVALID' });
  });

  it('says where it lacks samples of what was asked for, and its metadata hold what that was', async () => {
    await fixture.start();
    const device = await fixture.open('c');
    await sendSamples(device, 0, 5000);
    await sendSamples(device, 10_000, 5000);
    await sendSamples(device, 20_000, 5000);
    await sendSamples(device, 40_000, 5000);

    const range = { channel: 'c', fromMs: EPOCH_MS + 70, toMs: EPOCH_MS + 300 };
    const capture = await fixture.client.over((await fixture.client.begin(range)).id);

    expect(capture).toMatchObject({ from: 7000, to: 30_000, samples: 10_000, overtaken: 0 });
    expect(capture.note).toBe('samples that never came: 3000 at its start, 5000 inside, 5000 at its end');
    const { metadata } = await openRecording(fixture.folder.path(`captures/${capture.id}.sigmf-meta`));
    expect(metadata.global['fenestra:asked']).toEqual([7000, 30_000]);
  });

  it('is found in the list by what one knows of it', async () => {
    await fixture.start({ channels: { c: { label: 'Etch 1, view A' } } });
    const device = await fixture.open('c');
    await sendSamples(device, 0, 10_000);
    const ids: string[] = [];
    for (const comment of ['first', 'second', 'third']) {
      ids.unshift((await fixture.client.begin({ channel: 'c', comment, fromMs: EPOCH_MS, toMs: EPOCH_MS + 50 })).id);
    }
    for (const id of ids) await fixture.client.over(id);

    const all = await fixture.client.list();
    expect([all.total, all.bytes, all.captures.map(({ id }) => id)]).toEqual([3, 3 * 10_000, ids]);
    const first = await fixture.client.list('limit=1');
    const second = await fixture.client.list(`limit=1&before=${first.older}`);
    const last = await fixture.client.list(`limit=1&before=${second.older}`);
    expect([first, second, last].map(({ total, captures }) => [total, captures.map(({ id }) => id)])).toEqual(
      ids.map((id) => [3, [id]]),
    );
    expect([all.older, last.older]).toEqual([undefined, undefined]);
    for (const query of ['search=SECOND', `search=${ids[1]}`, 'channel=c&search=second&state=ready&cause=person']) {
      expect((await fixture.client.list(query)).captures.map(({ id }) => id)).toEqual([ids[1]]);
    }
    for (const query of ['search=view+A', 'channel=d,c']) expect((await fixture.client.list(query)).total).toBe(3);
    for (const query of [
      'channel=d',
      'state=failed',
      'cause=threshold',
      `from=${EPOCH_MS + 50}`,
      `to=${EPOCH_MS - 1}`,
    ]) {
      expect((await fixture.client.list(query)).total).toBe(0);
    }
    for (const query of ['limit=0', 'limit=501', 'state=odd', 'from=x', 'other=1', 'limit=1&limit=2', 'before=5']) {
      expect(await fixture.client.list(query)).toMatchObject({ code: 'REQUEST_INVALID' });
    }
  });

  it('is found by any time of which it has samples, or shall have some while it is made', async () => {
    await fixture.start();
    const device = await fixture.open('c');
    await sendSamples(device, 0, 20_000);
    const found = async (fromMs: number, toMs: number) =>
      (await fixture.client.list(`from=${EPOCH_MS + fromMs}&to=${EPOCH_MS + toMs}`)).captures.map(({ id }) => id);

    const { id, triggerMs } = await fixture.client.begin({ channel: 'c', beforeSeconds: 0.1, afterSeconds: 0.5 });
    expect([await found(600, 610), await found(700, 710)]).toEqual([[id], []]);
    await sendSamples(device, 30_000, 40_000); // after a gap of 10,000
    await fixture.client.over(id);

    expect(triggerMs).toBeCloseTo(EPOCH_MS + 199.99, 2);
    expect([await found(120, 130), await found(600, 610)]).toEqual([[id], [id]]);
    expect([await found(50, 90), await found(210, 290), await found(700, 710)]).toEqual([[], [], []]);
  });

  it('stands on the list by the time of its trigger, which the list shows', async () => {
    await fixture.start();
    const device = await fixture.open('c');
    await sendSamples(device, 0, 20_000);
    const at = (ms: number) => fixture.client.begin({ channel: 'c', fromMs: EPOCH_MS + ms, toMs: EPOCH_MS + ms + 10 });

    const made = [await at(50), await at(150), await at(100)];

    const listed = (await fixture.client.list()).captures.map(({ id }) => id);
    expect(listed).toEqual([made[1], made[2], made[0]].map((capture) => capture?.id));
  });

  it('begins where a raw sample passes the limit, to the sample, and not again before the signal was back', async () => {
    const capture = { above: 20, below: -20, hold_off_seconds: 0.1, before_seconds: 0.01, after_seconds: 0.005 };
    await fixture.start({ channels: { c: { capture, unit: 'V' } } });
    const device = await fixture.open('c', { 'fenestra:scale': 0.001, 'fenestra:offset': 1 });
    const quiet = (from: number, to: number, spike?: number) =>
      sendFrame(
        device,
        from,
        Int16Array.from(range(from, to), (i) => (i === spike ? -22_345 : 100)),
      );
    await quiet(0, 10_000);
    await quiet(10_000, 20_000, 12_345);
    await quiet(20_000, 30_000, 20_100); // within the hold-off
    await quiet(30_000, 40_000, 33_333);

    await expect.poll(async () => (await fixture.client.list('state=ready')).total).toBe(2);

    const { captures } = await fixture.client.list();
    expect(captures.map(({ triggerSample }) => triggerSample)).toEqual([33_333, 12_345]);
    expect(captures[1]).toMatchObject({
      from: 11_345,
      to: 12_845,
      samples: 1500,
      unit: 'V',
      cause: { kind: 'threshold', limit: -20, value: -22_345 * 0.001 + 1 },
    });
  });

  it('makes room for others when it is removed, and leaves nothing', async () => {
    await fixture.start({ capture: { keep_bytes: 1 << 20 } });
    const device = await fixture.open('c');
    await sendSamples(device, 0, 300_000);
    const range = { channel: 'c', fromMs: EPOCH_MS, toMs: EPOCH_MS + 2800 };
    const first = await fixture.client.over((await fixture.client.begin(range)).id);
    const second = await fixture.client.begin({ ...range, toMs: EPOCH_MS + 2900 });
    expect([first.bytes, second.state]).toEqual([560_000, 'refused']);

    for (const { id } of [first, second]) expect((await fixture.client.remove(id)).status).toBe(204);

    expect(readdirSync(fixture.folder.path('captures'))).toEqual([]);
    expect(await fixture.client.list()).toMatchObject({ total: 0, bytes: 0 });
    expect((await fixture.client.remove(first.id)).status).toBe(404);
    await fixture.client.over((await fixture.client.begin(range)).id);
  });

  it('is stopped where it is removed while it is made, and leaves nothing', async () => {
    await fixture.start({ capture: { keep_bytes: 1 << 20 } });
    const device = await fixture.open('c');
    await sendSamples(device, 0, 50_000);
    const ahead = { channel: 'c', fromMs: EPOCH_MS + 20_000, toMs: EPOCH_MS + 24_000 };
    const begun = await fixture.client.begin({ channel: 'c', beforeSeconds: 0.2, afterSeconds: 3 });
    const coming = await fixture.client.begin(ahead);
    await sendSamples(device, 50_000, 50_000);
    expect([begun.state, coming.state]).toEqual(['recording', 'refused']);

    expect((await fixture.client.remove(begun.id)).status).toBe(204);
    expect((await fixture.client.remove(coming.id)).status).toBe(204);
    const later = await fixture.client.begin(ahead);
    expect(later.state).toBe('recording'); // in the room that is free again
    expect((await fixture.client.remove(later.id)).status).toBe(204);

    expect(readdirSync(fixture.folder.path('captures'))).toEqual([]);
    expect(await fixture.client.list()).toMatchObject({ total: 0, bytes: 0 });
  });

  it('that no person asked for makes room for the next, and a person\u2019s stays', async () => {
    const capture = { above: 20, hold_off_seconds: 0.1, before_seconds: 0.5, after_seconds: 1 }; // 300,000 bytes
    await fixture.start({ capture: { keep_bytes: 1 << 20 }, channels: { c: { capture } } });
    const device = await fixture.open('c', { 'fenestra:scale': 0.001 });
    const spike = async (from: number) => {
      for (let at = from; at < from + 200_000; at += 100_000)
        await sendFrame(
          device,
          at,
          Int16Array.from(range(at, at + 100_000), (i) => (i === from + 50_000 ? 25_000 : 100)),
        );
    };
    const ids = async () =>
      (await fixture.client.list('state=ready')).captures.map(({ triggerSample }) => triggerSample);
    const problems = async () =>
      ((await (await fetch(`${fixture.server.url}/healthz`)).json()) as HealthReply).problems;

    for (const from of [0, 200_000, 400_000, 600_000]) {
      await spike(from);
      await expect.poll(async () => (await ids())[0]).toBe(from + 50_000);
    }
    expect(await ids()).toEqual([650_000, 450_000, 250_000]); // of four three fit
    const past = (ms: number) => ({ channel: 'c', fromMs: EPOCH_MS + ms, toMs: EPOCH_MS + ms + 4000 });
    const asked = await fixture.client.over((await fixture.client.begin(past(0))).id);
    expect(await ids()).toEqual([0]);
    expect((await fixture.client.begin(past(100))).state).toBe('refused');
    await spike(800_000);

    await expect.poll(async () => (await fixture.client.list('state=refused&cause=threshold')).total).toBe(1);
    await expect.poll(problems).toEqual([expect.stringContaining('their recordings leave no room')]);
    await fixture.client.remove(asked.id);
    await expect.poll(problems).toEqual([]);
    const { recording } = (await (await fetch(`${fixture.server.url}/api/system`)).json()) as SystemReply;
    expect(recording).toMatchObject({ madeRoom: 4, lacksRoom: false });
  });

  it('is refused, and listed so, where its budget is used up or nothing of its range is there', async () => {
    await fixture.start({ capture: { per_hour: 2, ring_bytes: 65_536, keep_bytes: 1 << 20 } });
    const device = await fixture.open('c');
    await sendSamples(device, 0, 100_000); // of which the ring has 32,768

    const overtaken = await fixture.client.begin({ channel: 'c', fromMs: EPOCH_MS, toMs: EPOCH_MS + 100 });
    expect(overtaken).toMatchObject({ state: 'refused', note: expect.stringContaining('the last 0.3 s are kept') });
    const tooLarge = await fixture.client.begin({ channel: 'c', beforeSeconds: 0.1, afterSeconds: 6 });
    expect(tooLarge).toMatchObject({
      state: 'refused',
      note: expect.stringContaining('of the 1048576 for recordings'),
    });
    const half = await fixture.client.over(
      (await fixture.client.begin({ channel: 'c', fromMs: EPOCH_MS + 600, toMs: EPOCH_MS + 900 })).id,
    );
    expect(half).toMatchObject({ overtaken: 7232, samples: 22_768, note: expect.stringContaining('7232 samples') });
    await fixture.client.over(
      (await fixture.client.begin({ channel: 'c', fromMs: EPOCH_MS + 800, toMs: EPOCH_MS + 900 })).id,
    );
    const third = await fixture.client.begin({ channel: 'c', fromMs: EPOCH_MS + 800, toMs: EPOCH_MS + 900 });
    expect(third).toMatchObject({ state: 'refused', note: expect.stringContaining('2 recordings of this channel') });

    expect((await fixture.client.list('state=refused')).total).toBe(3);
    expect((await fixture.client.post({ channel: 'nobody' })).status).toBe(404);
  });

  it('that was refused is forgotten, and counted, where a thousand later ones were', async () => {
    mkdirSync(fixture.folder.path('captures'));
    for (let i = 0; i < 1000; i++) {
      const refused = { ...captureReply({ id: `r-${i}`, samples: 0 }), state: 'refused', bytes: 0, createdMs: i };
      fixture.folder.write(`captures/r-${i}.json`, JSON.stringify(refused));
    }
    await fixture.start({ capture: { keep_bytes: 1 << 20 } });
    await sendSamples(await fixture.open('c'), 0, 1000);

    const { state } = await fixture.client.begin({ channel: 'c', afterSeconds: 60 });

    expect(state).toBe('refused');
    const { recording } = (await (await fetch(`${fixture.server.url}/api/system`)).json()) as SystemReply;
    expect(recording).toMatchObject({ forgotten: 1, madeRoom: 0 });
    expect((await fixture.client.list('state=refused')).total).toBe(1000);
  });
});

function extremes(samples: readonly number[]): Float64Array {
  const cells: number[] = [];
  for (let at = 0; at < samples.length; at += 500) {
    const cell = samples.slice(at, at + 500);
    cells.push(Math.min(...cell), Math.max(...cell));
  }
  return Float64Array.from(cells);
}
