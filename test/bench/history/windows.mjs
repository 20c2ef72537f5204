// Windows of a hundred channels as the ingest thread packs them: figures of an
// int16 converter, of noise on a slow swing.

const BUILD = new URL('../../../build/', import.meta.url);
export const CHANNELS = 100;
export const WINDOWS_PER_SECOND = 200;
export const PARCEL_MS = 10;
const SCALE = 1 / 3276.8;
const START_NS = 1_700_000_000_000_000_000n;

export const INFOS = Array.from({ length: CHANNELS }, (_, number) => ({
  channel: `sensor.${number}`,
  stream: `run-${number}`,
  datatype: 'ri16_le',
  rateHz: 10_000_000,
  window: 50_000,
  unit: 'V',
  scale: SCALE,
  offset: 0,
  hardware: '',
  description: '',
  recorder: '',
}));

/** Parcels of `seconds`, a parcel for each `PARCEL_MS`, each a buffer of its own. */
export async function makeParcels(seconds) {
  const { WindowBatch } = await import(new URL('server/trend/window-batch.js', BUILD));
  const random = generator(7);
  const rounds = PARCEL_MS * WINDOWS_PER_SECOND * 1e-3;
  const batch = new WindowBatch(rounds * CHANNELS);
  return Array.from({ length: (seconds * 1000) / PARCEL_MS }, (_, parcel) => {
    for (let round = 0; round < rounds; round++) {
      const index = parcel * rounds + round;
      for (let number = 0; number < CHANNELS; number++) batch.add(number, makeWindow(INFOS[number], index, random));
    }
    return { kind: 'windows', rows: rounds * CHANNELS, buffer: batch.take() };
  });
}

function makeWindow({ channel, stream, window: size, rateHz }, index, random) {
  const level = 8000 * Math.sin(index / 900) + 100 * random();
  const spread = 900 + 300 * random();
  return {
    channel,
    stream,
    index,
    size,
    rateHz,
    timeNs: START_NS + BigInt(index) * 5_000_000n,
    arrivedMs: 0,
    summary: {
      count: size,
      min: Math.round(level - 4 * spread) * SCALE,
      max: Math.round(level + 4 * spread) * SCALE,
      mean: level * SCALE,
      m2: (spread * SCALE) ** 2 * size * (0.99 + 0.02 * random()),
      clipped: 0,
      nonfinite: 0,
    },
    flags: 0,
  };
}

function generator(seed) {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
