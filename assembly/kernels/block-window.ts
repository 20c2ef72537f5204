// What the kernels of i32, f32 and f64 share. Their sums round, so they are
// taken in blocks counted from the window's start, merged in order: figures
// depend on the samples alone, not on where the input was cut. A block that is
// not complete yet waits in the state record.

import {
  BLOCK_SAMPLES,
  STATE_CARRIED,
  STATE_CARRY,
  STATE_HIGH,
  STATE_LOW,
  STATE_OPEN,
  STATE_RESULT,
  STATE_TAIL,
  SUMMARY_BYTES,
  SUMMARY_NONFINITE,
  TAIL_SAMPLES,
} from "../abi";
import { reduceBlock } from "./block";
import { openWindow } from "./open-window";
import { addTo, mergeInto } from "./summary";

/** Adds samples of type T to the open window. */
export function foldBlocks<T>(state: usize, src: usize, samples: usize): void {
  const end = src + samples * sizeof<T>();
  const blockBytes = <usize>BLOCK_SAMPLES * sizeof<T>();
  const carry = state + STATE_CARRY;
  let carried = <usize>load<i32>(state + STATE_CARRIED) * sizeof<T>();

  if (carried > 0) {
    const bytes = min(end - src, blockBytes - carried);
    memory.copy(carry + carried, src, bytes);
    src += bytes;
    carried += bytes;
    if (carried == blockBytes) {
      addBlock<T>(state, carry, carry + blockBytes);
      carried = 0;
    }
  }
  for (; end - src >= blockBytes; src += blockBytes) addBlock<T>(state, src, src + blockBytes);
  if (src < end) {
    memory.copy(carry, src, end - src);
    carried = end - src;
  }
  store<i32>(state + STATE_CARRIED, <i32>(carried / sizeof<T>()));
}

/** Closes the open window: the carried samples are its last, short block. */
export function finishBlocks<T>(state: usize): void {
  const carry = state + STATE_CARRY;
  const samples = load<i32>(state + STATE_CARRIED);
  const whole = carry + <usize>(samples & ~(TAIL_SAMPLES - 1)) * sizeof<T>();
  const end = carry + <usize>samples * sizeof<T>();

  if (whole > carry) addBlock<T>(state, carry, whole);
  if (end > whole) addTail<T>(state, whole, end);
  memory.copy(state + STATE_RESULT, state + STATE_OPEN, SUMMARY_BYTES);
  openWindow(state);
}

function addBlock<T>(state: usize, src: usize, end: usize): void {
  const block = state + STATE_RESULT; // free while a window is open
  reduceBlock<T>(src, end, load<f64>(state + STATE_LOW), load<f64>(state + STATE_HIGH), block);
  mergeInto(state + STATE_OPEN, block);
}

/** Adds fewer samples than one vector step, as f64 padded with NaN. */
function addTail<T>(state: usize, src: usize, end: usize): void {
  const tail = state + STATE_TAIL;
  let padding: f64 = 0;
  for (let i: usize = 0; i < <usize>TAIL_SAMPLES; i++, src += sizeof<T>()) {
    store<f64>(tail + i * 8, src < end ? <f64>load<T>(src) : NaN);
    if (src >= end) padding++;
  }
  addBlock<f64>(state, tail, tail + TAIL_SAMPLES * 8);
  addTo(state + STATE_OPEN + SUMMARY_NONFINITE, -padding);
}
