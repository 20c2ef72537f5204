import type { Config } from '../config.ts';
import {
  type CaptureCause,
  type CaptureRequest,
  CAPTURE_SIDE_DEFAULT_SECONDS as SIDE_SECONDS,
} from '../wire/captures.ts';
import type { CaptureOrder } from './capture-plan.ts';

/** What is asked for, by a person or on account of a diagnosis, with what the settings say where it is left out. */
export function orderOf(request: CaptureRequest, channels: Config['channels']): CaptureOrder {
  const { channel, comment = '', diagnosis: text, fromMs, toMs } = request;
  const cause: CaptureCause = text === undefined ? { kind: 'person', comment } : { kind: 'diagnosis', text };
  if (fromMs !== undefined && toMs !== undefined) {
    return { channel, cause, span: { kind: 'between', fromNs: toNs(fromMs), toNs: toNs(toMs) } };
  }
  const settings = Object.hasOwn(channels, channel) ? channels[channel]?.capture : undefined;
  const beforeSeconds = request.beforeSeconds ?? settings?.before_seconds ?? SIDE_SECONDS;
  const afterSeconds = request.afterSeconds ?? settings?.after_seconds ?? SIDE_SECONDS;
  return { channel, cause, span: { kind: 'around', beforeSeconds, afterSeconds } };
}

// A ms has digits to spare only before the multiplication.
function toNs(ms: number): bigint {
  const whole = Math.floor(ms);
  return BigInt(whole) * 1_000_000n + BigInt(Math.round((ms - whole) * 1e6));
}
