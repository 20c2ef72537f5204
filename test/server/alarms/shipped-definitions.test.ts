import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { alarmsOf } from '../../../server/alarms/definition-alarms.ts';
import { readDefinitionFile } from '../../../server/alarms/definition-file.ts';
import { resolveDefinitions } from '../../../server/alarms/definition-resolution.ts';
import { definitionWarnings } from '../../../server/alarms/definition-warnings.ts';
import { loadConfig } from '../../../server/load-config.ts';
import { ALARM_PRIORITIES, SYSTEM_FIGURES } from '../../../server/wire/alarms.ts';

const ROOT = new URL('../../../', import.meta.url);
const MODEL = new URL('models/plasma/manifest.json', ROOT);
const SIMULATED_PLANT = new URL('server/cli/simulated-plant.toml', ROOT);
const SHIPPED = new URL('server/alarms/shipped/', ROOT);
const basic = readDefinitionFile(readFileSync(new URL('basic.toml', SHIPPED), 'utf8'));
const plant = readDefinitionFile(readFileSync(new URL('simulated-plant.toml', SHIPPED), 'utf8'));
const both = resolveDefinitions([...basic.definitions, ...plant.definitions]);
const CHANNELS = Object.keys(
  loadConfig({ file: { name: 'plant', text: readFileSync(SIMULATED_PLANT, 'utf8') }, environment: {} }).config.channels,
);

describe('the definitions that come with the program', () => {
  it('have no fault, the basic ones alone and with those of the simulated plant', () => {
    expect([basic.faults, plant.faults, both.faults]).toEqual([[], [], []]);
    expect(resolveDefinitions(basic.definitions).faults).toEqual([]);
  });

  it('tell cause, consequence and action in both languages', () => {
    for (const { id, title, cause, consequence, action } of both.whole) {
      const texts = [title, cause, consequence, action];
      expect(
        texts.filter(({ ko }) => !/[가-힣]/.test(ko ?? '')),
        id,
      ).toEqual([]);
      expect(
        texts.filter(({ en }) => /[가-힣]/.test(en)),
        id,
      ).toEqual([]);
    }
  });

  it('watch over every figure of the server, and every channel', () => {
    const alarms = alarmsOf(both.whole, [...CHANNELS, 'another']);

    const figures = both.whole.map(({ condition }) => condition.kind === 'system' && condition.figure);
    expect(Object.keys(SYSTEM_FIGURES).filter((figure) => !figures.some((one) => one === figure))).toEqual([]);
    expect(alarms.filter(({ channel }) => channel === 'another').map(({ tag }) => tag)).toEqual([
      'channel-clipped:another',
      'channel-missing:another',
      'channel-stale:another',
    ]);
  });

  it('have an alarm for every fault that the model of the simulated plant tells', () => {
    const { classes } = JSON.parse(readFileSync(MODEL, 'utf8')) as { classes: { label: string; severity: string }[] };

    const told = both.whole.flatMap(({ condition }) => (condition.kind === 'diagnosis' ? condition.labels : []));
    expect(told.sort()).toEqual(classes.filter(({ severity }) => severity !== 'normal').map(({ label }) => label));
  });

  it('hide what a channel of the plant cannot tell while its data are stale', () => {
    const hidden = alarmsOf(both.whole, CHANNELS).filter(({ tag }) => tag.startsWith('micro-arcing:'));

    expect(hidden.map(({ parents }) => parents)).toEqual(CHANNELS.map((channel) => [`channel-stale:${channel}`]));
  });

  it('are as urgent as their file says: none of a hundred alarms critical, 2 high, 23 medium, 75 low', () => {
    const alarms = alarmsOf(both.whole, CHANNELS);
    const shares = ALARM_PRIORITIES.map((one) => {
      return Math.round((100 * alarms.filter(({ definition }) => definition.priority === one).length) / alarms.length);
    });

    expect(shares).toEqual([0, 2, 23, 75]);
  });

  it('have nothing that may be a mistake', () => {
    expect(definitionWarnings(both.whole, { names: CHANNELS, banded: new Set(CHANNELS) })).toEqual([]);
  });
});
