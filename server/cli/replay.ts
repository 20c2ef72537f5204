import { randomUUID } from 'node:crypto';
import { basename, extname } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { systemClock } from '../base/clock.ts';
import { openSource } from '../ingest/replay/open-source.ts';
import { replay } from '../ingest/replay/replay.ts';
import { CHANNEL_NAME } from '../wire/names.ts';
import { createProgress } from './progress.ts';
import {
  addSourceOptions,
  parseCount,
  parsePositive,
  parseWindow,
  type SourceFlags,
  toSourceOptions,
} from './source-options.ts';

interface Options extends SourceFlags {
  readonly channel?: string;
  readonly host: string;
  readonly port: number;
  readonly speed: number;
  readonly window?: number;
  readonly token?: string;
}

/** `fenestra replay FILE` */
export function replayCommand(): Command {
  const command = new Command('replay')
    .description('send a recording (SigMF, WAV, CSV or bare samples) to a server, as a device would')
    .argument('<file>', 'the recording')
    .option('--channel <name>', 'channel to send as; default: replay. and the name of the file', parseChannel)
    .option('--host <host>', 'the server', '127.0.0.1')
    .option('--port <port>', 'its port for devices', parseCount, 9750)
    .option('--speed <factor>', 'times real time, or max: as fast as acknowledged', parseSpeed, 1)
    .option('--window <samples>', 'window size to ask for; default: as it was measured', parseWindow)
    .option('--token <secret>', "the channel's secret; better as FENESTRA_TOKEN, which others cannot read")
    .addHelpText('after', '\nTimes are those of the recording where it tells them, else they begin when it is sent.');
  return addSourceOptions(command).action(run);
}

async function run(path: string, options: Options): Promise<void> {
  const source = await openSource(path, toSourceOptions(options));
  const stop = new AbortController();
  const onSignal = () => stop.abort();
  process.once('SIGINT', onSignal).once('SIGTERM', onSignal);

  const channel = options.channel ?? channelOf(path);
  const token = options.token ?? process.env.FENESTRA_TOKEN;
  const progress = createProgress(`replaying to ${channel}`);
  try {
    const counts = await replay(source, {
      host: options.host,
      port: options.port,
      channel,
      stream: randomUUID(),
      window: options.window,
      token,
      speed: options.speed,
      clock: systemClock,
      signal: stop.signal,
      onProgress: progress.update,
      onEvent: (event) => {
        if (event.kind === 'lost') console.error(`connection lost (${event.reason}), trying again`);
      },
    });
    progress.stop();
    console.error(`${stop.signal.aborted ? 'stopped' : 'done'}: ${counts.sentSamples} samples sent as ${channel}`);
  } finally {
    progress.stop();
    await source.close();
    process.off('SIGINT', onSignal).off('SIGTERM', onSignal);
  }
}

/** `replay.` and the file's name, made valid. */
export function channelOf(path: string): string {
  const name = basename(path, extname(path)).replace(/[^A-Za-z0-9._-]/g, '_');
  return `replay.${name}`.slice(0, 64);
}

function parseChannel(text: string): string {
  if (!CHANNEL_NAME.test(text)) throw new InvalidArgumentError('expected 1 to 64 of A-Z a-z 0-9 . _ -');
  return text;
}

function parseSpeed(text: string): number {
  return text === 'max' ? Number.POSITIVE_INFINITY : parsePositive(text);
}
