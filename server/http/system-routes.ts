import { Router } from 'express';
import { imbalances, type LedgerEntry } from '../trend/ledger.ts';
import { type WindowAccount, windowImbalances } from '../trend/window-account.ts';
import type { LedgerReply, SystemReply, WindowsReply } from '../wire/rest.ts';
import type { SystemSource } from './system-source.ts';

/** `GET /api/system` */
export function systemRoutes(source: SystemSource): Router {
  const router = Router();

  router.get('/api/system', async (_req, res) => {
    const ledger = await source.readLedger();
    res.set('Cache-Control', 'no-store').json({
      version: source.version,
      serverMs: source.nowMs(),
      startedMs: source.startedMs,
      node: process.version,
      process: source.process(),
      log: source.log(),
      ingest: source.ingest(),
      hub: source.hub().system,
      history: source.history(),
      ledger: ledger.map(ledgerReply),
      windows: windowsReply(source.windows()),
      recording: source.recording(),
      diagnosis: source.diagnosis(),
      alarms: source.alarms(),
      access: source.access(),
    } satisfies SystemReply);
  });

  return router;
}

function ledgerReply(entry: LedgerEntry): LedgerReply {
  return { ...entry, imbalances: imbalances(entry) };
}

function windowsReply(account: WindowAccount): WindowsReply {
  return { ...account, imbalances: windowImbalances(account) };
}
