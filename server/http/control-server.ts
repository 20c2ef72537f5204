import { chmodSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { AppError } from '../base/errors.ts';
import type { Logger } from '../base/log.ts';
import type { ImportReply } from '../wire/definition-replies.ts';
import type { DefinitionSource, ImportOrder } from './definition-source.ts';

/** A socket in the storage directory: who may write there may ask, and nobody else can reach it. */
export const CONTROL_SOCKET = 'control.sock';
/** What the system allows the path of a socket to have. */
export const SOCKET_PATH_BYTES = 107;

/** What the commands of the same machine ask a running server for. */
export interface ControlCalls {
  /** A folder with the history as it stands. */
  snapshot(): Promise<string>;
  dropSnapshot(path: string): Promise<void>;
  readonly definitions: Pick<DefinitionSource, 'importFile' | 'exportFile'>;
}

/** What is answered to `POST /snapshot`, as one line; the snapshot stays until the connection ends. */
export type SnapshotReply = { readonly path: string } | { readonly problem: string };

// Commands at a time; a snapshot takes room on the disk.
const CONNECTIONS = 4;

/** What is answered to `POST /definitions`, whose body is a `DefinitionOrder`, as one line. */
export type DefinitionsAnswer =
  | { readonly text: string }
  | { readonly imported: ImportReply }
  | { readonly code: string; readonly problem: string };

/** What is asked about definitions: for a file of all, or that one is imported. */
export type DefinitionOrder = { readonly kind: 'export' } | ({ readonly kind: 'import' } & ImportOrder);

/** Answers the commands `backup`, `export` and `alarms` while the server runs. */
export class ControlServer {
  readonly #server: Server;
  readonly #calls: ControlCalls;
  readonly #dropping = new Set<Promise<void>>();

  /** Listens in `directory`, which must be ours alone. Where that is not possible the commands need a stopped server; the log says so. */
  static start(directory: string, calls: ControlCalls, log: Logger): ControlServer {
    const control = new ControlServer(calls);
    const path = join(directory, CONTROL_SOCKET);
    const giveUp = (reason: string) =>
      log.warn(`fenestra backup, export and alarms need a stopped server: cannot listen on ${path}: ${reason}`);
    if (Buffer.byteLength(path) > SOCKET_PATH_BYTES) {
      giveUp(`the path has ${Buffer.byteLength(path)} bytes, expected at most ${SOCKET_PATH_BYTES}`);
      return control;
    }
    control.#server.on('error', (error) => giveUp(error.message));
    try {
      rmSync(path, { force: true }); // left by a server that was killed
      control.#server.listen(path, () => chmodSync(path, 0o600));
    } catch (error) {
      giveUp(error instanceof Error ? error.message : String(error));
    }
    return control;
  }

  private constructor(calls: ControlCalls) {
    this.#calls = calls;
    this.#server = createServer((request, response) => this.#answer(request, response));
    this.#server.maxConnections = CONNECTIONS;
  }

  /** Ends all connections. Resolves when their snapshots are gone. */
  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.#server.closeAllConnections();
    await closed;
    await Promise.all(this.#dropping);
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    if (request.method === 'POST' && request.url === '/snapshot') this.#answerSnapshot(response);
    else if (request.method === 'POST' && request.url === '/definitions')
      void this.#answerDefinitions(request, response);
    else response.writeHead(404).end();
  }

  async #answerDefinitions(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let answer: DefinitionsAnswer;
    try {
      const { definitions } = this.#calls;
      const order = (await json(request)) as DefinitionOrder; // of a command of the same machine
      answer =
        order.kind === 'export'
          ? { text: definitions.exportFile() }
          : { imported: await definitions.importFile(order) };
    } catch (error) {
      const code = error instanceof AppError ? error.code : 'INTERNAL';
      answer = { code, problem: error instanceof Error ? error.message : String(error) };
    }
    response.end(`${JSON.stringify(answer)}\n`);
  }

  #answerSnapshot(response: ServerResponse): void {
    const made = this.#calls.snapshot();
    response.once('close', () => {
      const dropped = made.then((path) => this.#calls.dropSnapshot(path)).catch(() => undefined); // the next start drops it
      this.#dropping.add(dropped);
      void dropped.finally(() => this.#dropping.delete(dropped));
    });
    const say = (reply: SnapshotReply) => response.write(`${JSON.stringify(reply)}\n`);
    made.then(
      (path) => say({ path }),
      (error: unknown) => {
        say({ problem: error instanceof Error ? error.message : String(error) });
        response.end();
      },
    );
  }
}
