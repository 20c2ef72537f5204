import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { connectAsync, type MqttClient } from 'mqtt';
import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../server/base/clock.ts';
import { MqttOutput } from '../../../server/notify/mqtt.ts';
import { ALARM_PRIORITIES } from '../../../server/wire/alarms.ts';
import { Folder } from '../../support/folder.ts';
import { alarmMessage } from '../../support/outputs.ts';
import { silentLog } from '../../support/silent-log.ts';
import { findTool, hasTool } from '../../support/tools.ts';

const folder = new Folder();
const still = new AbortController().signal;
const undo: (() => Promise<unknown> | unknown)[] = [];

afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});

describe.skipIf(!hasTool('mosquitto'))('the output to a broker, here mosquitto', () => {
  it('keeps the newest state of every alarm, over a broker that goes and comes', async () => {
    const broker = await Broker.start();
    const output = outputTo(broker.port);
    const raised = alarmMessage({ tag: 'hot:etch-1', version: 1 });
    await output.deliver([raised, { ...raised, version: 2, state: 'acknowledged' }], still);
    await output.deliver([alarmMessage({ tag: 'cold:etch-2' })], still);
    expect(await broker.retained()).toEqual({
      'plant/a/status': 'online',
      'plant/a/alarms/hot:etch-1': expect.objectContaining({ id: 'hot:etch-1/1/2', state: 'acknowledged' }),
      'plant/a/alarms/cold:etch-2': expect.objectContaining({ id: 'cold:etch-2/1/1', priority: 'high' }),
    });

    await broker.stop();
    await expect.poll(() => output.outage?.problem).toEqual(expect.any(String));
    await expect(output.deliver([raised], still)).rejects.toThrow();
    await broker.begin();
    const cleared = alarmMessage({ tag: 'hot:etch-1', event: 'clear', state: 'normal', version: 3 });
    await expect.poll(() => output.deliver([cleared], still).then(() => 'taken', String)).toBe('taken');
    expect(output.outage).toBeUndefined();
    expect(await broker.retained()).toMatchObject({
      'plant/a/status': 'online',
      'plant/a/alarms/hot:etch-1': { id: 'hot:etch-1/1/3', state: 'normal' },
    });

    await output.deliver([alarmMessage({ tag: 'hot:etch-1', event: 'remove', state: 'normal', version: 4 })], still);
    expect(await broker.retained()).not.toHaveProperty('plant/a/alarms/hot:etch-1');
    await output.close();
    expect(await broker.retained()).toHaveProperty('plant/a/status', 'offline');
  });

  it('tells a broker that has lost everything all states again', async () => {
    const broker = await Broker.start(false);
    const output = outputTo(broker.port);
    const low = alarmMessage({ tag: 'low:etch-1', priority: 'low' });
    const over = alarmMessage({ tag: 'over:etch-1', event: 'clear', state: 'normal', version: 2 });
    const urgent = alarmMessage({ tag: 'hot:etch-1', priority: 'critical' });
    const removed = alarmMessage({ tag: 'gone:etch-1', event: 'remove', state: 'normal', version: 2 });
    await output.deliver([over, low, { ...removed, event: 'raise' }, urgent], still);
    await output.deliver([removed], still);
    await broker.stop();
    await expect.poll(() => output.outage?.problem).toEqual(expect.any(String));
    await broker.begin();
    await expect.poll(() => output.outage, { timeout: 5000 }).toBeUndefined();
    expect(await broker.retained()).toEqual({
      'plant/a/status': 'online',
      'plant/a/alarms/hot:etch-1': expect.objectContaining({ id: 'hot:etch-1/1/1', priority: 'critical' }),
      'plant/a/alarms/low:etch-1': expect.objectContaining({ id: 'low:etch-1/1/1' }),
      'plant/a/alarms/over:etch-1': expect.objectContaining({ id: 'over:etch-1/1/2', state: 'normal' }),
    });
  });

  it('says by its last will that the server is gone, and what it does not tell any more', async () => {
    const broker = await Broker.start();
    const relay = await cutting(broker.port);
    const output = outputTo(relay.port, ['critical', 'high']);
    const message = alarmMessage({ tag: 'hot:etch-1' });
    await output.deliver([message], still);
    expect([output.wants(message), output.wants({ ...message, priority: 'low' })]).toEqual([true, false]);
    const lowered = alarmMessage({ tag: 'hot:etch-1', event: 'redefine', priority: 'low', version: 2 });
    expect(output.wants(lowered)).toBe(true);
    await output.deliver([lowered], still);
    expect(await broker.retained()).toEqual({ 'plant/a/status': 'online' });

    relay.cut();
    await expect.poll(() => broker.retained()).toEqual({ 'plant/a/status': 'offline' });
  });
});

