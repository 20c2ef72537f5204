/** By what share the rate of points may differ from the model's: over a run of 972, one point. */
const TOLERANCE = 0.001;

/** Whether a channel of so many points a second is looked at by a model that is made for `wanted` of them. */
export function isModelRate(pointsPerSecond: number, wanted: number): boolean {
  return Math.abs(pointsPerSecond / wanted - 1) <= TOLERANCE;
}
