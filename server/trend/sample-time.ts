const NS = 1_000_000_000;

/** How long `samples` last at `rateHz`, ns. Whole seconds apart from the rest, so that years of samples keep their ns. */
export function samplesNs(samples: number, rateHz: number): bigint {
  const rest = samples % rateHz;
  const seconds = Math.round((samples - rest) / rateHz);
  return BigInt(seconds) * BigInt(NS) + BigInt(Math.round((rest * NS) / rateHz));
}
