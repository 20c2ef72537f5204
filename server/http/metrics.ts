import { Counter, Gauge, Registry } from 'prom-client';
import { imbalances, type LedgerEntry } from '../trend/ledger.ts';
import { type WindowAccount, windowImbalances } from '../trend/window-account.ts';
import type { SystemReply } from '../wire/rest.ts';
import { addAccessMetrics } from './access-metrics.ts';
import { addAlarmMetrics } from './alarm-metrics.ts';
import { addDiagnosisMetrics } from './diagnosis-metrics.ts';
import { addHistoryMetrics } from './history-metrics.ts';
import { addOutputMetrics } from './output-metrics.ts';
import { addRecordingMetrics } from './recording-metrics.ts';
import type { HubFigures, SystemSource } from './system-source.ts';

/** The media type of `renderMetrics`. */
export const METRICS_TYPE = Registry.PROMETHEUS_CONTENT_TYPE;

// Every metric there is. Names follow Prometheus: base units, `_total` for
// what only grows. The ledger is per channel, summed over its streams, since a
// label that changes with every start of a device would grow without a limit.

type Reasons = readonly [name: string, help: string, read: (from: HubFigures) => Readonly<Record<string, number>>];
type Read<T> = readonly [name: string, help: string, read: (from: T) => number];

// biome-ignore format: a table
const LEDGER_TOTALS: readonly Read<LedgerEntry>[] = [
  ['samples_received', 'Samples accepted: read, in order, not seen before.', (e) => e.received],
  ['samples_reduced', 'Samples in windows, by the kernels\' own counts. received = reduced + pending.', (e) => e.reduced],
  ['samples_expected', 'Samples from the first index to the last. expected = received + missing.', (e) => e.expected],
  ['samples_missing', 'Samples that never arrived.', (e) => e.missing],
  ['samples_duplicate', 'Samples that arrived a second time and were dropped.', (e) => e.duplicate],
  ['samples_late', 'Samples that came after they were counted as missing, and were dropped.', (e) => e.late],
  ['discarded_bytes', 'Bytes of payloads thrown away: never verified, or of a sample cut by the end of its connection.', (e) => e.discardedBytes],
  ['samples_clipped', 'Samples at or beyond full scale.', (e) => e.clipped],
  ['samples_nonfinite', 'Samples that are NaN or infinite.', (e) => e.nonfinite],
  ['gaps', 'Runs of missing samples.', (e) => e.gaps],
  ['windows', 'Windows handed out.', (e) => e.windows],
  ['sequence_jumps', 'Jumps of the frame counter.', (e) => e.sequenceJumps],
  ['reanchored', 'Times the sample clock was anchored again.', (e) => e.reanchored],
  ['steps_refused', "Times that were not followed: the device's clock stepped too often.", (e) => e.stepsRefused],
  ['connections', 'Connections the channel has had.', (e) => e.connections],
  ['streams', 'Runs of the device\'s sample counter.', (e) => e.streams],
];

// biome-ignore format: a table
const LEDGER_GAUGES: readonly Read<LedgerEntry>[] = [
  ['samples_pending', 'Samples read and not yet in a window that was handed out.', (e) => e.pending],
  ['device_lost_samples', 'Samples the device says it lost itself, of the newest stream.', (e) => e.deviceLost],
  ['live', 'Whether a device is connected.', (e) => Number(e.live)],
  ['ledger_imbalances', 'Ledger identities that do not hold: 0 unless there is a bug.', (e) => imbalances(e).length],
];

// biome-ignore format: a table
const INGEST_GAUGES: readonly Read<SystemReply['ingest']>[] = [
  ['connections', 'Devices connected.', (i) => i.connections],
  ['samples_per_second', 'Samples read in the last second.', (i) => i.samplesPerSecond],
  ['bytes_per_second', 'Bytes read in the last second.', (i) => i.bytesPerSecond],
  ['cpu_ratio', 'Share of the last second that the ingest thread was busy: at most so much of one core.', (i) => i.cpu],
  ['held_connections', 'Connections not read for now, because their windows pile up.', (i) => i.held],
  ['waiting_connections', 'Connections not read until there is room to hold a payload for its checksum.', (i) => i.waiting],
  ['withheld_streams', 'Streams whose windows are kept from the history for now, because it is too far behind.', (i) => i.withheld],
  ['payload_room_bytes', 'Room taken by payloads over 64 KiB that are held for their checksums.', (i) => i.roomBytes],
];

