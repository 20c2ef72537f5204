import { afterEach, expect, it } from 'vitest';
import { type HubServer, startHub } from '../support/hub-server.ts';
import { TestViewer } from '../support/viewer.ts';

const NAMES = ['PMT-1', 'PMT-2', 'PMT-10'];
let server: HubServer | undefined;
const viewers: TestViewer[] = [];

afterEach(async () => {
  await Promise.all(viewers.splice(0).map((viewer) => viewer.reset()));
  await server?.close();
  server = undefined;
});

it('welcomes a viewer, lists the channels in natural order and sends every window once', async () => {
  server = await startHub(NAMES, { channels: { 'PMT-10': { label: 'Divertor', normal: [0, 2] } } });
  const viewer = await open();
  await viewer.subscribe([{ name: '*' }]);

  server.feed(100);
  await viewer.until(() => viewer.windows === 300);

  expect(viewer.channels.map(({ name, label }) => [name, label])).toEqual([
    ['PMT-10', 'Divertor'], // settings first
    ['PMT-1', 'PMT-1'],
    ['PMT-2', 'PMT-2'],
  ]);
  expect([viewer.missing, viewer.doubled]).toEqual([0, 0]);
  expect(viewer.view('PMT-2')).toMatchObject({ windows: 100, rows: 100, samples: 100 * 50_000 });
});

async function open(options = {}): Promise<TestViewer> {
  const viewer = await TestViewer.open(server!.url, options);
  viewers.push(viewer);
  return viewer;
}
