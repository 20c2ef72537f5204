import { expect, it } from 'vitest';
import { CaptureFixture } from '../support/capture-fixture.ts';
import { recordUnderLoad } from '../support/capture-load.ts';

const fixture = new CaptureFixture();

it('makes ten recordings at once while eight channels stream, and loses no sample of either', async () => {
  await fixture.start();

  const { captures, busyCores } = await recordUnderLoad(fixture.server, 500_000);

  console.log(`ten recordings of 2 s of 500 kS/s: ${busyCores.toFixed(2)} cores`);
  expect(captures).toHaveLength(10);
});
