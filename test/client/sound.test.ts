import { describe, expect, it } from 'vitest';
import { AlarmSound } from '../../client/sound.ts';
import { BURST, TONES } from '../../client/sound-tones.ts';
import { FakeTimers } from '../support/fake-timers.ts';

describe('the sound of alarms', () => {
  it('sounds at once, and again by the priority until nobody need be called', () => {
    const { sound, context, timers } = create();

    sound.call({ priority: 'high', fresh: 1 });
    timers.advance(TONES.high.everyMs * 2);
    expect(context.heard()).toEqual(Array.from({ length: 3 }, () => TONES.high.beeps.map(({ hz }) => hz)).flat());

    sound.call({ priority: undefined, fresh: 0 });
    timers.advance(TONES.high.everyMs * 2);
    expect(context.heard()).toEqual([]);
  });

  it('turns to what is more urgent at once, and back to the pace of what is left', () => {
    const { sound, context, timers } = create();
    sound.call({ priority: 'low', fresh: 1 });
    context.heard();

    sound.call({ priority: 'critical', fresh: 1 });
    expect(context.heard()[0]).toBe(TONES.critical.beeps[0].hz);
    timers.advance(TONES.critical.everyMs);
    expect(context.heard()[0]).toBe(TONES.critical.beeps[0].hz);
  });

  it('is one tone for more than three at once, then that of the most urgent', () => {
    const { sound, context, timers } = create();

    sound.call({ priority: 'medium', fresh: 4 });
    expect(context.heard()).toEqual(BURST.beeps.map(({ hz }) => hz));
    timers.advance(TONES.medium.everyMs);
    expect(context.heard()).toEqual(TONES.medium.beeps.map(({ hz }) => hz));
  });

  it('says that it is off while the browser waits for a hand, and sounds once it may', () => {
    const { sound, context } = create('suspended');
    sound.call({ priority: 'high', fresh: 1 });
    expect([sound.value, context.heard()]).toEqual(['off', []]);

    sound.allow();

    expect(sound.value).toBe('on');
    expect(context.heard().length).toBe(TONES.high.beeps.length);
  });

  it('is silent while it is muted and sounds at once when it no longer is', () => {
    const { sound, context, timers } = create();
    sound.isMuted = true;
    sound.call({ priority: 'critical', fresh: 9 });
    timers.advance(TONES.critical.everyMs);
    expect([sound.value, context.heard()]).toEqual(['muted', []]);

    sound.isMuted = false;
    expect(context.heard().length).toBe(TONES.critical.beeps.length);
  });

  it('says so where the browser has none', () => {
    const sound = new AlarmSound({ open: () => undefined, after: () => () => {} });
    sound.call({ priority: 'critical', fresh: 1 });

    expect(sound.value).toBe('none');
  });
});

function create(state: AudioContextState = 'running') {
  const timers = new FakeTimers();
  const context = new FakeContext(state);
  const sound = new AlarmSound({
    open: () => context as unknown as AudioContext,
    after: (delayMs, run) => timers.after(delayMs, run),
  });
  return { sound, context, timers };
}

/** Tells the fundamentals of what was played. */
class FakeContext extends EventTarget {
  readonly currentTime = 0;
  readonly destination = {};
  state: AudioContextState;
  #played: number[] = [];

  constructor(state: AudioContextState) {
    super();
    this.state = state;
  }

  /** What was played since this was asked last, Hz. */
  heard(): number[] {
    const played = this.#played;
    this.#played = [];
    return played.filter((_, i) => i % 3 === 0); // without harmonics
  }

  createGain() {
    const gain = { value: 1, setValueAtTime: () => {}, linearRampToValueAtTime: () => {} };
    return { gain, connect: () => {} };
  }

  createOscillator() {
    const frequency = { value: 0 };
    return { frequency, connect: () => {}, start: () => this.#played.push(frequency.value), stop: () => {} };
  }

  async resume(): Promise<void> {
    this.state = 'running';
    this.dispatchEvent(new Event('statechange'));
  }

  async close(): Promise<void> {}
}
