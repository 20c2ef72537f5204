import type { Server } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { AppError } from '../../../server/base/errors.ts';
import type { HistorySource } from '../../../server/http/history-source.ts';
import { closeServer } from '../../../server/http/http-server.ts';
import { REPLIES } from '../../../server/http/reply-schemas.ts';
import type { DiagnosisFigures, DiagnosisKind } from '../../../server/trend/diagnosis-history.ts';
import { answered, diagnosis } from '../../support/diagnoses.ts';
import { fakePast } from '../../support/past-source.ts';
import { serveApp } from '../../support/served-app.ts';

const NORMAL: DiagnosisKind & DiagnosisFigures = {
  ...{ model: 'plasma', version: '1', outcome: 'class', label: 'normal', classIndex: 0 },
  ...{ count: 3, lowest: 0.5, highest: 0.75, unknownScore: 0.25 },
};
const DROPPED: DiagnosisKind & DiagnosisFigures = {
  ...{ model: 'plasma', version: '1', outcome: 'dropped', label: undefined, classIndex: undefined },
  ...{ count: 1, lowest: undefined, highest: undefined, unknownScore: undefined },
};
const KINDS = [
  { model: 'plasma', version: '1', outcome: 'class', label: 'normal', classIndex: 0 },
  { model: 'plasma', version: '1', outcome: 'dropped' },
];
const FIGURES = { kind: 0, count: 3, lowest: 0.5, highest: 0.75, unknownScore: 0.25 };
const RANGE = 'from=1000&to=2000';

let server: Server | undefined;
let url: string;
let asked: unknown[];

afterEach(async () => {
  if (server) await closeServer(server);
});

describe('GET /api/channels/:channel/diagnoses', () => {
  it('answers with spans, and says each kind once', async () => {
    await serve({
      diagnoses: async () => ({
        form: 'spans',
        spans: [
          { fromNs: 1_000_500_000n, toNs: 1_200_000_000n, ...NORMAL },
          { fromNs: 1_200_000_000n, toNs: 1_300_000_000n, ...DROPPED },
          { fromNs: 1_300_000_000n, toNs: 1_400_000_000n, ...NORMAL },
        ],
      }),
    });

    const reply = await get(`/api/channels/lamp/diagnoses?${RANGE}&columns=5`);

    expect(reply).toEqual({
      ...{ channel: 'lamp', fromMs: 1000, toMs: 2000, kinds: KINDS, form: 'spans' },
      spans: [
        { fromMs: 1000.5, toMs: 1200, ...FIGURES },
        { fromMs: 1200, toMs: 1300, kind: 1, count: 1 },
        { fromMs: 1300, toMs: 1400, ...FIGURES },
      ],
    });
    expect(REPLIES.DiagnosesReply.parse(reply)).toEqual(reply);
    expect(asked).toEqual([{ channel: 'lamp', fromNs: 1_000_000_000n, toNs: 2_000_000_000n, columns: 5 }]);
  });

  it('answers with buckets', async () => {
    await serve({
      diagnoses: async () => ({
        form: 'buckets',
        stepNs: 100_000_000n,
        buckets: [{ fromNs: 1_000_000_000n, kinds: [NORMAL, DROPPED] }],
      }),
    });

    const reply = await get(`/api/channels/lamp/diagnoses?${RANGE}`);

    expect(reply).toEqual({
      ...{ channel: 'lamp', fromMs: 1000, toMs: 2000, kinds: KINDS, form: 'buckets', stepMs: 100 },
      buckets: [{ fromMs: 1000, figures: [FIGURES, { kind: 1, count: 1 }] }],
    });
    expect(REPLIES.DiagnosesReply.parse(reply)).toEqual(reply);
  });

  it.each([
    ['/api/channels/a b/diagnoses?from=1&to=2', 'channel is "a b", expected 1 to 64 of A-Z a-z 0-9 . _ -'],
    ['/api/channels/a/diagnoses?from=1&to=2&columns=2001', 'columns is "2001", expected a whole number, 1 to 2000'],
    ['/api/channels/a/diagnoses?from=1&to=2&format=arrow', 'parameter "format", expected from, to, columns'],
    ['/api/channels/a/diagnoses?from=2&to=1', 'to is "1", expected a time after from, "2"'],
    ['/api/channels/a/diagnoses/at', 'time is missing, expected ms since 1970 UTC or ISO 8601 in UTC'],
    ['/api/diagnoses/mix?from=1&to=2&model=', 'model is "", expected a name of 1 to 200 characters'],
  ])('refuses %s', async (path, message) => {
    await serve();

    const response = await fetch(url + path);

    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ code: 'REQUEST_INVALID', message: expect.stringContaining(message) });
    expect(asked).toEqual([]);
  });

  it('says when to ask again', async () => {
    await serve({ diagnoses: () => Promise.reject(new AppError('HISTORY_BUSY', 'many wait')) });

    const response = await fetch(`${url}/api/channels/lamp/diagnoses?${RANGE}`);

    expect([response.status, response.headers.get('Retry-After')]).toEqual([503, '1']);
  });
});