// biome-ignore format: a table
const INGEST_TOTALS: readonly Read<SystemReply['ingest']>[] = [
  ['payload_waits', 'Times a connection waited for room to hold a payload.', (i) => i.waits],
  ['windows_sent_again', 'Windows that devices have sent again for the history, which had lost them.', (i) => i.sentAgain],
  ['refused_guesses', 'Tokens refused unseen, because too many wrong ones came before from the same address.', (i) => i.guessesRefused],
];

// biome-ignore format: a table
const WINDOW_TOTALS: readonly Read<WindowAccount>[] = [
  ['made_windows', 'Windows handed out, of all channels. made = taken + waiting + dropped.', (w) => w.made],
  ['taken_windows', 'Windows put on the bus by the thread that serves people.', (w) => w.taken],
  ['dropped_windows', 'Windows dropped because the thread that serves people did not take them in time.', (w) => w.dropped],
];

// biome-ignore format: a table
const WINDOW_GAUGES: readonly Read<WindowAccount>[] = [
  ['waiting_windows', 'Windows that wait to be taken.', (w) => w.waiting],
  ['window_imbalances', 'Identities of windows that do not hold: 0 unless there is a bug.', (w) => windowImbalances(w).length],
];

// biome-ignore format: a table
const HUB_GAUGES: readonly Read<HubFigures>[] = [
  ['viewers', 'Viewers connected.', (h) => h.system.viewers],
  ['feeds', 'Distinct subscriptions: what is encoded each tick.', (h) => h.feeds],
  ['frames_per_second', 'Frames sent in the last second.', (h) => h.system.framesPerSecond],
  ['bytes_per_second', 'Bytes sent in the last second.', (h) => h.system.bytesPerSecond],
  ['queued_bytes', 'Bytes queued in the sockets of viewers, which the system has not taken yet.', (h) => h.system.bufferedBytes],
  ['longest_queue_bytes', 'The most bytes that were ever queued for one viewer.', (h) => h.longestQueueBytes],
  ['alarms_behind', 'Viewers who were not told yet of everything about alarms.', (h) => h.alarmsBehind],
  ['ring_bytes', 'Bytes set aside for windows that viewers can resume from.', (h) => h.ringBytes],
  ['shortened_channels', 'Channels that keep less of the past than the settings ask for.', (h) => h.shortened],
];

// biome-ignore format: a table
const HUB_TOTALS: readonly Read<HubFigures>[] = [
  ['frames_sent', 'Frames of trends sent.', (h) => h.framesSent],
  ['bytes_sent', 'Bytes of trends sent.', (h) => h.bytesSent],
  ['text_bytes_sent', 'Bytes of everything else: lists of channels, heartbeats, answers.', (h) => h.textBytesSent],
  ['heartbeats_skipped', 'Heartbeats not sent to a viewer whose queue was full.', (h) => h.heartbeatsSkipped],
  ['diagnoses_replaced', 'Diagnoses not sent to a viewer that had no room before a newer one came.', (h) => h.diagnosesReplaced],
  ['alarms_replaced', 'Changes of alarms not sent to a viewer that had no room before the alarm changed again.', (h) => h.alarmsReplaced],
  ['coarsened', 'Times a slow viewer was given coarser trends.', (h) => h.system.coarsened],
  ['cut_off', 'Viewers cut off because they were too slow.', (h) => h.system.cutOff],
  ['broken', 'Connections that broke the WebSocket protocol.', (h) => h.broken],
  ['dead', 'Connections ended because they went silent.', (h) => h.dead],
];

// biome-ignore format: a table
const HUB_REASONS: readonly Reasons[] = [
  ['refused', 'Upgrades refused before they became a live socket, by reason.', (h) => h.refused],
  ['ended', 'Live sockets ended by the server, by reason.', (h) => h.ended],
];

// biome-ignore format: a table
const PROCESS_GAUGES: readonly Read<SystemReply['process']>[] = [
  ['process_resident_memory_bytes', 'Resident memory.', (p) => p.rssBytes],
  ['process_heap_bytes', 'JavaScript heap in use.', (p) => p.heapBytes],
  ['fenestra_process_cpu_ratio', 'Share of one core in the last second, all threads.', (p) => p.cpu],
  ['fenestra_event_loop_delay_p99_seconds', 'Delay of the loop that serves people, last second.', (p) => p.loopDelayP99Ms / 1000],
];

