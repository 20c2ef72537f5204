/** Of screens, CSS pixels: from 1080 to 2160 lines, wide ones and upright ones. */
export const WALL_SIZES = (
  [
    [1920, 1080],
    [1920, 1200],
    [2560, 1080],
    [2560, 1440],
    [3440, 1440],
    [3840, 1600],
    [3840, 2160],
    [1080, 1920],
    [1200, 1920],
    [1440, 2560],
    [2160, 3840],
  ] as const
).map(([width, height]) => ({ width, height }));

/** The least and the largest of them, either way up. */
export const EXTREME_SIZES = WALL_SIZES.filter(({ width, height }) =>
  [1920 * 1080, 3840 * 2160].includes(width * height),
);
