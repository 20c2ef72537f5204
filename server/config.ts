import { z } from 'zod';
import { LOG_LEVELS } from './base/log.ts';
import { PLAIN_TEXT, PLAIN_TEXT_WORDS } from './base/plain-text.ts';
import { ModelName } from './model/manifest.ts';
import { Notify } from './notify-settings.ts';
import { DIAGNOSIS_TIERS, TIERS } from './trend/tier.ts';
import { CAPTURE_SIDE_DEFAULT_SECONDS, CAPTURE_SIDE_LIMIT_SECONDS } from './wire/captures.ts';
import { CHANNEL_NAME } from './wire/names.ts';

// Every setting there is, with its default. A key of the file that is not
// listed here is refused, so that a typing error cannot pass for a setting.

const port = z.int().min(0).max(65_535);
const host = z.string().min(1);

const OperatorSecret = z
  .string()
  .max(256)
  .refine((secret) => secret === '' || secret.length >= 12, 'must be empty or have at least 12 characters');

const Network = z
  .union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()], 'must be an address, or a network such as 10.0.0.0/8')
  .refine((network) => !network.endsWith('/0'), 'must not be everybody');

const Server = z.strictObject({
  host: host.default('127.0.0.1'),
  port: port.default(8080),
  /** Origins besides the server's own whose pages may ask and open the live socket, such as `https://wall.example`. */
  allowed_origins: z.array(z.url()).default([]),
  /** Host names besides the bound address that requests may name, against DNS rebinding. */
  allowed_hosts: z.array(z.string()).default([]),
  /** Proxies whose word is taken for who asks (`X-Forwarded-For`) and whether by https (`X-Forwarded-Proto`). */
  trusted_proxies: z.array(Network).max(64).default([]),
  /** Who gives it may act; asked for before any action where it is set. It must be where others than this machine come here. */
  operator_secret: OperatorSecret.default(''),
  /** Files in PEM; with both the server speaks https and wss on its port, and nothing else. */
  tls_certificate: z.string().default(''),
  tls_key: z.string().default(''),
  /** How long browsers remember to ask this host by https, on all its ports; 0 for not at all. */
  tls_hsts_days: z.int().min(0).max(730).default(0),
});

const Site = z.strictObject({
  name: z.string().max(80).default('Fenestra'),
  /** IANA name, such as `Asia/Seoul`: the zone in which people read times. */
  time_zone: z.string().refine(isTimeZone, 'must be an IANA time zone').default('UTC'),
  /** Where the plant's shifts begin, `hh:mm` by its clocks, rising; each lasts until the next begins. */
  shifts: z
    .array(z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/, 'must be hh:mm, 00:00 to 23:59'))
    .min(1)
    .max(12)
    .refine((times) => times.every((time, i) => i === 0 || time > (times[i - 1] as string)), 'must rise')
    .default(['06:00', '14:00', '22:00']),
});

const Log = z.strictObject({ level: z.enum(LOG_LEVELS).default('info') });

const Ingest = z.strictObject({
  host: host.default('127.0.0.1'),
  port: port.default(9750),
  /** Samples a window, where neither the channel's settings nor the device ask for another size. */
  window: z.int().min(10).max(10_000_000).default(50_000),
  /** Channels that devices may open by themselves. */
  channel_limit: z.int().min(1).max(4096).default(256),
  /** Accept only channels that the settings list. */
  listed_only: z.boolean().default(false),
  /** Connections at a time; past it a new one is closed at once. */
  connection_limit: z.int().min(1).max(65_536).default(2048),
  /** Credit granted to one device beyond what was read, bytes. */
  credit_bytes: z
    .int()
    .min(1 << 20)
    .max(1 << 30)
    .default(64 << 20),
});

const HubSettings = z.strictObject({
  viewer_limit: z.int().min(1).max(100_000).default(2000),
  /** How often trends go out, ms. */
  interval_ms: z.number().min(5).max(1000).default(40),
  /** How far back a viewer can resume, seconds per channel at full rate. */
  buffer_seconds: z.number().min(1).max(3600).default(600),
  /** Bound on all buffers together, shared equally; but every channel keeps 512 windows, 44 KiB, even beyond it. */
  buffer_bytes: z
    .int()
    .min(1 << 20)
    .default(512 << 20),
  /** Commands a second from one viewer, with a burst of as many. */
  command_rate: z.number().min(1).max(1000).default(20),
});

const Storage = z.strictObject({
  /** Where history and recordings are kept; made when it is not there. One server at a time. */
  directory: z.string().min(1).default('fenestra-data'),
});

const perTier = <T extends z.ZodType>(value: T) => z.array(value).length(TIERS);

