import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const SOURCE = fileURLToPath(new URL('faults.c', import.meta.url));

export type FileCall = 'open' | 'read' | 'write' | 'fsync' | 'rename' | 'truncate';

/** Which calls on files fail, and how. */
export interface FaultPlan {
  readonly calls: readonly FileCall[];
  /** Only paths that match this pattern, whose `*` matches `/` too. */
  readonly path?: string | undefined;
  /** The first of them that fails, from 1 on. */
  readonly at?: number;
  /** How many fail from there on; default 1. */
  readonly count?: number;
  /** Of those only every so manieth; default 1. */
  readonly every?: number;
  /** What they fail with, by turns; or `kill`: half of a write is done, then the process is killed. */
  readonly action: 'kill' | readonly (keyof typeof ERRNO)[];
  /** Calls count only while `isOn`. */
  readonly isSwitched?: boolean;
}

const ERRNO = { EIO: 5, EMFILE: 24, ENOSPC: 28 } as const;

/**
 * Faults of a file system, by a library that a server process preloads. Needs
 * gcc: `describe.skipIf(!hasTool('gcc'))`.
 */
export class FileFaults {
  readonly #library: string;
  /** Where faults are noted; absent while there was none. */
  readonly log: string;
  readonly #switch: string;

  /** Builds the library in `folder`, where it also keeps its notes; must not be where faults are. */
  constructor(folder: string) {
    this.#library = `${folder}/faults.so`;
    this.log = `${folder}/faults.log`;
    this.#switch = `${folder}/faults.on`;
    execFileSync('gcc', [
      '-Wall',
      '-Wextra',
      '-Werror',
      '-shared',
      '-fPIC',
      '-O2',
      '-o',
      this.#library,
      SOURCE,
      '-ldl',
    ]);
  }

  /** The environment of a process whose files below `root` fail by `plan`. */
  environment(root: string, plan: FaultPlan): Record<string, string> {
    const { calls, path = '*', at = 1, count = 1, every = 1, action, isSwitched = false } = plan;
    return {
      LD_PRELOAD: this.#library,
      FAULT_ROOT: root,
      FAULT_OPS: calls.join(),
      FAULT_PATH: path,
      FAULT_AT: String(at),
      FAULT_CALLS: Number.isFinite(count) ? String(count) : '0',
      FAULT_EVERY: String(every),
      FAULT_ACTION: action === 'kill' ? action : action.map((name) => ERRNO[name]).join(),
      FAULT_WHILE: isSwitched ? this.#switch : '',
      FAULT_LOG: this.log,
    };
  }

  /** For plans that are switched. */
  set isOn(isOn: boolean) {
    if (isOn) writeFileSync(this.#switch, '');
    else rmSync(this.#switch, { force: true });
  }

  /** The faults since the last call: the call and the path of each. */
  take(): { readonly call: FileCall; readonly path: string }[] {
    if (!existsSync(this.log)) return [];
    const lines = readFileSync(this.log, 'utf8').trimEnd().split('\n');
    rmSync(this.log);
    return lines.map((line) => {
      const [call, ...path] = line.split(' ');
      return { call: call as FileCall, path: path.join(' ') };
    });
  }
}
