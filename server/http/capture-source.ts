import type { Readable } from 'node:stream';
import type { CaptureReply, CaptureRequest, CapturesReply } from '../wire/captures.ts';
import type { CaptureQuery, DownloadKind } from './capture-requests.ts';
import type { OpenReads } from './open-reads.ts';

/** What the routes ask of the recordings. */
export interface CaptureSource {
  query(query: CaptureQuery): CapturesReply;
  find(id: string): CaptureReply | undefined;
  /** Resolves when the recording, or its refusal, is on the list. Rejects with `AppError`. */
  begin(request: CaptureRequest): Promise<CaptureReply>;
  /** Removes a recording of the list with all its files; one under way is stopped. Rejects with `STORAGE_FAILED`. */
  remove(capture: CaptureReply): Promise<void>;
  /** Paths of a recording of the list. */
  files(id: string): { readonly data: string; readonly overview: string; readonly meta: string };
  /**
   * Whether the samples of a ready recording are known to be those that were recorded; a large recording may be
   * checked later, unless all of it `isWhole` asked for. Rejects with `CAPTURE_DAMAGED` and `STORAGE_FAILED`.
   */
  isSound(capture: CaptureReply, needs?: { readonly isWhole?: boolean }): Promise<boolean>;
  /** Throws `REQUEST_INVALID` where the recording has no such form. */
  download(capture: CaptureReply, as: DownloadKind): Promise<Download>;
  /** Counts what is read. */
  readonly reads: OpenReads;
}

/** A file that is made while it is sent. */
export interface Download {
  /** Made by the server. */
  readonly name: string;
  readonly type: string;
  readonly bytes: number;
  readonly content: Readable;
}