/** Everything as Prometheus text, read from the stages at this instant. */
export async function renderMetrics(source: SystemSource): Promise<string> {
  return collect(source, await source.readLedger()).metrics();
}

// A fresh registry each time: a channel that is gone leaves nothing behind.
function collect(source: SystemSource, ledger: readonly LedgerEntry[]): Registry {
  const registry = new Registry();
  const to = [registry];

  const info = new Gauge({ name: 'fenestra_info', help: 'Version.', labelNames: ['version', 'node'], registers: to });
  info.set({ version: source.version, node: process.version }, 1);
  new Gauge({
    name: 'process_start_time_seconds',
    help: 'Start, seconds since 1970 UTC.',
    registers: to,
  }).set(source.startedMs / 1000);
  for (const [name, help, read] of PROCESS_GAUGES) new Gauge({ name, help, registers: to }).set(read(source.process()));

  new Counter({
    name: 'fenestra_http_dropped_connections_total',
    help: 'Connections of pages, viewers and scrapers closed at once because there were too many.',
    registers: to,
  }).inc(source.droppedConnections());

  const log = source.log();
  new Counter({
    name: 'fenestra_log_lost_lines_total',
    help: 'Lines left out of the log because it was not read in time.',
    registers: to,
  }).inc(log.lost);
  new Gauge({
    name: 'fenestra_log_waiting_bytes',
    help: 'Bytes of the log that wait to be read.',
    registers: to,
  }).set(log.waitingBytes);

  const labelNames = ['channel'];
  for (const [name, help, read] of LEDGER_TOTALS) {
    const counter = new Counter({ name: `fenestra_channel_${name}_total`, help, labelNames, registers: to });
    for (const entry of ledger) counter.inc({ channel: entry.channel }, read(entry));
  }
  for (const [name, help, read] of LEDGER_GAUGES) {
    const gauge = new Gauge({ name: `fenestra_channel_${name}`, help, labelNames, registers: to });
    for (const entry of ledger) gauge.set({ channel: entry.channel }, read(entry));
  }

  const ingest = source.ingest();
  for (const [name, help, read] of INGEST_GAUGES) {
    new Gauge({ name: `fenestra_ingest_${name}`, help, registers: to }).set(read(ingest));
  }
  for (const [name, help, read] of INGEST_TOTALS) {
    new Counter({ name: `fenestra_ingest_${name}_total`, help, registers: to }).inc(read(ingest));
  }
  const errors = new Counter({
    name: 'fenestra_ingest_errors_total',
    help: 'Device connections refused or ended with an error, by protocol code.',
    labelNames: ['code'],
    registers: to,
  });
  for (const [code, count] of Object.entries(ingest.errors)) errors.inc({ code }, count);

  const windows = source.windows();
  for (const [name, help, read] of WINDOW_TOTALS) {
    new Counter({ name: `fenestra_ingest_${name}_total`, help, registers: to }).inc(read(windows));
  }
  for (const [name, help, read] of WINDOW_GAUGES) {
    new Gauge({ name: `fenestra_ingest_${name}`, help, registers: to }).set(read(windows));
  }

  addHistoryMetrics(registry, source.history());

  const hub = source.hub();
  for (const [name, help, read] of HUB_GAUGES) {
    new Gauge({ name: `fenestra_hub_${name}`, help, registers: to }).set(read(hub));
  }
  for (const [name, help, read] of HUB_TOTALS) {
    new Counter({ name: `fenestra_hub_${name}_total`, help, registers: to }).inc(read(hub));
  }
  for (const [name, help, read] of HUB_REASONS) {
    const counter = new Counter({
      name: `fenestra_hub_${name}_total`,
      help,
      labelNames: ['reason'],
      registers: to,
    });
    for (const [reason, count] of Object.entries(read(hub))) counter.inc({ reason }, count);
  }
  const latency = new Gauge({
    name: 'fenestra_hub_latency_seconds',
    help: 'Last raw sample of a window read to its frame sent, over the last second.',
    labelNames: ['quantile'],
    registers: to,
  });
  latency.set({ quantile: '0.5' }, hub.system.latencyMs.p50 / 1000);
  latency.set({ quantile: '0.99' }, hub.system.latencyMs.p99 / 1000);
  addRecordingMetrics(registry, source.recording());
  addDiagnosisMetrics(registry, source.diagnosis());
  addAlarmMetrics(registry, source.alarms());
  addOutputMetrics(registry, source.alarms().outputs);
  addAccessMetrics(registry, source.access());
  return registry;
}
