import { expect, it } from 'vitest';
import { imbalances } from '../../../server/trend/ledger.ts';
import type { OpenSink, SampleSink } from '../../../server/trend/sample-sink.ts';
import { Device } from '../../support/device.ts';
import { startIngest } from '../../support/ingest.ts';

// The proof that the ledger's identity can fail: between ingest and compute
// one chunk of samples vanishes, as it would by a bug.
it.each([
  ['the first', 0],
  ['one in the middle', 2],
  ['the last', 4],
])('a chunk that is lost inside breaks the books: %s', async (_name, lost) => {
  const ingest = await startIngest({ wrapSink: (open) => dropWrite(open, lost) });
  const device = await Device.open(ingest.address, { 'fenestra:window': 10 });

  for (let i = 0; i < 5; i++) {
    device.frame(i * 7, new Int16Array(7));
    await device.until(() => ingest.ledger().received === (i + 1) * 7 || device.acknowledgements.length > 1000);
  }
  const broken = imbalances(ingest.ledger());

  expect(broken).toEqual([expect.stringContaining('received 35 != reduced')]);
  device.socket.destroy();
  await ingest.server.close();
});

function dropWrite(open: OpenSink, lost: number): OpenSink {
  let writes = 0;
  return (info, timeOf) => {
    const sink = open(info, timeOf);
    const leaky: SampleSink = {
      describe: (form) => sink.describe(form),
      seek: (index, flags) => sink.seek(index, flags),
      write: (bytes, from, to, arrivedMs) => {
        if (writes++ !== lost) sink.write(bytes, from, to, arrivedMs);
      },
      end: () => sink.end(),
      release: () => sink.release(),
      get safe() {
        return sink.safe;
      },
      get tally() {
        return sink.tally;
      },
    };
    return leaky;
  };
}
