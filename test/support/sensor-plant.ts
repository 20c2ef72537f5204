import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { channelName } from '../../server/ingest/simulator/plant.ts';
import { COMMAND } from './command.ts';
import { startServer } from './server.ts';

// 200 windows a second, as a sensor of 10 MS/s gives, from a hundredth of its samples.
const RATE_HZ = 100_000;
const WINDOW = 500;

/** The real thing: server and sensors, each a process of its own. */
export interface SensorPlant {
  readonly url: string;
  close(): Promise<void>;
}

/** Starts the built server and `sensors` simulated sensors of 200 windows a second each. Close it when done. */
export async function startSensorPlant(sensors: number, allowedOrigins: readonly string[] = []): Promise<SensorPlant> {
  const names = Array.from({ length: sensors }, (_, i) => channelName(i));
  const server = await startServer({
    server: { allowed_origins: allowedOrigins },
    ingest: { window: WINDOW },
    channels: Object.fromEntries(names.map((name) => [name, { unit: 'V', normal: [0.1085, 0.1205] }])),
  });
  const { host, port } = server.ingest;
  const options = { host, port, channels: sensors, rate: RATE_HZ };
  const simulator = spawn(
    process.execPath,
    [COMMAND, 'simulate', ...Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)])],
    { stdio: 'ignore' },
  );
  const ended = once(simulator, 'exit');
  return {
    url: server.url,
    async close() {
      simulator.kill('SIGTERM');
      await ended;
      await server.close();
    },
  };
}
