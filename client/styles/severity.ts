import { css } from 'lit';

/** A class named after its severity has the colour of it; `normal` is left to who uses it. */
export const severityInks = css`
  .low {
    color: var(--low);
  }
  .medium {
    color: var(--medium);
  }
  .high {
    color: var(--high);
  }
  .critical {
    color: var(--critical);
  }
`;
