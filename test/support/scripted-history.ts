import type { DiagnosesReply } from '../../server/wire/diagnosis-history.ts';
import type { ChannelsReply, HistoryColumns, HistoryReply } from '../../server/wire/history.ts';
import type { ScriptedChannel } from './scripted-hub.ts';
import { signalBlock } from './signals.ts';

/** What a scripted plant has of the past: the same signals as the live ones, as far back as is asked of them. */
export interface ScriptedPast {
  readonly channels: readonly ScriptedChannel[];
  readonly originMs: number;
  readonly rowMs: number;
  /** How long before the origin it begins. */
  readonly beforeMs: number;
}

// A coarse row is made of so many of its windows at most: a picture, not an account.
const PARTS = 40;

export function channelsReply({ channels, originMs, beforeMs }: ScriptedPast): ChannelsReply {
  return {
    channels: channels.map(({ name, label = name, unit = 'V' }) => ({
      name,
      label,
      unit,
      rateHz: 10_000_000,
      window: 50_000,
      firstMs: originMs - beforeMs,
      lastMs: Date.now(),
    })),
  };
}

/** Rows of a channel on the grid that is just coarse enough. */
export function historyReply(
  past: ScriptedPast,
  ask: { readonly channel: string; readonly fromMs: number; readonly toMs: number; readonly columns: number },
): HistoryReply | undefined {
  const number = past.channels.findIndex(({ name }) => name === ask.channel);
  if (number < 0) return undefined;
  const { signal = 'calm', unit = 'V', times = 1 } = past.channels[number];
  const { originMs, rowMs } = past;
  const fromMs = Math.max(ask.fromMs, originMs - past.beforeMs);
  const toMs = Math.min(ask.toMs, Date.now());
  const span = spanFor((ask.toMs - ask.fromMs) / ask.columns / rowMs);
  const rows = emptyColumns();
  for (let row = Math.ceil((fromMs - originMs) / rowMs / span); (row + 1) * span * rowMs + originMs <= toMs; row++) {
    addRow(rows, { signal, number, row, span, times, originMs, rowMs });
  }
  return { channel: ask.channel, unit, fromMs: ask.fromMs, toMs: ask.toMs, rowMs, span, rows };
}

type Columns = HistoryColumns<number[]>;

function emptyColumns(): Columns {
  return {
    time: [],
    length: [],
    min: [],
    max: [],
    mean: [],
    deviation: [],
    count: [],
    clipped: [],
    nonfinite: [],
    flags: [],
    windows: [],
    broken: [],
  };
}

function addRow(
  rows: Columns,
  at: Pick<ScriptedPast, 'originMs' | 'rowMs'> & {
    signal: NonNullable<ScriptedChannel['signal']>;
    number: number;
    row: number;
    span: number;
    times: number;
  },
): void {
  const { row, span, rowMs, originMs, times } = at;
  const first = row * span;
  const step = Math.max(1, Math.floor(span / PARTS));
  const parts = Array.from({ length: Math.ceil(span / step) }, (_, i) => first + i * step).flatMap((from) =>
    signalBlock({ ...at, from, to: from + 1 }),
  );
  if (parts.length === 0) {
    if (rows.broken.length > 0) rows.broken[rows.broken.length - 1] = 1;
    return;
  }
  const figures = (name: 'min' | 'max' | 'mean') => parts.map((part) => part[name][0] * times);
  rows.time.push(originMs + first * rowMs);
  rows.length.push(span * rowMs);
  rows.min.push(Math.min(...figures('min')));
  rows.max.push(Math.max(...figures('max')));
  rows.mean.push(figures('mean').reduce((sum, mean) => sum + mean, 0) / parts.length);
  rows.deviation.push(Math.sqrt(parts[0].m2[0] / parts[0].count[0]) * times);
  rows.count.push(span * parts[0].count[0]);
  rows.windows.push(span);
  for (const name of ['clipped', 'nonfinite', 'flags', 'broken'] as const) rows[name].push(0);
}

function spanFor(least: number): number {
  for (let power = 1; ; power *= 10) for (const times of [1, 2, 5]) if (times * power >= least) return times * power;
}

/** What a server answers that kept no diagnoses of a channel. */
export function noDiagnoses(channel: string, { from, to }: Readonly<Record<string, unknown>>): DiagnosesReply {
  return { channel, fromMs: Number(from), toMs: Number(to), kinds: [], form: 'spans', spans: [] };
}
