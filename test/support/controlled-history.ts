import { join } from 'node:path';
import { ControlServer } from '../../server/http/control-server.ts';
import { noDefinitions } from './no-definitions.ts';
import { RunningHistory } from './running-history.ts';
import { silentLog } from './silent-log.ts';

/** Starts a history in the data folder of a server that takes commands as one that runs does. The caller closes both. */
export async function startControlled(
  data: string,
): Promise<{ readonly running: RunningHistory; readonly close: () => Promise<void> }> {
  const running = await RunningHistory.start(join(data, 'history'));
  const { history } = running;
  const calls = {
    snapshot: () => history.snapshot(),
    dropSnapshot: (path: string) => history.dropSnapshot(path),
    definitions: noDefinitions(),
  };
  const control = ControlServer.start(data, calls, silentLog());
  const close = async () => {
    await control.close();
    await running.close();
  };
  return { running, close };
}
