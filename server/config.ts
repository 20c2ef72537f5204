import { parse, TomlError } from 'smol-toml';
import { z } from 'zod';
import { AppError } from './base/errors.ts';
import { LOG_LEVELS } from './base/log.ts';
import { CHANNEL_NAME } from './wire/names.ts';

// Every setting there is, with its default. A key of the file that is not
// listed here is refused, so that a typing error cannot pass for a setting.

const port = z.int().min(0).max(65_535);
const host = z.string().min(1);

const Server = z.strictObject({
  host: host.default('127.0.0.1'),
  port: port.default(8080),
  /** Origins besides the server's own that may open the live socket, such as `https://wall.example`. */
  allowed_origins: z.array(z.url()).default([]),
  /** Host names besides the bound address that requests may name, against DNS rebinding. */
  allowed_hosts: z.array(z.string()).default([]),
});

const Site = z.strictObject({
  name: z.string().max(80).default('Fenestra'),
  /** IANA name, such as `Asia/Seoul`: the zone in which people read times. */
  time_zone: z.string().refine(isTimeZone, 'must be an IANA time zone').default('UTC'),
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

const ChannelSettings = z
  .strictObject({
    label: z.string().min(1).max(80).optional(),
    /** Wins over the unit the device gives. */
    unit: z.string().max(16).optional(),
    normal: z.tuple([z.number(), z.number()]).optional(),
    digits: z.int().min(0).max(12).optional(),
    window: z.int().min(10).max(10_000_000).optional(),
    /** The secret a device must give as `fenestra:token`. */
    token: z.string().min(1).max(256).optional(),
  })
  .refine((c) => c.normal === undefined || c.normal[0] < c.normal[1], {
    path: ['normal'],
    message: 'low must be below high',
  });

export const Config = z.strictObject({
  server: Server.prefault({}),
  site: Site.prefault({}),
  log: Log.prefault({}),
  ingest: Ingest.prefault({}),
  hub: HubSettings.prefault({}),
  channels: z
    .record(z.string().regex(CHANNEL_NAME, 'must be 1 to 64 of A-Z a-z 0-9 . _ -'), ChannelSettings)
    .default({}),
});

export type Config = z.output<typeof Config>;
export type IngestSettings = Config['ingest'];
export type HubSettings = Config['hub'];
export type ChannelSettings = Config['channels'][string];

/** Where a setting's value comes from: `default`, the name of the file, or that of the environment variable. */
export type Origin = string;

export interface LoadedConfig {
  readonly config: Config;
  /** Of every setting that is not at its default, by its path, such as `server.port`. */
  readonly origins: ReadonlyMap<string, Origin>;
  /** Environment variables that look like settings and are none. */
  readonly unknown: readonly string[];
}

export interface ConfigSources {
  /** The settings file's name, for messages, and its text. */
  readonly file?: { readonly name: string; readonly text: string } | undefined;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

const PREFIX = 'FENESTRA_';
const CHANNELS_VARIABLE = `${PREFIX}CHANNELS`;
/** Not settings of the server: where its file is, a device's secret, and what the tests read. */
const OTHER_VARIABLES = ['CONFIG', 'TOKEN', 'DATA', 'SOAK', 'BENCH'].map((name) => PREFIX + name);

type Table = Record<string, unknown>;
interface Fault {
  readonly field: string;
  readonly message: string;
}

/**
 * The settings of a file, overridden by the environment: `FENESTRA_SERVER_PORT`
 * is `port` in `[server]`; values other than strings are written as in TOML;
 * `FENESTRA_CHANNELS` is an inline table of channels, merged over the file's.
 *
 * Throws `CONFIG_INVALID`, whose details name every bad field.
 */
export function loadConfig({ file, environment }: ConfigSources): LoadedConfig {
  const origins = new Map<string, Origin>();
  const faults: Fault[] = [];
  const unknown: string[] = [];

  const table: Table = file ? parseFile(file.name, file.text) : {};
  if (file) eachSetting(table, (path) => origins.set(path, file.name));
  for (const [variable, text] of Object.entries(environment)) {
    if (text === undefined || !variable.startsWith(PREFIX) || OTHER_VARIABLES.includes(variable)) continue;
    const override = readVariable(variable, text);
    if (override === undefined) unknown.push(variable);
    else if ('message' in override) faults.push(override);
    else {
      mergeTable(table, override.table);
      eachSetting(override.table, (path) => origins.set(path, variable));
    }
  }

  const parsed = Config.safeParse(table);
  if (!parsed.success) faults.push(...parsed.error.issues.flatMap((issue) => faultsOf(issue, origins)));
  if (faults.length > 0 || !parsed.success) throw invalid(faults);
  return { config: parsed.data, origins, unknown };
}

function parseFile(name: string, text: string): Table {
  try {
    return parse(text);
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const message = `line ${error.line}, column ${error.column}: ${error.message.split('\n')[0]}`;
    throw invalid([{ field: name, message }], error);
  }
}

/** What one variable sets, `undefined` where it names no section. */
function readVariable(variable: string, text: string): { table: Table } | Fault | undefined {
  if (variable === CHANNELS_VARIABLE) {
    const value = parseValue(text);
    return isTable(value) ? { table: { channels: value } } : badVariable(variable, 'must be a TOML inline table');
  }
  const defaults = Object.entries(Config.parse({}) as Record<string, Table>);
  const found = defaults.find(([section]) => variable.startsWith(`${PREFIX}${section.toUpperCase()}_`));
  if (!found || found[0] === 'channels') return undefined;

  const [section, keys] = found;
  const key = variable.slice(PREFIX.length + section.length + 1).toLowerCase();
  if (!(key in keys)) return badVariable(variable, `no such setting: ${section}.${key}`);
  const value = typeof keys[key] === 'string' ? text : parseValue(text);
  if (value === undefined) return badVariable(variable, `\`${text}\` is not a TOML value`);
  return { table: { [section]: { [key]: value } } };
}

function badVariable(variable: string, message: string): Fault {
  return { field: variable, message };
}

function parseValue(text: string): unknown {
  try {
    const table = parse(`value = ${text}`);
    return Object.keys(table).length === 1 ? table.value : undefined; // a line break could hold more settings
  } catch (error) {
    if (error instanceof TomlError) return undefined;
    throw error;
  }
}

function mergeTable(into: Table, from: Table): void {
  for (const [key, value] of Object.entries(from)) {
    const below = Object.hasOwn(into, key) ? into[key] : undefined;
    if (isTable(value) && isTable(below)) mergeTable(below, value);
    else into[key] = value;
  }
}

function eachSetting(table: Table, visit: (path: string) => void, prefix = ''): void {
  for (const [key, value] of Object.entries(table)) {
    const path = prefix === '' ? key : `${prefix}.${key}`;
    if (isTable(value)) eachSetting(value, visit, path);
    else visit(path);
  }
}

function isTable(value: unknown): value is Table {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
}

function faultsOf(issue: z.core.$ZodIssue, origins: ReadonlyMap<string, Origin>): Fault[] {
  const field = issue.path.join('.');
  const at = (path: string) => [path, path.replace(/\.[^.]*$/, '')].map((p) => origins.get(p)).find(Boolean);
  const from = (path: string) => (at(path) === undefined ? '' : ` (${at(path)})`);
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => {
        const path = field === '' ? key : `${field}.${key}`;
        return { field: path, message: `no such setting${from(path)}` };
      });
    case 'invalid_key':
      return [{ field, message: issue.issues.map((inner) => inner.message).join(', ') + from(field) }];
    default:
      return [{ field, message: issue.message + from(field) }];
  }
}

function invalid(faults: readonly Fault[], cause?: Error): AppError {
  const list = faults.map(({ field, message }) => `\n  ${field}: ${message}`).join('');
  return new AppError('CONFIG_INVALID', `the settings are wrong:${list}`, { details: faults, cause });
}

function isTimeZone(name: string): boolean {
  try {
    return Boolean(new Intl.DateTimeFormat('en', { timeZone: name }));
  } catch {
    return false; // the only way Intl answers "unknown"
  }
}
