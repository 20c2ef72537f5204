import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { channelName } from '../../../server/ingest/simulator/plant.ts';
import { NOMINAL_LEVEL } from '../../../server/ingest/simulator/shot-noise.ts';
import { loadConfig } from '../../../server/load-config.ts';

const FILE = new URL('../../../server/cli/simulated-plant.toml', import.meta.url);

it('names the eight channels that the simulator sends, with a band that a calm plasma is in', () => {
  const { config } = loadConfig({ file: { name: 'plant', text: readFileSync(FILE, 'utf8') }, environment: {} });

  expect(Object.keys(config.channels)).toEqual(Array.from({ length: 8 }, (_, i) => channelName(i)));
  for (const { label, unit, model, normal } of Object.values(config.channels)) {
    expect([label, unit, model]).toEqual([expect.stringMatching(/^Etch \d · view [AB]$/), 'V', 'plasma']);
    expect(normal?.[0]).toBeLessThan(NOMINAL_LEVEL);
    expect(normal?.[1]).toBeGreaterThan(NOMINAL_LEVEL);
  }
});
