// Sample clocks drift by parts in a million, so a lead that is off by more than
// this was set anew: another stream, a replay, a clock that was corrected.
const JUMP_MS = 2000;
// Share of the way back taken with each block that comes in behind the lead.
const RELAX = 0.02;

/**
 * Where "now" is on a channel's own time axis.
 *
 * The sample clock of a channel need not be the server's: a recording of 2009
 * replays with its own times. So the axis is the sample clock, and its right
 * edge is the server's clock plus the lead that the newest blocks showed. It
 * moves evenly between blocks and never lies before the newest sample.
 */
export class SampleClock {
  #leadMs: number | undefined;

  /** Takes in the end of a block by the sample clock and when that was read, by the server's. */
  observe(endMs: number, arrivedMs: number): void {
    const leadMs = endMs - arrivedMs;
    const known = this.#leadMs;
    if (known === undefined || Math.abs(leadMs - known) > JUMP_MS || leadMs > known) this.#leadMs = leadMs;
    else this.#leadMs = known + (leadMs - known) * RELAX;
  }

  /** The sample clock at a time of the server's clock; undefined before the first block. */
  at(serverMs: number): number | undefined {
    return this.#leadMs === undefined ? undefined : serverMs + this.#leadMs;
  }
}
