/** Exit code of a command that a person stopped, by the custom of shells. */
const STOPPED = 130;

/** Does `work`; where it fails, or a signal stops it, runs `undo`. A person who stops it is a failure too. */
export async function undoOnFailure(work: () => Promise<void>, undo: () => Promise<void>): Promise<void> {
  const onSignal = () => void undo().finally(() => process.exit(STOPPED));
  process.once('SIGINT', onSignal).once('SIGTERM', onSignal);
  try {
    await work();
  } catch (error) {
    await undo();
    throw error;
  } finally {
    process.off('SIGINT', onSignal).off('SIGTERM', onSignal);
  }
}
