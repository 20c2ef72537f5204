import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach } from 'vitest';

/** An empty folder a test, removed after it; what is still being written there may come to its end. */
export class Folder {
  #path = '';

  constructor() {
    beforeEach(() => {
      this.#path = mkdtempSync(join(tmpdir(), 'fenestra-'));
    });
    afterEach(() => rmSync(this.#path, { recursive: true, maxRetries: 10 }));
  }

  path(name = ''): string {
    return join(this.#path, name);
  }

  /** Writes a file; returns its path. */
  write(name: string, content: string | Uint8Array): string {
    writeFileSync(this.path(name), content);
    return this.path(name);
  }
}