describe('GET /api/channels/:channel/diagnoses/rows', () => {
  const after = { timeNs: 1_500_000_000n, stream: 's', window: 3, model: 'plasma', version: '1' };
  const path = `/api/channels/lamp/diagnoses/rows?${RANGE}`;

  it('sends page after page as one CSV file', async () => {
    const starts: unknown[] = [];
    await serve({
      diagnosisPage: async ({ channel, fromNs, toNs, after: place }) => {
        starts.push([channel, fromNs, toNs, place]);
        const next = place === undefined ? { fromNs: after.timeNs, after } : undefined;
        return { header: 'channel,time\n', lines: `lamp,${starts.length}\n`, next };
      },
    });

    const response = await fetch(url + path);

    expect(response.headers.get('Content-Type')).toBe('text/csv; charset=utf-8');
    expect(response.headers.get('Content-Disposition')).toBe('attachment; filename=lamp-diagnoses.csv');
    expect(await response.text()).toBe('channel,time\nlamp,1\nlamp,2\n');
    expect(starts).toEqual([
      ['lamp', 1_000_000_000n, 2_000_000_000n, undefined],
      ['lamp', 1_500_000_000n, 2_000_000_000n, after],
    ]);
  });

  it('is refused while the history is busy, and cut off where it fails on the way', async () => {
    let pages = 0;
    await serve({
      diagnosisPage: async () => {
        if (pages++ !== 1) throw new AppError('HISTORY_BUSY', 'many wait');
        return { header: 'channel\n', lines: 'lamp\n', next: { fromNs: after.timeNs, after } };
      },
    });

    const busy = await fetch(url + path);
    expect([busy.status, busy.headers.get('Retry-After')]).toEqual([503, '1']);
    await expect(fetch(url + path).then((response) => response.text())).rejects.toThrow();
  });
});

describe('GET /api/channels/:channel/diagnoses/at', () => {
  it('answers with all that is kept of one', async () => {
    const one = diagnosis({ first: 12, timeNs: 1_000_000_000n, outcome: answered('unknown', 1, 0.5) });
    await serve({ diagnosisAt: async () => ({ ...one, sinceNs: 5_360_000_000n }) });

    const reply = await get('/api/channels/lamp/diagnoses/at?time=5500');

    expect(reply).toEqual({
      ...{ channel: 'lamp', stream: 'stream-1', window: 12, windows: 972, timeMs: 1000, endMs: 5860, sinceMs: 5360 },
      ...{ model: 'plasma', version: '1', outcome: 'unknown', label: 'micro-arcing', classIndex: 1, latencyMs: 12.5 },
      ...{ probabilities: [0.25, 0.5, 0.25], unknownScore: 0.5 / 3 },
    });
    expect(REPLIES.RunDiagnosisReply.parse(reply)).toEqual(reply);
    expect(asked).toEqual(['lamp', 5_500_000_000n]);
  });

  it('says why there is no answer, and that there is none', async () => {
    const one = diagnosis({ first: 1, timeNs: 0n, outcome: { kind: 'incomplete', reason: '3 points are missing' } });
    await serve({ diagnosisAt: async (_, timeNs) => (timeNs === 0n ? { ...one, sinceNs: 0n } : undefined) });

    const incomplete = await get('/api/channels/lamp/diagnoses/at?time=0');
    const none = await fetch(`${url}/api/channels/lamp/diagnoses/at?time=1`);

    expect(REPLIES.RunDiagnosisReply.parse(incomplete)).toMatchObject({
      reason: '3 points are missing',
      lack: { missing: 3, flagged: 0, empty: 0, isEnded: false },
    });
    expect([none.status, await none.json()]).toEqual([404, expect.objectContaining({ code: 'DIAGNOSIS_UNKNOWN' })]);
  });
});

describe('GET /api/diagnoses/mix', () => {
  it('answers with the counts of each channel', async () => {
    const { lowest: _, highest: __, unknownScore: ___, ...counted } = NORMAL;
    await serve({ diagnosisMix: async () => [{ channel: 'lamp', ...counted }] });

    const reply = await get(`/api/diagnoses/mix?${RANGE}&model=plasma`);

    expect(reply).toEqual({ fromMs: 1000, toMs: 2000, counts: [{ channel: 'lamp', ...KINDS[0], count: 3 }] });
    expect(REPLIES.DiagnosisMixReply.parse(reply)).toEqual(reply);
    expect(asked).toEqual([{ fromNs: 1_000_000_000n, toNs: 2_000_000_000n, model: 'plasma' }]);
  });
});

async function get(path: string): Promise<unknown> {
  const response = await fetch(url + path);
  expect(response.status).toBe(200);
  return response.json();
}

async function serve(parts: Partial<HistorySource> = {}): Promise<void> {
  asked = [];
  const { history } = fakePast();
  const all = { ...history, ...parts };
  const past = fakePast({
    history: {
      ...all,
      diagnoses: (request, signal) => {
        asked.push(request);
        return all.diagnoses(request, signal);
      },
      diagnosisAt: (channel, timeNs, signal) => {
        asked.push(channel, timeNs);
        return all.diagnosisAt(channel, timeNs, signal);
      },
      diagnosisMix: (request, signal) => {
        asked.push(request);
        return all.diagnosisMix(request, signal);
      },
    },
  });
  const served = await serveApp({ past, logError: () => undefined });
  server = served.server;
  url = `http://127.0.0.1:${served.port}`;
}