function outputTo(port: number, priorities: (typeof ALARM_PRIORITIES)[number][] = [...ALARM_PRIORITIES]): MqttOutput {
  const settings = { url: `mqtt://127.0.0.1:${port}`, username: '', password: '', prefix: 'plant/a', priorities };
  const output = new MqttOutput({ settings, clock: systemClock, log: silentLog() });
  undo.push(() => output.close());
  return output;
}

/** A broker that forgets nothing while it is stopped, or everything. */
class Broker {
  readonly port: number;
  #process: ChildProcess | undefined;
  readonly #settings: string;

  static async start(keeps = true): Promise<Broker> {
    const probe = createServer().listen(0, '127.0.0.1');
    await once(probe, 'listening');
    const { port } = probe.address() as { port: number };
    await new Promise((resolve) => probe.close(resolve));
    const broker = new Broker(port, keeps);
    undo.push(() => broker.stop());
    await broker.begin();
    return broker;
  }

  private constructor(port: number, keeps: boolean) {
    this.port = port;
    const kept = `persistence ${keeps}\npersistence_location ${folder.path()}/\n${process.getuid?.() === 0 ? 'user root\n' : ''}`;
    this.#settings = folder.write('mosquitto.conf', `listener ${port} 127.0.0.1\nallow_anonymous true\n${kept}`);
  }

  async begin(): Promise<void> {
    this.#process = spawn(findTool('mosquitto')!, ['-c', this.#settings], { stdio: 'ignore' });
    await expect
      .poll(() =>
        this.#client()
          .then((client) => client.endAsync())
          .then(
            () => true,
            () => false,
          ),
      )
      .toBe(true);
  }

  async stop(): Promise<void> {
    if (this.#process === undefined || this.#process.exitCode !== null) return;
    this.#process.kill('SIGTERM');
    await once(this.#process, 'exit');
  }

  /** What a subscriber that comes now finds. */
  async retained(): Promise<Record<string, unknown>> {
    const client = await this.#client();
    const found: Record<string, unknown> = {};
    client.on('message', (topic, payload) => {
      const text = payload.toString();
      found[topic] = text.startsWith('{') ? JSON.parse(text) : text;
    });
    await client.subscribeAsync('#', { qos: 1 });
    const end = new Promise<void>((resolve) => client.once('packetreceive', () => resolve()));
    client.publish('test/end', 'x', { qos: 1 }); // is answered after what is retained
    await end;
    await expect.poll(() => 'test/end' in found).toBe(true);
    await client.endAsync();
    delete found['test/end'];
    return found;
  }

  #client(): Promise<MqttClient> {
    return connectAsync(`mqtt://127.0.0.1:${this.port}`, { reconnectPeriod: 0, connectTimeout: 2000 }, false);
  }
}

/** Passes on what goes to a port, until it is cut. */
async function cutting(to: number): Promise<{ readonly port: number; cut(): void }> {
  const { connect } = await import('node:net');
  const sockets = new Set<import('node:net').Socket>();
  const server = createServer((from) => {
    const broker = connect(to, '127.0.0.1');
    for (const socket of [from, broker]) sockets.add(socket.on('error', () => undefined));
    from.pipe(broker).pipe(from);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const cut = () => {
    server.close();
    for (const socket of sockets) socket.destroy();
  };
  undo.push(cut);
  return { port: (server.address() as { port: number }).port, cut };
}
