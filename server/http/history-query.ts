import { AppError } from '../base/errors.ts';
import type { HistoryRequest } from '../trend/history-rows.ts';
import { HISTORY_COLUMNS } from '../wire/history.ts';
import { CHANNEL_NAME } from '../wire/names.ts';
import { shown } from './shown.ts';

/** A request for a range as it was understood. */
export interface HistoryQuery extends HistoryRequest {
  /** Undefined where the Accept header decides. */
  readonly format: HistoryFormat | undefined;
}

export type HistoryFormat = (typeof FORMATS)[number];

export const DEFAULT_COLUMNS = 1000;
const FORMATS = ['json', 'arrow'] as const;
const PARAMETERS = 'from, to, columns, format';
const MS = /^(-?)(\d{1,13})(?:\.(\d{1,9}))?$/;
const ISO = /^(\d{4}-\d\d-\d\d)(?:T(\d\d:\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?Z)?$/;

/** Reads what is asked for, or throws `REQUEST_INVALID` that names what was found and what was expected. */
export function readHistoryQuery(channel: string, query: Readonly<Record<string, unknown>>): HistoryQuery {
  checkChannel(channel);
  checkParameters(query, PARAMETERS);
  const range = readRange(query);
  return { channel, ...range, columns: readColumns(query.columns, HISTORY_COLUMNS), format: readFormat(query.format) };
}

export function checkChannel(channel: string): void {
  if (!CHANNEL_NAME.test(channel)) throw invalid('channel', channel, '1 to 64 of A-Z a-z 0-9 . _ -');
}

/** Throws where there is a parameter that is not among `expected`, a list with commas. */
export function checkParameters(query: Readonly<Record<string, unknown>>, expected: string): void {
  const unknown = Object.keys(query).find((name) => !expected.split(', ').includes(name));
  if (unknown !== undefined) {
    throw new AppError('REQUEST_INVALID', `parameter ${shown(unknown)}, expected ${expected}`);
  }
}

export function readRange(query: Readonly<Record<string, unknown>>): Pick<HistoryRequest, 'fromNs' | 'toNs'> {
  const fromNs = readTime('from', query.from);
  const toNs = readTime('to', query.to);
  if (fromNs >= toNs) throw invalid('to', query.to, `a time after from, ${shown(query.from)}`);
  return { fromNs, toNs };
}

export function readTime(name: string, value: unknown): bigint {
  const timeNs = typeof value === 'string' ? (readMs(value) ?? readIso(value)) : undefined;
  if (timeNs === undefined)
    throw invalid(name, value, 'ms since 1970 UTC or ISO 8601 in UTC such as 2026-11-21T13:30:00Z');
  return timeNs;
}

// Not by way of a number, which has no room for the ns of this century.
function readMs(text: string): bigint | undefined {
  const match = MS.exec(text);
  if (match === null) return undefined;
  const [, sign, whole, fraction = ''] = match;
  const ns = BigInt(whole) * 1_000_000n + BigInt(fraction.slice(0, 6).padEnd(6, '0'));
  return held(sign === '-' ? -ns : ns);
}

function readIso(text: string): bigint | undefined {
  const match = ISO.exec(text);
  if (match === null) return undefined;
  const [, day, minute = '00:00', second = '00', fraction = ''] = match;
  const ms = Date.parse(`${day}T${minute}:${second}Z`);
  if (Number.isNaN(ms) || new Date(ms).toISOString().slice(0, 10) !== day) return undefined; // a 13th month, 30 February
  return held(BigInt(ms) * 1_000_000n + BigInt(fraction.padEnd(9, '0')));
}

// Times outside of what 64 bits of ns hold are as good as its ends: nothing is there.
function held(ns: bigint): bigint {
  const last = 2n ** 63n - 1n;
  if (ns > last) return last;
  return ns < -last ? -last : ns;
}

export function readColumns(value: unknown, most: number): number {
  if (value === undefined) return DEFAULT_COLUMNS;
  const columns = typeof value === 'string' && /^\d{1,6}$/.test(value) ? Number(value) : 0;
  if (columns >= 1 && columns <= most) return columns;
  throw invalid('columns', value, `a whole number, 1 to ${most}`);
}

function readFormat(value: unknown): HistoryFormat | undefined {
  if (value === undefined) return undefined;
  const format = FORMATS.find((name) => name === value);
  if (format === undefined) throw invalid('format', value, FORMATS.join(' or '));
  return format;
}

export function invalid(name: string, found: unknown, expected: string): AppError {
  const words = Array.isArray(found) ? 'given more than once' : shown(found);
  return new AppError('REQUEST_INVALID', `${name} is ${words}, expected ${expected}`);
}
