import express, { type Express, type RequestHandler } from 'express';
import { AppError } from '../base/errors.ts';
import type { AccessRules } from '../base/origin.ts';
import { ALARM_WRITES, alarmActionRoute, alarmRoutes } from './alarm-routes.ts';
import type { AlarmSource } from './alarm-source.ts';
import { BOARD_WRITES, boardRoutes } from './board-routes.ts';
import type { BoardSource } from './board-source.ts';
import { CAPTURE_WRITES, captureFileRoutes, captureOrderRoute, captureRoutes } from './capture-routes.ts';
import type { CaptureSource } from './capture-source.ts';
import { clientRoutes } from './client-routes.ts';
import { DEFINITION_WRITES, definitionRoutes } from './definition-routes.ts';
import type { DefinitionSource } from './definition-source.ts';
import { DIAGNOSES_PATH, diagnosisRoutes } from './diagnosis-routes.ts';
import { encodedJson } from './encoding.ts';
import { allowedMethods, hostCheck, originCheck, requestLimit, securityHeaders, writeCheck } from './guard.ts';
import { healthRoutes } from './health-routes.ts';
import { CHANNELS_PATH, type HistoryRoutesOptions, historyRoutes } from './history-routes.ts';
import { journalRoutes } from './journal-routes.ts';
import type { JournalSource } from './journal-source.ts';
import { metricsRoutes } from './metrics-routes.ts';
import { MODEL_WRITES, modelChangeRoutes, modelRoutes } from './model-routes.ts';
import type { ModelSource } from './model-source.ts';
import { openapiRoutes } from './openapi-routes.ts';
import { problemHandler } from './problem.ts';
import { PUSH_WRITES, pushRoutes } from './push-routes.ts';
import type { PushSource } from './push-source.ts';
import type { Gate } from './secret-gate.ts';
import { SESSION_WRITES, sessionRoutes } from './session-routes.ts';
import { systemRoutes } from './system-routes.ts';
import type { SystemSource } from './system-source.ts';
import { identify } from './who.ts';

// Requests in 10 s from one address. A page is about ten files; an open system
// page asks once a second, and each answer is an account of every channel.
const FILE_LIMIT = 3000;
const ACCOUNT_LIMIT = 200;
// Who pans and zooms over eight channels asks for a range of each, many times a second.
const HISTORY_LIMIT = 2000;

const WRITES = [
  ...SESSION_WRITES,
  ...CAPTURE_WRITES,
  ...MODEL_WRITES,
  ...ALARM_WRITES,
  ...DEFINITION_WRITES,
  ...BOARD_WRITES,
  ...PUSH_WRITES,
];

export interface HttpOptions {
  readonly source: SystemSource;
  readonly captures: CaptureSource;
  readonly models: ModelSource;
  readonly alarms: AlarmSource;
  readonly journal: JournalSource;
  readonly definitions: DefinitionSource;
  readonly boards: BoardSource;
  readonly push: PushSource;
  readonly past: HistoryRoutesOptions;
  readonly access: AccessRules;
  /** Addresses and networks of proxies whose word is taken for where a request comes from. */
  readonly trustedProxies: readonly string[];
  /** 0 for no word of it. */
  readonly hstsDays: number;
  readonly gate: Gate;
  /** The built dashboard. */
  readonly client: URL;
  readonly logError: (error: unknown) => void;
}

/** REST, health, metrics and the dashboard. Answers only to its own names and pages, and changes only what `WRITES` lists, for who may. */
export function createHttpApp(options: HttpOptions): Express {
  const { source, captures, models, alarms, definitions, journal, boards, push, past, access, gate } = options;
  const { trustedProxies, hstsDays, client, logError } = options;
  const app = express();
  app.disable('x-powered-by');
  app.set('trust proxy', trustedProxies);
  app.set('query parser', 'simple'); // no nested objects out of a query string

  app.use(
    securityHeaders(access.isSecure ? hstsDays : 0),
    hostCheck(access),
    allowedMethods(WRITES),
    originCheck(access),
  );
  app.use(identify(gate), writeCheck(WRITES));
  app.use(healthRoutes(source)); // before the limits: who watches over the server is never refused
  app.use(captureOrderRoute(captures), captureFileRoutes(captures)); // which have limits of their own, and no encoding
  app.use('/api', encodedJson());
  app.use(
    sessionRoutes(gate),
    modelChangeRoutes(models),
    alarmActionRoute(alarms),
    definitionRoutes(definitions),
    boardRoutes(boards),
    pushRoutes(push),
  );
  app.use([CHANNELS_PATH, DIAGNOSES_PATH], requestLimit(HISTORY_LIMIT));
  app.use(historyRoutes(past), diagnosisRoutes(past));
  app.use(['/api', '/metrics'], requestLimit(ACCOUNT_LIMIT));
  app.use(
    systemRoutes(source),
    metricsRoutes(source),
    captureRoutes(captures),
    modelRoutes(models),
    journalRoutes({ journal, nowMs: past.nowMs }), // before alarms, whose tags are words as well
    alarmRoutes(alarms),
    openapiRoutes(source.version),
  );
  app.use(requestLimit(FILE_LIMIT), clientRoutes(client));
  app.use(notFound());
  app.use(problemHandler(logError));
  return app;
}

function notFound(): RequestHandler {
  return (req) => {
    throw new AppError('ROUTE_UNKNOWN', `there is nothing at ${req.path.slice(0, 200)}`);
  };
}
