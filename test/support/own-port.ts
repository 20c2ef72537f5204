import { once } from 'node:events';
import { createServer } from 'node:net';

// Below those that systems give to connections, which could take one while a server that is killed is away.
const FIRST = 20_000;
const LAST = 32_000;

/** A port for a server that is to have the same one again after it was killed. */
export async function ownPort(): Promise<number> {
  for (;;) {
    const port = FIRST + Math.floor(Math.random() * (LAST - FIRST));
    const server = createServer().listen(port, '127.0.0.1');
    const isFree = await once(server, 'listening').then(
      () => true,
      () => false,
    );
    if (!isFree) continue;
    server.close();
    await once(server, 'close');
    return port;
  }
}