const HistorySettings = z.strictObject({
  /** How long windows are collected before they are sealed to files, seconds. */
  segment_seconds: z.number().min(1).max(86_400).default(3600),
  /** How long windows wait in memory for a disk that fails; then devices are asked to send again, seconds. */
  hold_seconds: z.number().min(1).max(600).default(60),
  /** Days a row is kept, for each tier, the finest first. */
  keep_days: perTier(z.number().positive()).default([30, 180, 732, 3660, 3660, 3660, 3660, 3660]),
  /** Bytes that the sealed files of a tier may take; the oldest go first. What a capture refers to is kept besides. */
  keep_bytes: perTier(z.int().min(1 << 20)).default([200e9, 40e9, 20e9, 10e9, 10e9, 10e9, 10e9, 10e9]),
  /** Days that diagnoses are kept, and what they came to by five minutes. */
  diagnoses_keep_days: z.array(z.number().positive()).length(DIAGNOSIS_TIERS).default([366, 3660]),
  /** Bytes that their sealed files may take; the oldest go first. What a capture refers to is kept besides. */
  diagnoses_keep_bytes: z
    .array(z.int().min(1 << 20))
    .length(DIAGNOSIS_TIERS)
    .default([40e9, 10e9]),
});

const CaptureSettings = z.strictObject({
  /** Raw samples that a channel keeps, bytes. */
  ring_bytes: z
    .int()
    .min(1 << 16)
    .max(1 << 30)
    .default(64 << 20),
  /** Of all channels; when it does not suffice, all keep less. */
  rings_bytes: z
    .int()
    .min(1 << 20)
    .default(1 << 30),
  /** Recordings of a channel for one cause in an hour; more are refused. */
  per_hour: z.int().min(1).default(60),
  /** Bytes of them; one that would be beyond is refused. */
  bytes_per_hour: z
    .int()
    .min(1 << 20)
    .default(4e9),
  /** Bytes of all recordings: then the oldest that no person asked for go, and where there are none, new ones are refused. */
  keep_bytes: z
    .int()
    .min(1 << 20)
    .default(20e9),
});

const Diagnosis = z.strictObject({
  /** Holds a folder for each model; empty for the models that come with the program. */
  directory: z.string().default(''),
});

const Alarms = z.strictObject({
  /** File of definitions that a new storage directory begins with; empty for those that come with the program. */
  definitions: z.string().default(''),
  /** Days that the journal is kept. */
  journal_keep_days: z.number().positive().default(3660),
  /** Bytes that it may take; the oldest files go first. */
  journal_keep_bytes: z
    .int()
    .min(1 << 28)
    .default(512 << 20),
});

const SideSeconds = z.number().min(0).max(CAPTURE_SIDE_LIMIT_SECONDS).default(CAPTURE_SIDE_DEFAULT_SECONDS);

const CaptureTrigger = z
  .strictObject({
    /** In the channel's unit; one of them or both. */
    above: z.number().optional(),
    below: z.number().optional(),
    /** After a trigger none for so long. */
    hold_off_seconds: z.number().min(0.1).default(60),
    before_seconds: SideSeconds,
    after_seconds: SideSeconds,
  })
  .refine((t) => t.above !== undefined || t.below !== undefined, 'must have above, below or both');

const PlainText = z.string().regex(PLAIN_TEXT, `must be ${PLAIN_TEXT_WORDS}`);

const ChannelSettings = z
  .strictObject({
    label: PlainText.min(1).max(80).optional(),
    /** Wins over the unit the device gives. */
    unit: PlainText.max(16).optional(),
    normal: z.tuple([z.number(), z.number()]).optional(),
    digits: z.int().min(0).max(12).optional(),
    window: z.int().min(10).max(10_000_000).optional(),
    /** The secret a device must give as `fenestra:token`. */
    token: z.string().min(1).max(256).optional(),
    /** Name of the model that looks at its runs. */
    model: ModelName.optional(),
    /** A recording is made when a raw sample passes a limit. */
    capture: CaptureTrigger.optional(),
  })
  .refine((c) => c.normal === undefined || c.normal[0] < c.normal[1], {
    path: ['normal'],
    message: 'low must be below high',
  });

export const Config = z.strictObject({
  server: Server.prefault({}).refine((s) => (s.tls_certificate === '') === (s.tls_key === ''), {
    path: ['tls_key'],
    message: 'must be set with tls_certificate, and only with it',
  }),
  site: Site.prefault({}),
  log: Log.prefault({}),
  ingest: Ingest.prefault({}),
  hub: HubSettings.prefault({}),
  storage: Storage.prefault({}),
  history: HistorySettings.prefault({}),
  capture: CaptureSettings.prefault({}),
  diagnosis: Diagnosis.prefault({}),
  alarms: Alarms.prefault({}),
  notify: Notify.prefault({}),
  channels: z
    .record(z.string().regex(CHANNEL_NAME, 'must be 1 to 64 of A-Z a-z 0-9 . _ -'), ChannelSettings)
    .default({}),
});

export type Config = z.output<typeof Config>;
export type IngestSettings = Config['ingest'];
export type HubSettings = Config['hub'];
export type HistorySettings = Config['history'];
export type CaptureSettings = Config['capture'];
export type DiagnosisSettings = Config['diagnosis'];
export type ChannelSettings = Config['channels'][string];

function isTimeZone(name: string): boolean {
  try {
    return Boolean(new Intl.DateTimeFormat('en', { timeZone: name }));
  } catch {
    return false; // the only way Intl answers "unknown"
  }
}
