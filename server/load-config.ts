import { parse, TomlError } from 'smol-toml';
import type { z } from 'zod';
import { AppError } from './base/errors.ts';
import { Config } from './config.ts';

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
