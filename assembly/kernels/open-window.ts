import { STATE_CARRIED, STATE_OPEN, STATE_SQUARES, STATE_SUM } from "../abi";
import { writeEmptySummary } from "./summary";

/** Empties the open window of a state record. Limits and the last result stay. */
export function openWindow(state: usize): void {
  writeEmptySummary(state + STATE_OPEN);
  store<i64>(state + STATE_SUM, 0);
  store<i64>(state + STATE_SQUARES, 0);
  store<i32>(state + STATE_CARRIED, 0);
}
