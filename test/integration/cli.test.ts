import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse, stringify } from 'smol-toml';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Config } from '../../server/config.ts';
import { COMMAND } from '../support/command.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

const SETTINGS = `
[server]
port = 9000
operator_secret = "just-as-secret"
[channels."etch-1.view-a"]
label = "Etch \\"1\\""
normal = [0.1, 0.13]
token = "very-secret"
`;

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fenestra-cli-'));
});

afterEach(() => rmSync(folder, { recursive: true }));

describe('fenestra config print', () => {
  it('prints TOML that reads back the same, but for the secret', () => {
    writeFileSync(join(folder, 'fenestra.toml'), SETTINGS);

    const { stdout, status } = fenestra(['config', 'print'], { FENESTRA_SITE_NAME: 'Hall 3' });

    expect(status).toBe(0);
    expect(stdout).not.toMatch(/very-secret|just-as-secret/);
    expect(Config.parse(parse(stdout))).toEqual(
      Config.parse({
        server: { port: 9000 },
        site: { name: 'Hall 3' },
        channels: { 'etch-1.view-a': { label: 'Etch "1"', normal: [0.1, 0.13] } },
      }),
    );
  });

  it('prints tables within tables, and of outputs neither secret nor address', () => {
    const webhook = { name: 'ops', url: 'https://example.com/very-secret', secret: 'just-as-secret' };
    const settings = { notify: { webhooks: [webhook] }, channels: { a: { capture: { above: 1 } } } };
    writeFileSync(join(folder, 'fenestra.toml'), stringify(settings));

    const { stdout } = fenestra(['config', 'print']);

    expect(stdout).not.toMatch(/very-secret|just-as-secret/);
    const { notify, channels } = parse(stdout) as { notify: object; channels: object };
    expect(notify).toMatchObject({ webhooks: [{ name: 'ops', priorities: ['critical', 'high', 'medium', 'low'] }] });
    expect(channels).toMatchObject({ a: { capture: { above: 1 } } });
  });

  it('says where each setting comes from', () => {
    writeFileSync(join(folder, 'other.toml'), SETTINGS);

    const { stdout } = fenestra(['config', 'print', '--config', 'other.toml'], { FENESTRA_SITE_NAME: 'Hall 3' });

    expect(stdout).toContain('\nport = 9000 # other.toml\n');
    expect(stdout).toContain('\nname = "Hall 3" # FENESTRA_SITE_NAME\n');
    expect(stdout).toContain('\nhost = "127.0.0.1" # default\n');
    expect(stdout).toContain('\n# token is set and not shown # other.toml');
    expect(stdout).toContain('\n# operator_secret is set and not shown # other.toml');
  });
});

describe('fenestra config check', () => {
  it('is content with settings that are right', () => {
    writeFileSync(join(folder, 'fenestra.toml'), SETTINGS);

    const { stdout, status } = fenestra(['config', 'check']);

    expect([status, stdout]).toEqual([0, 'the settings are valid\n']);
  });

  it.each([
    ['a wrong field', '[server]\nport = 70000', '  server.port: '],
    ['broken TOML', '[server', '  bad.toml: line 1, column '],
    ['a secret that is missing', '[server]\nhost = "0.0.0.0"', '  server.operator_secret: is empty'],
  ])('names %s and ends with 1', (_name, text, message) => {
    writeFileSync(join(folder, 'bad.toml'), text);

    const { stdout, stderr, status } = fenestra(['config', 'check', '--config', 'bad.toml']);

    expect([status, stdout]).toEqual([1, '']);
    expect(stderr).toContain(message);
    expect(stderr).not.toContain('    at '); // a person made the mistake: no stack
  });

  it('does not pass over a file that was named and is not there', () => {
    const { stderr, status } = fenestra(['config', 'check'], { FENESTRA_CONFIG: 'missing.toml' });

    expect(status).toBe(1);
    expect(stderr).toMatch(/^fenestra: cannot read the settings file missing\.toml: ENOENT/);
  });
});

describe('fenestra', () => {
  it('shows its commands, and its version by npx from the checkout', () => {
    const { stdout } = fenestra(['--help']);
    // npm remembers for each folder where its commands were when it first ran one.
    const env = { ...process.env, npm_config_cache: join(folder, 'npm') };
    const version = execFileSync('npx', ['--no-install', 'fenestra', '--version'], {
      cwd: ROOT,
      env,
      encoding: 'utf8',
    });

    for (const command of ['serve', 'simulate', 'replay', 'reduce', 'cert', 'config'])
      expect(stdout).toContain(`  ${command} `);
    expect(version.trim()).toMatch(/^\d+\.\d+\.\d+$/);
  });

  it('refuses a command it does not know', () => {
    const { stderr, status } = fenestra(['sevre']);

    expect(status).toBe(1);
    expect(stderr).toContain("unknown command 'sevre'");
  });
});

function fenestra(args: readonly string[], environment: Record<string, string> = {}) {
  return spawnSync(process.execPath, [COMMAND, ...args], {
    cwd: folder,
    env: { PATH: process.env.PATH, ...environment },
    encoding: 'utf8',
  });
}
