import { Worker } from 'node:worker_threads';

export interface Answer {
  readonly url: string;
  readonly status: number;
  readonly body: string;
  /** From the question, once it is sent, to the end of the answer. */
  readonly ms: number;
}

/** Asks for all of these at once, as a browser accepts them, from a thread of its own, so that what it costs here delays nothing else. */
export async function askAtOnce(urls: readonly string[]): Promise<readonly Answer[]> {
  const worker = new Worker(THREAD, { eval: true, workerData: urls });
  try {
    return await new Promise((resolve, reject) => {
      worker.once('message', resolve);
      worker.once('error', reject);
    });
  } finally {
    await worker.terminate();
  }
}

// Plain JavaScript, since a thread of Node 20 reads no TypeScript.
const THREAD = `
const { get } = require('node:http');
const { gunzipSync } = require('node:zlib');
const { parentPort, workerData: urls } = require('node:worker_threads');
const ask = (url) => new Promise((resolve, reject) => {
  let askedMs;
  const request = get(url, { agent: false, headers: { 'accept-encoding': 'gzip' } }, (response) => {
    const parts = [];
    response.on('data', (part) => parts.push(part));
    response.on('error', reject);
    response.on('end', () => {
      const ms = performance.now() - askedMs;
      const isEncoded = response.headers['content-encoding'] === 'gzip';
      resolve({ url, status: response.statusCode, body: Buffer.concat(parts), isEncoded, ms });
    });
  });
  request.once('finish', () => { askedMs = performance.now(); });
  request.once('error', reject);
});
const read = ({ isEncoded, body, ...answer }) => ({ ...answer, body: (isEncoded ? gunzipSync(body) : body).toString() });
Promise.all(urls.map(ask)).then((answers) => parentPort.postMessage(answers.map(read)));
`;
