import { css } from 'lit';

/** News at the foot of the screen, which moves nothing. */
export const noticeStyle = css`
  :host {
    position: fixed;
    bottom: var(--gutter);
    z-index: 3;
    display: grid;
    gap: calc(var(--unit) * 2);
    max-width: min(44em, calc(100vw - var(--gutter) * 2));
  }
  .news {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: calc(var(--unit) * 2) calc(var(--unit) * 3);
    padding: calc(var(--unit) * 2.5) calc(var(--unit) * 3.5);
    background: var(--panel);
    border: var(--hair) solid var(--ink);
    border-radius: var(--radius);
  }
  p {
    flex: 1 1 13em;
    min-width: 0;
  }
  .why {
    color: var(--ink-2);
  }
`;
