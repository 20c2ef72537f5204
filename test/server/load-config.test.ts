import { readFileSync } from 'node:fs';
import { stringify } from 'smol-toml';
import { describe, expect, it } from 'vitest';
import { AppError } from '../../server/base/errors.ts';
import { Config } from '../../server/config.ts';
import { loadConfig } from '../../server/load-config.ts';

const EXAMPLE = new URL('../../fenestra.example.toml', import.meta.url);
const DEFAULTS = Config.parse({});

describe('loadConfig', () => {
  it('is all defaults without a file', () => {
    const { config, origins } = loadConfig({ environment: {} });

    expect(config).toEqual(DEFAULTS);
    expect(origins.size).toBe(0);
  });

  it('binds the loopback address by default', () => {
    expect([DEFAULTS.server.host, DEFAULTS.ingest.host]).toEqual(['127.0.0.1', '127.0.0.1']);
  });

  it('tells file and environment apart', () => {
    const { config, origins } = load('[server]\nport = 9000\n[site]\nname = "A"', { FENESTRA_SERVER_PORT: '9001' });

    expect(config.server.port).toBe(9001);
    expect(config.site.name).toBe('A');
    expect(Object.fromEntries(origins)).toEqual({
      'server.port': 'FENESTRA_SERVER_PORT',
      'site.name': 'test.toml',
    });
  });

  it.each<[string, string, (config: Config) => unknown, unknown]>([
    ['a number', 'INGEST_WINDOW=1000', (c) => c.ingest.window, 1000],
    ['text that looks like a number', 'SITE_NAME=2026', (c) => c.site.name, '2026'],
    ['a switch', 'INGEST_LISTED_ONLY=true', (c) => c.ingest.listed_only, true],
    ['a list', 'SERVER_ALLOWED_HOSTS=["a", "b"]', (c) => c.server.allowed_hosts, ['a', 'b']],
    ['a choice', 'LOG_LEVEL=debug', (c) => c.log.level, 'debug'],
    ['a channel', 'CHANNELS={ "x.y" = { token = "s" } }', (c) => c.channels['x.y'], { token: 's', label: 'X' }],
  ])('takes %s from the environment', (_name, assignment, read, expected) => {
    const [, variable, value] = /^(\w+)=(.*)$/.exec(assignment)!;

    const { config } = load('[channels."x.y"]\nlabel = "X"', { [`FENESTRA_${variable}`]: value! });

    expect(read(config)).toEqual(expected);
  });

  it.each<[string, string, Record<string, string>, string[]]>([
    ['a number out of range', '[server]\nport = 70000', {}, ['server.port']],
    ['a wrong type', '[ingest]\nwindow = "many"', {}, ['ingest.window']],
    ['an unknown key', '[server]\nprot = 1', {}, ['server.prot']],
    ['an unknown section', '[sever]\nport = 1', {}, ['sever']],
    ['a section that is no table', 'server = 3', {}, ['server']],
    [
      'several at once',
      '[server]\nport = -1\nhots = ""\n[hub]\ninterval_ms = 1',
      {},
      ['hub.interval_ms', 'server.hots', 'server.port'],
    ],
    ['a channel name', '[channels."a b"]\nlabel = "x"', {}, ['channels.a b']],
    ['a key of a channel', '[channels.a]\ncolour = "red"', {}, ['channels.a.colour']],
    ['a normal band upside down', '[channels.a]\nnormal = [2.0, 1.0]', {}, ['channels.a.normal']],
    ['a time zone', '[site]\ntime_zone = "Mars/Base"', {}, ['site.time_zone']],
    ['an origin that is no address', '[server]\nallowed_origins = ["wall"]', {}, ['server.allowed_origins.0']],
    ['a proxy by its name', '[server]\ntrusted_proxies = ["proxy.example"]', {}, ['server.trusted_proxies.0']],
    [
      'everybody as a proxy',
      '[server]\ntrusted_proxies = ["10.0.0.0/8", "::/0", "0.0.0.0/0", "::1"]',
      {},
      ['server.trusted_proxies.1', 'server.trusted_proxies.2'],
    ],
    ['a variable without a setting', '', { FENESTRA_SERVER_PROT: '1' }, ['FENESTRA_SERVER_PROT']],
    ['a variable that is no TOML', '', { FENESTRA_SERVER_PORT: 'high' }, ['FENESTRA_SERVER_PORT']],
    ['an empty variable', '', { FENESTRA_SERVER_PORT: '' }, ['FENESTRA_SERVER_PORT']],
    ['a variable with more than a value', '', { FENESTRA_SERVER_PORT: '1\nhost = 2' }, ['FENESTRA_SERVER_PORT']],
    ['channels that are no table', '', { FENESTRA_CHANNELS: '3' }, ['FENESTRA_CHANNELS']],
    ['broken TOML', '[server\nport = 1', {}, ['test.toml']],
  ])('refuses %s and names it', (_name, text, environment, fields) => {
    expect(faultsOf(() => load(text, environment)).sort()).toEqual(fields);
  });

  it('says in which line TOML is broken', () => {
    expect(() => load('[server]\nport = = 1')).toThrow(/test\.toml: line 2, column/);
  });

  it('says where a bad value comes from', () => {
    expect(() => load('[server]\nport = 70000')).toThrow(/server\.port: .*\(test\.toml\)/);
    expect(() => load('', { FENESTRA_SERVER_PORT: '70000' })).toThrow(/server\.port: .*\(FENESTRA_SERVER_PORT\)/);
  });

  it('reports a variable that names no section, since it may be a slip', () => {
    expect(
      load('', { FENESTRA_SEVER_PORT: '1', FENESTRA_DATA: '/data', FENESTRA_TOKEN: 's', PATH: '/bin' }).unknown,
    ).toEqual(['FENESTRA_SEVER_PORT']);
  });

  it('reads back what it wrote', () => {
    const { config } = loadConfig({ file: { name: 'x', text: stringify(DEFAULTS) }, environment: {} });

    expect(config).toEqual(DEFAULTS);
  });
});

describe('fenestra.example.toml', () => {
  const text = readFileSync(EXAMPLE, 'utf8');

  it('shows every setting with its default', () => {
    const { config, origins } = load(text);

    expect({ ...config, channels: {} }).toEqual(DEFAULTS);
    const { channels: _, ...sections } = DEFAULTS;
    expect(pathsOf(sections).filter((path) => !origins.has(path))).toEqual([]);
  });
});

/** Of all that are no tables. */
function pathsOf(table: object, prefix = ''): string[] {
  return Object.entries(table).flatMap(([key, value]) => {
    const isTable = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isTable ? pathsOf(value as object, `${prefix}${key}.`) : [prefix + key];
  });
}

function load(text: string, environment: Record<string, string> = {}) {
  return loadConfig({ file: { name: 'test.toml', text }, environment });
}

function faultsOf(action: () => unknown): string[] {
  try {
    action();
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    expect(error.code).toBe('CONFIG_INVALID');
    return (error.details as { field: string }[]).map(({ field }) => field);
  }
  throw new Error('nothing was refused');
}
