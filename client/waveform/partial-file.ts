/** A file at the server, of which parts are here. Places are bytes, `to` not included. */
export interface PartialFile {
  has(from: number, to: number): boolean;
  /** What of a range is here, in order; views that stay as they are. */
  held(from: number, to: number): Iterable<{ readonly from: number; readonly bytes: Uint8Array<ArrayBuffer> }>;
  /** Gets what of a range is not here. */
  load(from: number, to: number, signal: AbortSignal): Promise<void>;
}
