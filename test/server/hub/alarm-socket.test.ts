import { expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { HUB_PATH, type HubEvent } from '../../../server/wire/events.ts';
import { alarmReply, toldDefinition } from '../../support/alarm-replies.ts';
import { startHub } from '../../support/hub-server.ts';

it('brings 10,000 alarms over a socket that asked for nothing: its own pongs say that they land', async () => {
  const server = await startHub([]);
  const viewer = new WebSocket(server.url.replace('http', 'ws') + HUB_PATH);
  try {
    const tags = new Set<string>();
    const isWhole = new Promise<void>((resolve, reject) => {
      viewer.on('close', (code) => reject(new Error(`closed with ${code}`)));
      viewer.on('error', reject);
      viewer.on('message', (data) => {
        const event = JSON.parse(String(data)) as HubEvent;
        if (event.type !== 'alarms') return;
        for (const { tag } of event.alarms) tags.add(tag);
        if (tags.size === 10_000) resolve();
      });
    });
    await new Promise((resolve) => viewer.once('open', resolve));
    server.hub.setAlarmDefinitions([toldDefinition()]);
    for (let i = 0; i < 10_000; i++) server.hub.sendAlarm(alarmReply({ channel: `c${i}` }));

    await isWhole;
    await expect.poll(() => server.hub.status().alarmsBehind).toBe(0);
    expect(server.hub.status()).toMatchObject({ alarmsReplaced: 0, ended: { RATE_LIMIT: 0, TOO_SLOW: 0 } });
    expect(server.hub.status().longestQueueBytes).toBeLessThan(128 * 1024);
  } finally {
    viewer.terminate();
    await server.close();
  }
});
