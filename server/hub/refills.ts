import type { Filled } from '../wire/events.ts';
import type { DeliveryTools } from './delivery.ts';
import type { Flight } from './flight.ts';
import { FRAME_BYTES } from './frame-builder.ts';
import type { Refill } from './refill.ts';

/** The past leaves room for half a frame, so that the present of a few channels need not wait for an acknowledgement. */
const ROOM_BYTES = 1.5 * FRAME_BYTES;

export interface RefillSink {
  /** False where the viewer is gone. */
  sendFrame(bytes: Buffer): boolean;
  tell(event: Filled): void;
}

/** The fills of one viewer that are under way. The newest goes first: it is what somebody looks at now. */
export class Refills {
  readonly #open: Refill[] = [];

  get size(): number {
    return this.#open.length;
  }

  add(refill: Refill): void {
    this.#open.push(refill);
  }

  /** Forgets them all. */
  clear(): void {
    this.#open.length = 0;
  }

  /** Sends what there is and what may be sent. To be called when the present was sent. */
  pump(flight: Flight, { builder, budget, clock }: DeliveryTools, sink: RefillSink): void {
    for (let refill = this.#open.at(-1); refill; refill = this.#open.at(-1)) {
      if (!flight.hasRoom(ROOM_BYTES) || budget.past <= 0) return;
      const built = refill.next(builder, clock.nowMs());
      if (built === undefined) {
        this.#open.pop();
        sink.tell(refill.filled);
        continue;
      }
      budget.past -= built.costBytes;
      if (!sink.sendFrame(built.bytes)) return;
    }
  }
}
