import { fork } from 'node:child_process';
import { once } from 'node:events';
import { Command } from 'commander';
import type { Address, App } from '../app.ts';
import { SIMULATED_ALARMS, SIMULATED_PLANT } from '../installed-files.ts';
import { bracketed, ownAddresses } from './own-addresses.ts';
import { readSettings } from './settings.ts';
import { openStandardOutput } from './standard-output.ts';
import { readVersion } from './version.ts';

interface Options {
  readonly config?: string;
  readonly simulate?: boolean;
}

const STOP_LIMIT_MS = 3000;
/** Every address of the machine; none that a browser could open. */
const EVERYWHERE = ['0.0.0.0', '::'];

/** `fenestra serve` */
export function serveCommand(): Command {
  return new Command('serve')
    .description('run the server')
    .option('-c, --config <file>', 'settings file (default: fenestra.toml here, if there is one)')
    .option('--simulate', 'feed it with eight simulated sensors')
    .action(async ({ config, simulate = false }: Options) => {
      const { runServer } = await import('../main.ts'); // other commands start without the server's packages
      await runServer({
        settings: readSettings(config, simulate ? SIMULATED_PLANT : undefined),
        version: readVersion(),
        logFile: openStandardOutput(),
        plantAlarms: simulate ? [SIMULATED_ALARMS] : [],
        onListening(app) {
          announce(app, simulate);
          return simulate ? startSimulator(app.ingest) : async () => undefined;
        },
      });
    });
}

// To standard error: standard output is the log, one JSON object a line.
function announce({ http, ingest }: App, simulate: boolean): void {
  const devices = `${simulate ? 'Eight simulated sensors and other devices' : 'Devices'} send to ${toText(ingest)}.`;
  const [here, ...elsewhere] = (EVERYWHERE.includes(http.host) ? ['localhost', ...ownAddresses()] : [http.host]).map(
    (host) => `${http.isSecure ? 'https' : 'http'}://${toText({ ...http, host })}/`,
  );
  const others = elsewhere.length === 0 ? '' : `  From elsewhere: ${elsewhere.join(', ')}\n`;
  console.error(`\n  Fenestra is running: ${here}\n${others}  ${devices} Ctrl-C stops it.\n`);
}

/** Runs the simulator as a process of its own, like every device; returns how to end it. */
function startSimulator({ host, port }: Address): () => Promise<void> {
  const child = fork(process.argv[1], ['simulate', '--host', host, '--port', String(port)], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const ended = once(child, 'exit');
  let isStopping = false;
  child.once('exit', (code) => {
    if (!isStopping) console.error(`  The simulated sensors have ended by themselves (exit code ${code}).`);
  });

  return async () => {
    isStopping = true;
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGTERM');
    const kill = setTimeout(() => child.kill('SIGKILL'), STOP_LIMIT_MS);
    await ended;
    clearTimeout(kill);
  };
}

function toText({ host, port }: Address): string {
  return `${bracketed(host)}:${port}`;
}
