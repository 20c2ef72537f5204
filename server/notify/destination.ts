import type { OutputKind } from '../wire/outputs.ts';
import type { AlarmMessage } from './message.ts';

/** Where messages go. */
export interface Destination {
  readonly kind: OutputKind;
  /** Unlike that of any other of its kind. */
  readonly name: string;
  /** The most messages that go together. */
  readonly together: number;
  /** Whether those that go together are of different alarms. */
  readonly isOnceEach: boolean;
  /** Whether it keeps states, and may have lost them: it is told at every start what stands. */
  readonly isKeeping?: boolean;
  /** How long the first one waits for others, ms. */
  readonly gatherMs: number;
  wants(message: AlarmMessage): boolean;
  /** Resolves when the destination has taken all of them, in this order. Rejects, with `Refused` where it refuses them for what they are; ends soon after `signal` is aborted. */
  deliver(messages: readonly AlarmMessage[], signal: AbortSignal): Promise<void>;
  /** Why nothing would arrive now, and since when by the monotonic clock, where that is known without a message. */
  readonly outage?: { readonly sinceMs: number; readonly problem: string } | undefined;
  /** How many states it has no room for. */
  readonly dropped?: number;
  close(): Promise<void>;
}

/** The destination says no to what it was told, and not to who tells it: trying again soon will not help. */
export class Refused extends Error {
  override readonly name = 'Refused';
}
