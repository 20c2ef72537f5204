// Installs and builds what is missing or stale, then runs a program in this
// same process, so that a signal to `npm start` reaches the server itself:
//
//     node server/cli/bootstrap.mjs [PROGRAM.js [ARGUMENT...]]
//
// Plain JavaScript on Node's own modules, since it runs before anything is
// installed or compiled.

import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const LOCK = join(ROOT, 'build', '.lock');
const LOCK_POLL_MS = 200;
const EMPTY_LOCK_MS = 5000; // its owner ended between open and write

// In the order they build. A step is stale when its inputs hash to something
// else than at its last success, or when something it made then is gone.
const STEPS = [
  {
    name: 'kernels',
    inputs: ['assembly', 'asconfig.json', 'package-lock.json'],
    made: 'build/assembly',
    run: [['node_modules/assemblyscript/bin/asc.js', '--target', 'release']],
  },
  {
    name: 'server',
    inputs: ['server', 'client', 'models/training', 'test', 'tsconfig.json', 'vitest.config.ts', 'package-lock.json'],
    made: 'build/server',
    run: [['node_modules/typescript/bin/tsc', '-b']],
    force: [['node_modules/typescript/bin/tsc', '-b', '--force']],
  },
  {
    name: 'program',
    inputs: ['server', 'models/training', 'package-lock.json'],
    made: 'build/program',
    run: [['server/cli/bundle.mjs']],
  },
  {
    name: 'dashboard',
    inputs: [
      'client',
      'server/wire',
      'server/kernels',
      'server/model',
      'server/trend',
      'assembly',
      'asconfig.json',
      'package-lock.json',
    ],
    made: 'build/client',
    run: [
      ['node_modules/vite/bin/vite.js', 'build', 'client', '--config', 'client/vite.config.ts', '--logLevel', 'warn'],
    ],
  },
];

await main(process.argv.slice(2));

async function main([program, ...rest]) {
  refuseOldNode();
  await ensure();
  if (program === undefined) return;

  process.argv = [process.execPath, join(ROOT, program), ...rest];
  await import(pathToFileURL(process.argv[1]).href);
}

function refuseOldNode() {
  const { engines } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  const [major, minor] = engines.node.match(/\d+/g).map(Number);
  const [haveMajor, haveMinor] = process.versions.node.split('.').map(Number);
  if (haveMajor > major || (haveMajor === major && haveMinor >= minor)) return;
  fail(`Fenestra needs Node ${engines.node}; this is ${process.versions.node}.`);
}

async function ensure() {
  if (isInstalled() && STEPS.every(isCurrent)) return;

  const unlock = await lock();
  try {
    if (!isInstalled()) install();
    for (const step of STEPS) if (!isCurrent(step)) build(step);
  } finally {
    unlock();
  }
}

// npm leaves an account of what it installed; it must hold all that the lock file asks for.
function isInstalled() {
  const account = join(ROOT, 'node_modules', '.package-lock.json');
  if (!existsSync(account)) return false;
  const wanted = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')).packages;
  const installed = JSON.parse(readFileSync(account, 'utf8')).packages;
  return Object.entries(wanted).every(([path, { version, optional }]) => {
    if (path === '') return true;
    if (installed[path] === undefined) return optional === true; // made for another system
    return installed[path].version === version && existsSync(join(ROOT, path, 'package.json'));
  });
}

function install() {
  say('installing packages');
  const npm = process.env.npm_execpath;
  const args = ['ci', '--include=dev', '--ignore-scripts', '--no-audit', '--no-fund'];
  const [file, all] = npm === undefined ? ['npm', args] : [process.execPath, [npm, ...args]];
  run(file, all);
}

function isCurrent(step) {
  const stamp = stampOf(step);
  if (!existsSync(stamp)) return false;
  const { hash, made } = JSON.parse(readFileSync(stamp, 'utf8'));
  return hash === hashOf(step.inputs) && made.every((file) => existsSync(join(ROOT, file)));
}

function build(step) {
  say(`building the ${step.name}`);
  const hash = hashOf(step.inputs);
  const stamp = stampOf(step);
  // The compiler trusts its own notes; where files it made are gone, it has to be told.
  const isDamaged = existsSync(stamp) && JSON.parse(readFileSync(stamp, 'utf8')).made.some(isMissing);
  rmSync(stamp, { force: true });
  for (const args of [...(isDamaged ? (step.force ?? []) : []), ...step.run]) run(process.execPath, args);
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, JSON.stringify({ hash, made: filesIn(step.made) }));
}

function isMissing(file) {
  return !existsSync(join(ROOT, file));
}

function stampOf(step) {
  return join(ROOT, 'build', '.stamps', `${step.name}.json`);
}

function hashOf(inputs) {
  const hash = createHash('sha256').update(process.version);
  for (const file of inputs.flatMap(filesIn))
    hash
      .update(file)
      .update('\0')
      .update(readFileSync(join(ROOT, file)));
  return hash.digest('hex');
}

function filesIn(path) {
  const full = join(ROOT, path);
  if (!existsSync(full)) return [];
  const entries = readEntries(full);
  if (entries === undefined) return [path];
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(ROOT.length))
    .sort();
}

function readEntries(folder) {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true });
  } catch (error) {
    if (error.code === 'ENOTDIR') return undefined;
    throw error;
  }
}

// Two terminals may start at once: the second waits, then finds everything built.
async function lock() {
  mkdirSync(dirname(LOCK), { recursive: true });
  for (let waited = false; ; waited = true) {
    try {
      writeFileSync(LOCK, `${process.pid} ${startOf(process.pid)}`, { flag: 'wx' });
      return () => rmSync(LOCK, { force: true });
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    if (isLockDead()) removeLock();
    if (!waited) say('another terminal is installing or building; waiting for it');
    await sleep(LOCK_POLL_MS);
  }
}

function isLockDead() {
  try {
    const [, pid, start] = /^(\d+) (.*)$/.exec(readFileSync(LOCK, 'utf8')) ?? [];
    return pid ? startOf(pid) !== start : Date.now() - statSync(LOCK).mtimeMs > EMPTY_LOCK_MS;
  } catch (error) {
    if (error.code === 'ENOENT') return false;
    throw error;
  }
}

// Of two that wait, only one can move the file away.
function removeLock() {
  const aside = `${LOCK}.${process.pid}`;
  try {
    renameSync(LOCK, aside);
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
  }
  rmSync(aside, { force: true });
}

// When a process started, `undefined` where there is none. Numbers of
// processes are used again, in a container after every start; the pair is not.
function startOf(pid) {
  if (process.platform === 'linux') {
    try {
      const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1).split(' ');
      return fields[19]; // ticks since the system started
    } catch (error) {
      if (error.code === 'ENOENT' || error.code === 'ESRCH') return undefined;
      throw error;
    }
  }
  const { stdout } = spawnSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' });
  return stdout?.trim() || undefined;
}

function run(file, args) {
  const { status, error } = spawnSync(file, args, { cwd: ROOT, stdio: ['ignore', 'inherit', 'inherit'] });
  if (error) fail(`cannot run ${file}: ${error.message}`);
  if (status !== 0) {
    rmSync(LOCK, { force: true });
    fail(`${[file === process.execPath ? 'node' : file, ...args].join(' ')} failed`);
  }
}

function say(message) {
  process.stderr.write(`fenestra: ${message}\n`);
}

function fail(message) {
  say(message);
  process.exit(1);
}
