import { appendFileSync, closeSync, openSync } from 'node:fs';
import { Command, InvalidArgumentError } from 'commander';
import { systemClock } from '../base/clock.ts';
import { AppError } from '../base/errors.ts';
import type { DeviceEvent } from '../ingest/device-options.ts';
import { CHANNEL_LIMIT, Plant } from '../ingest/simulator/plant.ts';
import { RATE_RANGE } from '../ingest/simulator/plasma-light.ts';

interface Options {
  readonly host: string;
  readonly port: number;
  readonly channels: number;
  readonly rate: number;
  readonly seed: string;
  readonly anomalies: number;
  readonly truth?: string;
  readonly duration?: number;
}

const END_LIMIT_MS = 2000; // the server may be gone

/** `fenestra simulate` */
export function simulateCommand(): Command {
  return new Command('simulate')
    .description('send what photomultipliers before burning plasmas would, as devices do')
    .option('--host <host>', 'where the server listens for devices', '127.0.0.1')
    .option('--port <port>', 'its port', whole(1, 65_535), 9750)
    .option('--channels <count>', 'sensors', whole(1, CHANNEL_LIMIT), 8)
    .option('--rate <hz>', 'samples a second of each', within(...RATE_RANGE), 10_000_000)
    .option('--seed <text>', 'the same seed sends the same samples', '1')
    .option('--anomalies <per-minute>', 'anomalies a minute on each channel, on average', within(0, 600), 1)
    .option('--truth <file>', 'write what really happened: JSON lines with sample ranges')
    .option('--duration <seconds>', 'end by itself after so long', within(0, 1e9))
    .action(simulate);
}

async function simulate(options: Options): Promise<void> {
  const { host, port, channels, rate, seed, anomalies, truth, duration } = options;
  const stream = `simulated-${new Date(systemClock.nowMs()).toISOString()}`;
  const log = truth === undefined ? undefined : openTruth(truth);
  let stop = (_error?: unknown): void => undefined;
  const stopped = new Promise<void>((resolve, reject) => {
    stop = (error) => (error === undefined ? resolve() : reject(error));
  });
  const plant = new Plant({
    host,
    port,
    channels,
    rateHz: rate,
    seed,
    anomaliesPerMinute: anomalies,
    stream,
    clock: systemClock,
    onTruth: (channel, event) => log?.write({ channel, stream, ...event }),
    onEvent: (channel, event) => report(channel, event),
    onFailure: stop,
  });

  const startedMs = systemClock.monotonicMs();
  await plant.start();
  console.error(
    `fenestra simulate: ${channels} sensors at ${rate / 1e6} MS/s each send to ${host}:${port}, seed ${seed}`,
  );
  const end = () => stop();
  process.once('SIGINT', end);
  process.once('SIGTERM', end);
  process.once('disconnect', end); // the server that started it is gone
  process.channel?.unref(); // waiting for that keeps nothing running
  const over = duration === undefined ? undefined : setTimeout(end, duration * 1000);

  await stopped.finally(() => clearTimeout(over));
  const limit = setTimeout(() => plant.destroy(), END_LIMIT_MS);
  await plant.end();
  clearTimeout(limit);
  log?.close();

  const seconds = (systemClock.monotonicMs() - startedMs) / 1000;
  const { user, system } = process.cpuUsage();
  const { sentSamples, lostSamples } = plant.counts;
  console.error(
    `fenestra simulate: ${sentSamples} samples sent and ${lostSamples} lost in ${seconds.toFixed(1)} s, ` +
      `${((user + system) / 1e6 / seconds).toFixed(2)} of a core`,
  );
}

/** A file of JSON lines. Throws `FILE_INVALID` where it cannot be written; what comes after that is left out. */
function openTruth(path: string) {
  let isBroken = false;
  const orFail = <T>(act: () => T): T => {
    try {
      return act();
    } catch (error) {
      isBroken = true;
      throw new AppError('FILE_INVALID', `cannot write ${path}: ${(error as Error).message}`, { cause: error });
    }
  };
  const file = orFail(() => openSync(path, 'w'));
  return {
    write(entry: object) {
      if (!isBroken) orFail(() => appendFileSync(file, `${JSON.stringify(entry)}\n`));
    },
    close: () => closeSync(file),
  };
}

function report(channel: string, event: DeviceEvent): void {
  if (event.kind === 'lost') {
    console.error(`fenestra simulate: ${channel}: ${event.reason}; trying again in ${event.retryMs} ms`);
  }
}

function whole(low: number, high: number): (text: string) => number {
  return (text) => {
    const value = within(low, high)(text);
    if (!Number.isInteger(value)) throw new InvalidArgumentError('It must be a whole number.');
    return value;
  };
}

function within(low: number, high: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() === '' || !(value >= low && value <= high)) {
      throw new InvalidArgumentError(`It must be a number from ${low} to ${high}.`);
    }
    return value;
  };
}
