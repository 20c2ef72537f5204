import { get, type IncomingHttpHeaders } from 'node:http';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { historyPath } from '../../client/net/history.ts';
import { CaptureFixture, EPOCH_MS, RATE_HZ, sendFrame, WINDOW } from '../support/capture-fixture.ts';
import { seededRandom } from '../support/seeded-random.ts';

const WINDOWS = 1000;
const WINDOW_MS = (1000 * WINDOW) / RATE_HZ;
/** A range of the history whose hour is long over, so that it is always the same. */
const RANGE = { channel: 'c', fromMs: EPOCH_MS, toMs: EPOCH_MS + WINDOWS * WINDOW_MS, columns: WINDOWS };

const fixture = new CaptureFixture();

interface Answer {
  readonly status: number | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

it('a range is as long as a fraction of its JSON for who accepts it so, and the same', async () => {
  await startWithHistory();
  const plain = await ask(historyPath(RANGE));
  const gzip = await ask(historyPath(RANGE), { 'accept-encoding': 'gzip, deflate' });
  const brotli = await ask(historyPath(RANGE), { 'accept-encoding': 'gzip, deflate, br' });
  console.log(`${WINDOWS} rows: ${plain.body.length} bytes, gzip ${gzip.body.length}, brotli ${brotli.body.length}`);

  expect(gunzipSync(gzip.body).equals(plain.body)).toBe(true);
  expect(brotliDecompressSync(brotli.body).equals(plain.body)).toBe(true);
  expect(gzip.body.length).toBeLessThan(plain.body.length / 2);
  expect(brotli.body.length).toBeLessThan(plain.body.length / 2);
  const encodings = [plain, gzip, brotli].map(({ headers }) => headers['content-encoding']);
  expect(encodings).toEqual([undefined, 'gzip', 'br']);
  for (const { headers } of [plain, gzip, brotli]) {
    expect(headers.vary).toBe('Accept, Accept-Encoding');
    expect(headers['cache-control']).toBe('private, max-age=300');
    expect(headers.etag).toBe(plain.headers.etag);
  }
  const known = { 'accept-encoding': 'gzip', 'if-none-match': gzip.headers.etag! };
  expect(await ask(historyPath(RANGE), known)).toMatchObject({ status: 304, body: Buffer.alloc(0) });
});

it('nothing else is encoded, nor for who does not accept it', async () => {
  await startWithHistory();
  const asked = [
    [historyPath(RANGE), 'identity'],
    [historyPath(RANGE), 'gzip;q=0, br;q=0'],
    [historyPath({ ...RANGE, columns: 10 }), 'gzip, br'], // short
    [historyPath(RANGE, 'arrow'), 'gzip, br'],
    ['/api/channels/none/history?from=0&to=1', 'gzip, br'],
    ['/metrics', 'gzip, br'],
  ];

  for (const [path, encodings] of asked) {
    const { headers, body } = await ask(path, { 'accept-encoding': encodings });
    expect(headers['content-encoding'], path).toBeUndefined();
    expect(headers['content-length'], path).toBe(String(body.length));
  }
});

it('what is recorded is never encoded, in whichever form', async () => {
  await fixture.start();
  const device = await fixture.open('c');
  const frame = Int16Array.from({ length: 500 }, (_, i) => i);
  for (let from = 0; from < 100_000; from += 1000) device.frame(from, frame); // a gap after each
  await sendFrame(device, 100_000, frame);
  const { id } = await fixture.client.begin({ channel: 'c', fromMs: EPOCH_MS, toMs: EPOCH_MS + 1000 });
  const { bytes } = await fixture.client.over(id);
  const path = `/api/captures/${id}`;
  const accepts = { 'accept-encoding': 'gzip, br' };

  for (const file of ['data', 'overview', 'meta', 'download?as=sigmf', 'download?as=wav', 'download?as=npy']) {
    const { headers, body } = await ask(`${path}/${file}`, accepts);
    expect(headers['content-encoding'], file).toBeUndefined();
    expect(headers['content-length'], file).toBe(String(body.length));
  }
  const part = await ask(`${path}/data`, { ...accepts, range: 'bytes=0-9999' });
  expect([part.status, part.headers['content-encoding']]).toEqual([206, undefined]);
  expect(part.headers['content-range']).toBe(`bytes 0-9999/${bytes}`);
  expect(part.body.length).toBe(10_000);
  expect((await ask(path, accepts)).headers['content-encoding']).toBe('br'); // what is said of it is
});

async function startWithHistory(): Promise<void> {
  await fixture.start();
  const device = await fixture.open('c');
  const random = seededRandom(1);
  await sendFrame(
    device,
    0,
    Int16Array.from({ length: WINDOWS * WINDOW }, () => 30_000 * random()),
  );
  const rows = async () => {
    const { body } = await ask(historyPath(RANGE));
    return (JSON.parse(body.toString()) as { rows?: { time: unknown[] } }).rows?.time.length;
  };
  await expect.poll(rows).toBe(WINDOWS);
}

function ask(path: string, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    get(fixture.server.url + path, { headers, agent: false }, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('error', reject);
      const { statusCode: status, headers: given } = response;
      response.on('end', () => resolve({ status, headers: given, body: Buffer.concat(parts) }));
    }).on('error', reject);
  });
}
