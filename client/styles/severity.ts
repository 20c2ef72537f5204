import { css } from 'lit';

/** A class named after its severity has the grey of it, and no alarm's colour; `normal` is left to who uses it. */
export const severityInks = css`
  .low {
    color: var(--grade-low);
  }
  .medium {
    color: var(--grade-medium);
  }
  .high {
    color: var(--grade-high);
  }
  .critical {
    color: var(--grade-critical);
  }
`;
