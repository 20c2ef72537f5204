import { type RequestHandler, Router } from 'express';
import type { AppError } from '../../server/base/errors.ts';
import { captureFiles } from '../../server/capture/capture-files.ts';
import { CaptureList } from '../../server/capture/capture-list.ts';
import { openDownload } from '../../server/capture/download.ts';
import type { CaptureQuery } from '../../server/http/capture-requests.ts';
import { captureFileRoutes, captureOrderRoute, captureRoutes } from '../../server/http/capture-routes.ts';
import type { CaptureSource } from '../../server/http/capture-source.ts';
import { OpenReads } from '../../server/http/open-reads.ts';
import { problemHandler } from '../../server/http/problem.ts';
import type { CaptureReply, CaptureRequest } from '../../server/wire/captures.ts';

/**
 * The product's own routes of recordings, over files in a folder and a list
 * that a test makes: any state of the pages, without devices.
 */
export class CaptureServer {
  readonly routes: RequestHandler;
  readonly list = new CaptureList();
  /** What was asked to be recorded, and of the list. */
  readonly asked: CaptureRequest[] = [];
  readonly queries: CaptureQuery[] = [];
  /** What every question for the list and every removal is answered with, where it is set. */
  failure: AppError | undefined;
  /** What is asked to be recorded becomes this. */
  answer: CaptureReply | undefined;

  constructor(folder: string, captures: readonly CaptureReply[]) {
    for (const capture of captures) this.list.set(capture);
    const source: CaptureSource = {
      query: (query) => {
        this.queries.push(query);
        if (this.failure) throw this.failure;
        return { ...this.list.find(query), bytes: this.list.bytes, limitBytes: 20e9 };
      },
      find: (id) => this.list.get(id),
      begin: async (request) => {
        this.asked.push(request);
        if (this.answer === undefined) throw new Error('the test does not say what becomes of it');
        return this.answer;
      },
      remove: async ({ id }) => {
        if (this.failure) throw this.failure;
        this.list.delete(id);
      },
      files: (id) => captureFiles(folder, id),
      isSound: async () => true,
      download: (capture, as) => openDownload(capture, captureFiles(folder, capture.id), as),
      reads: new OpenReads(),
    };
    const router = Router();
    router.use(captureOrderRoute(source), captureFileRoutes(source), captureRoutes(source));
    router.use(
      problemHandler((error) => {
        throw error;
      }),
    );
    this.routes = router;
  }
}
