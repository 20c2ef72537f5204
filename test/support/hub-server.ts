import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Clock, systemClock } from '../../server/base/clock.ts';
import { Config } from '../../server/config.ts';
import { Hub } from '../../server/hub/hub.ts';
import { silentLog } from './silent-log.ts';
import { trendWindow } from './trend-windows.ts';

/** A hub on a port of its own, fed by hand. */
export interface HubServer {
  readonly hub: Hub;
  readonly url: string;
  readonly port: number;
  /** Windows fed so far, a channel. */
  readonly fed: number;
  /** Sends the next windows of each channel, `count` each. */
  feed(count: number): void;
  /** Sends windows in real time, `perSecond` a channel, until the returned undo is called. */
  stream(perSecond: number): () => void;
  close(): Promise<void>;
}

/** Starts a hub with the channels `names`, of 10 MS/s in windows of 50,000. `settings` is as in `fenestra.toml`. */
export async function startHub(
  names: readonly string[],
  settings: object = {},
  clock: Clock = systemClock,
): Promise<HubServer> {
  const config = Config.parse(settings);
  const hub = new Hub({
    clock,
    log: silentLog(),
    settings: config.hub,
    server: config.server,
    site: config.site,
    channels: config.channels,
    version: '0.0.0',
  });
  const server = createServer((_request, response) => response.writeHead(404).end());
  hub.attach(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;

  for (const channel of names) hub.setChannel(channelInfo(channel));
  let index = 0;
  const feed = (count: number) => {
    for (let i = 0; i < count; i++, index++) {
      for (const channel of names) hub.sendTrend(trendWindow({ channel, index, arrivedMs: systemClock.nowMs() }));
    }
  };
  return {
    hub,
    url: `http://127.0.0.1:${port}`,
    port,
    get fed() {
      return index;
    },
    feed,
    stream(perSecond) {
      const startMs = performance.now();
      let fed = 0;
      const timer = setInterval(() => {
        const due = Math.floor(((performance.now() - startMs) / 1000) * perSecond);
        feed(due - fed);
        fed = due;
      }, 5);
      return () => clearInterval(timer);
    },
    async close() {
      await hub.close();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** What a device of 10 MS/s says of a channel. */
export function channelInfo(channel: string, more: { rateHz?: number; window?: number; stream?: string } = {}) {
  return {
    channel,
    stream: 'run-1',
    datatype: 'ri16_le',
    rateHz: 10_000_000,
    window: 50_000,
    unit: 'V',
    scale: 1,
    offset: 0,
    hardware: '',
    description: '',
    recorder: '',
    ...more,
  };
}
