import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { renderMetrics } from '../../../server/http/metrics.ts';
import type { SystemSource } from '../../../server/http/system-source.ts';
import { BALANCED, fakeSource } from '../../support/system-source.ts';

// What the Prometheus text format allows in a line of a sample.
const SAMPLE = /^([a-z0-9_]+)(?:\{((?:[a-z_]+="(?:[^"\\\n]|\\["\\n])*",?)*)\})? (-?[0-9.e+-]+|NaN|[+-]Inf)$/;

describe('metrics', () => {
  it('are text that a scraper reads, each with help and type', async () => {
    const lines = (await render()).trimEnd().split('\n');

    const samples = lines.filter((line) => line !== '' && !line.startsWith('#'));
    const described = new Set(lines.filter((line) => line.startsWith('# TYPE ')).map((line) => line.split(' ')[2]));

    expect(samples.filter((line) => !SAMPLE.test(line))).toEqual([]);
    expect(samples.filter((line) => !described.has(SAMPLE.exec(line)![1]))).toEqual([]);
    expect(samples.length).toBeGreaterThan(30);
  });

  it('hold the ledger, with both identities', async () => {
    const value = reader(await render());
    const of = (name: string) => value(`fenestra_channel_${name}{channel="etch-1"}`);

    expect(of('samples_received_total')).toBe(1000);
    expect(of('samples_received_total')).toBe(of('samples_reduced_total') + of('samples_pending'));
    expect(of('samples_expected_total')).toBe(of('samples_received_total') + of('samples_missing_total'));
    expect(of('ledger_imbalances')).toBe(0);
  });

  it('hold the account of windows, with its identity', async () => {
    const value = reader(await render({ windows: () => ({ made: 20, taken: 11, waiting: 6, dropped: 3 }) }));
    const of = (name: string) => value(`fenestra_ingest_${name}`);

    expect([of('made_windows_total'), of('taken_windows_total')]).toEqual([20, 11]);
    expect([of('waiting_windows'), of('dropped_windows_total')]).toEqual([6, 3]);
    expect(of('window_imbalances')).toBe(0);
  });

  it('show windows that do not balance', async () => {
    const value = reader(await render({ windows: () => ({ made: 20, taken: 11, waiting: 6, dropped: 2 }) }));

    expect(value('fenestra_ingest_window_imbalances')).toBe(1);
  });

  it('show a ledger that does not balance', async () => {
    const value = reader(await render({ readLedger: async () => [{ ...BALANCED, pending: 49, missing: 1 }] }));

    expect(value('fenestra_channel_ledger_imbalances{channel="etch-1"}')).toBe(2);
  });

  it('have every figure of a ledger entry', async () => {
    const text = await render();

    const { channel: _c, stream: _s, gapRanges: _g, clockSteps: _t, live: _l, ...figures } = BALANCED;
    const lines = text.split('\n').filter((line) => line.startsWith('fenestra_channel_'));
    const values = lines.map((line) => Number(line.split(' ').at(-1)));
    expect(Object.values(figures).filter((figure) => !values.includes(figure))).toEqual([]);
  });

  it('are the ones that the documentation lists', async () => {
    const readme = readFileSync(new URL('../../../server/http/README.md', import.meta.url), 'utf8');

    const documented = [...readme.matchAll(/^\| `([a-z0-9_]+)` \| (gauge|counter) \|/gm)].map(([, name]) => name);
    const exported = [...(await render()).matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name);

    expect(documented).toEqual(exported);
  });

  it('have every figure of the hub, reasons as labels', async () => {
    const value = reader(await render());
    const of = (name: string) => value(`fenestra_hub_${name}`);

    expect(of('refused_total{reason="ORIGIN_REFUSED"}')).toBe(3);
    expect(of('refused_total{reason="VIEWER_LIMIT"}')).toBe(1);
    expect(of('ended_total{reason="TOO_SLOW"}')).toBe(2);
    expect(of('ended_total{reason="RATE_LIMIT"}')).toBe(5);
    const names = ['broken_total', 'dead_total', 'feeds', 'heartbeats_skipped_total', 'frames_sent_total'];
    expect([...names, 'bytes_sent_total', 'ring_bytes', 'shortened_channels'].map(of)).toEqual([
      13, 14, 15, 16, 17, 18, 19, 20,
    ]);
    expect(['diagnoses_replaced_total', 'alarms_replaced_total', 'alarms_behind'].map(of)).toEqual([240, 241, 242]);
    expect([of('queued_bytes'), of('longest_queue_bytes')]).toEqual([100, 99]);
  });

  it('have every figure of rings and recordings', async () => {
    const value = reader(await render());

    expect(['ring_bytes', 'ring_seconds'].map((name) => value(`fenestra_channel_${name}{channel="etch-1"}`))).toEqual([
      41, 42,
    ]);
    const names = [
      'active',
      'in_flight_bytes',
      'begun_total',
      'refused_total',
      'shortened_total',
      'bytes',
      'limit_bytes',
      'reading',
      'reads_refused_total',
      'reads_cut_total',
      'damaged',
      'held',
      'expired_total',
      'forgotten_total',
    ];
    expect(names.map((name) => value(`fenestra_captures_${name}`))).toEqual([
      43, 44, 45, 46, 47, 48, 49, 215, 216, 217, 218, 219, 220, 228,
    ]);
    expect(value('fenestra_captures_off')).toBe(0);
  });

  it('have every figure of the history', async () => {
    const text = await render();

    const { state: _, rowsPerSecond: _r, clockDoubt: _c, problem: _p, tiers: _t, ...told } = fakeSource().history();
    const { queries, quarantine, diagnoses, ...figures } = told;
    const lines = text.split('\n').filter((line) => line.startsWith('fenestra_history_'));
    const values = lines.map((line) => Number(line.split(' ').at(-1)));
    const times = ['lastCommitMs', 'commitP50Ms', 'commitP99Ms', 'p50Ms', 'p99Ms'];
    const parts = [{ ...figures, ...queries }, quarantine, diagnoses].flatMap((part) => Object.entries(part));
    const expected = parts.map(([name, figure]) => (times.includes(name) ? figure / 1000 : figure));
    expect(expected.filter((figure) => !values.includes(figure))).toEqual([]);
    expect(reader(text)('fenestra_history_working')).toBe(1);
    expect(reader(text)('fenestra_history_clock_doubted')).toBe(0);
    const off = { ...fakeSource().history(), state: 'off' as const, clockDoubt: 'it is 2036' };
    const value = reader(await render({ history: () => off }));
    expect(value('fenestra_history_working')).toBe(0);
    expect(value('fenestra_history_clock_doubted')).toBe(1);
  });

  it('have every figure of the outputs of alarms', async () => {
    const value = reader(await render());
    const of = (name: string) => value(`fenestra_output_${name}{kind="webhook",output="ops"}`);
    const names = ['waiting', 'oldest_seconds', 'delivered_total', 'failed_total', 'given_up_total'];
    expect(names.map(of)).toEqual([300, 301, 302, 303, 304]);
    expect(['superseded_total', 'dropped_total', 'failing'].map(of)).toEqual([305, 306, 1]);
    const ofAll = ['unstored_total', 'bytes', 'damaged_records'].map((name) => value(`fenestra_outbox_${name}`));
    expect(ofAll).toEqual([307, 308, 309]);
    const push = ['subscribers', 'gone_total', 'missed_total'].map((name) => value(`fenestra_push_${name}`));
    expect(push).toEqual([310, 311, 312]);
  });

  it('have every figure of who may act', async () => {
    const value = reader(await render());

    const names = ['sessions', 'crowded_out_sessions_total', 'wrong_secrets_total', 'refused_guesses_total'];
    expect(names.map((name) => value(`fenestra_access_${name}`))).toEqual([246, 247, 248, 249]);
    expect(value('fenestra_certificate_expiry_timestamp_seconds')).toBe(250);
  });

  it('count errors by code and latency in seconds', async () => {
    const value = reader(await render());

    expect(value('fenestra_ingest_errors_total{code="HELLO_INVALID"}')).toBe(2);
    expect(value('fenestra_hub_latency_seconds{quantile="0.99"}')).toBe(0.02);
    expect(value('process_start_time_seconds')).toBe(1);
  });
});

function render(parts: Partial<SystemSource> = {}): Promise<string> {
  return renderMetrics(fakeSource(parts));
}

function reader(text: string): (name: string) => number {
  const values = new Map(
    text.split('\n').map((line) => [line.slice(0, line.lastIndexOf(' ')), line.split(' ').at(-1)]),
  );
  return (name) => {
    if (!values.has(name)) throw new Error(`no ${name} in\n${text}`);
    return Number(values.get(name));
  };
}
