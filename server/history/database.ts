import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';

export interface DatabaseOptions {
  readonly memoryBytes: number;
  /** Where sorts that do not fit in memory go; emptied by nobody but DuckDB. */
  readonly temporaryDirectory: string;
  /** Where true, a Parquet file never changes under its name: what was read of one is kept, within `memoryBytes`, and not looked for again. */
  readonly parquetNeverChanges?: boolean;
}

const CLOSED = 'the database is closed';
/** From one interruption of what runs to the next. */
const INTERRUPT_MS = 20;
/** Of all temporary files together; a query that needs more fails. */
const TEMPORARY_BYTES = 4 * 2 ** 30;

/**
 * The one DuckDB instance of the process: a database in memory to which files
 * are attached by name. It computes on one thread for each connection in use,
 * none of them ours.
 *
 * A failed fsync makes DuckDB refuse all further work; `reopen` gives a new
 * instance with the same files.
 */
export class Database {
  readonly #options: DatabaseOptions;
  readonly #attached = new Map<string, string>();
  #instance: DuckDBInstance;
  #idle: DuckDBConnection[] = [];
  readonly #busy = new Map<DuckDBConnection, Promise<unknown>>();
  readonly #connecting = new Set<Promise<DuckDBConnection>>();
  #reopening: Promise<void> | undefined;
  #isClosed = false;

  static async open(options: DatabaseOptions): Promise<Database> {
    return new Database(options, await createInstance(options));
  }

  private constructor(options: DatabaseOptions, instance: DuckDBInstance) {
    this.#options = options;
    this.#instance = instance;
  }

  /** Attaches the file at `path`, which is made where there is none. Throws as DuckDB does. */
  async attach(name: string, path: string): Promise<void> {
    await this.run(`ATTACH ${quoted(path)} AS ${name}`);
    this.#attached.set(name, path);
  }

  /** Lets go of a file; its last pages are written. What reads from it at the moment still ends well. */
  async detach(name: string): Promise<void> {
    this.#attached.delete(name);
    await this.run(`DETACH ${name}`);
  }

  /** Lets go of a damaged file, attached or not, whatever that does to the instance. */
  async forget(name: string): Promise<void> {
    this.#attached.delete(name);
    await this.reopen();
  }

  /** Gives `task` a connection of its own. */
  async use<T>(task: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
    const connection = await this.#connect();
    const work = task(connection);
    this.#busy.set(connection, work);
    try {
      return await work;
    } finally {
      this.#busy.delete(connection);
      if (this.#reopening === undefined) this.#idle.push(connection);
      else connection.closeSync(); // of an instance that goes
    }
  }

  async run(sql: string): Promise<void> {
    await this.use((connection) => connection.run(sql));
  }

  /** Runs `task` in a transaction, which is rolled back where it throws. It writes to one attached file at most. */
  transact<T>(task: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
    return this.use(async (connection) => {
      await connection.run('BEGIN');
      try {
        const result = await task(connection);
        await connection.run('COMMIT');
        return result;
      } catch (error) {
        await connection.run('ROLLBACK').catch(() => undefined); // a failed COMMIT has rolled back by itself
        throw error;
      }
    });
  }

  /** Interrupts what is under way, and begins again with the same files. Rejects where they cannot be opened; try again. */
  async reopen(): Promise<void> {
    // Of those who wait one goes on, and the others wait for it; how it ended is told to who asked for it.
    while (this.#reopening !== undefined && !this.#isClosed) await this.#reopening.catch(() => undefined);
    if (this.#isClosed) throw new Error(CLOSED);
    this.#reopening = this.#reopen();
    try {
      await this.#reopening;
    } finally {
      this.#reopening = undefined;
    }
  }

  /** Interrupts what is under way and lets go of all files. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#reopening?.catch(() => undefined);
    this.#reopening = this.#disconnect();
    await this.#reopening;
    this.#instance.closeSync();
  }

  async #connect(): Promise<DuckDBConnection> {
    for (;;) {
      await this.#reopening;
      if (this.#isClosed) throw new Error(CLOSED);
      const idle = this.#idle.pop();
      if (idle !== undefined) return idle;

      const connecting = this.#instance.connect();
      this.#connecting.add(connecting);
      const connection = await connecting.finally(() => this.#connecting.delete(connecting));
      if (this.#reopening === undefined) return connection;
      connection.closeSync();
    }
  }

  // One file that cannot be opened does not keep the others from it.
  async #reopen(): Promise<void> {
    await this.#disconnect();
    this.#instance.closeSync();
    this.#instance = await createInstance(this.#options);
    const connection = await this.#instance.connect();
    const failures: unknown[] = [];
    for (const [name, path] of this.#attached) {
      await connection.run(`ATTACH ${quoted(path)} AS ${name}`).catch((error: unknown) => failures.push(error));
    }
    connection.closeSync();
    if (failures.length > 0) throw failures[0];
  }

  async #disconnect(): Promise<void> {
    const interrupt = () => {
      for (const connection of this.#busy.keys()) connection.interrupt();
    };
    const again = setInterval(interrupt, INTERRUPT_MS); // a task may be between two statements
    interrupt();
    await Promise.allSettled([...this.#busy.values(), ...this.#connecting]);
    clearInterval(again);
    for (const connection of this.#idle.splice(0)) connection.closeSync();
  }
}

/** Any text as a value of SQL; a literal where it has no U+0000, at which DuckDB would end the statement. */
export function quoted(text: string): string {
  const literal = `'${text.replaceAll("'", "''")}'`;
  return text.includes('\0') ? `(${literal.replaceAll('\0', "' || chr(0) || '")})` : literal;
}

async function createInstance(options: DatabaseOptions): Promise<DuckDBInstance> {
  const { memoryBytes, temporaryDirectory, parquetNeverChanges = false } = options;
  const instance = await DuckDBInstance.create(':memory:', {
    threads: '1',
    memory_limit: `${memoryBytes}B`,
    temp_directory: temporaryDirectory,
    max_temp_directory_size: `${TEMPORARY_BYTES}B`,
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    preserve_insertion_order: 'true',
    validate_external_file_cache: parquetNeverChanges ? 'NO_VALIDATION' : 'VALIDATE_ALL',
  });
  const connection = await instance.connect();
  await connection.run(`SET GLOBAL parquet_metadata_cache = ${parquetNeverChanges}`); // the reader's own, unknown before it is there
  connection.closeSync();
  return instance;
}
