import { beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { AlarmsLive } from '../../client/alarms-live.ts';
import { Live } from '../../client/live.ts';
import type { AlarmStore } from '../../client/store/alarms.ts';
import type { KernelModule } from '../../server/kernels/module.ts';
import { alarmReply, toldDefinition } from '../support/alarm-replies.ts';
import { FakeHub } from '../support/fake-hub.ts';
import { FakeTimers } from '../support/fake-timers.ts';
import { loadKernels } from '../support/kernels.ts';
import { NO_HISTORY } from '../support/no-history.ts';

let kernels: KernelModule;
let hub: FakeHub;
let timers: FakeTimers;

beforeAll(async () => {
  kernels = await loadKernels();
});

beforeEach(() => {
  hub = new FakeHub();
  timers = new FakeTimers();
});

const renew = vi.fn();
const PAGES: [string, () => { readonly alarms: AlarmStore; start(): void }][] = [
  ['the dashboard', () => new Live({ ...options(), kernels: kernels as WebAssembly.Module, history: NO_HISTORY })],
  ['the page of the alarms alone', () => new AlarmsLive(options())],
];

describe.each(PAGES)('%s', (_name, create) => {
  it('hears of alarms, and takes none for being of now when the line was lost', () => {
    const live = create();
    live.start();
    hub.welcome();
    hub.say({ type: 'alarm-definitions', definitions: [toldDefinition()] });
    hub.say({ type: 'alarms', snapshot: 'last', alarms: [alarmReply()] });
    hub.say({ type: 'alarm-flood', sinceMs: 1 });
    expect(live.alarms.value).toMatchObject({ isKnown: true, isStale: false, shown: [{}], flood: { sinceMs: 1 } });
    expect(live.alarms.definition('light-high')).toBeDefined();

    hub.drop();
    expect(live.alarms.value.isStale).toBe(true);
    timers.advance(300);
    hub.welcome();
    hub.say({ type: 'alarms', snapshot: 'last', alarms: [] });
    expect(live.alarms.value).toMatchObject({ isStale: false, shown: [] });
  });
});

describe('the alarms alone', () => {
  it('say how old the newest word of the server is, and when it is silent', () => {
    const live = new AlarmsLive(options());
    live.start();
    expect(live.life.value).toMatchObject({ serverMs: undefined, delayMs: undefined, isSilent: false });
    hub.welcome();
    timers.advance(2500);
    expect(live.life.value).toMatchObject({ isSilent: false, delayMs: 0 });

    hub.isMute = true;
    timers.advance(3500);
    expect(live.life.value).toMatchObject({ isSilent: true, isOtherVersion: false });
  });

  it('get the page of another version of the server', () => {
    hub.wire = 99;
    const live = new AlarmsLive(options());
    live.start();
    hub.welcome();
    timers.advance(250);

    expect(renew).toHaveBeenCalledOnce();
    expect(live.life.value.isOtherVersion).toBe(true);
  });
});

function options() {
  return { open: hub.open, timers, renew };
}
