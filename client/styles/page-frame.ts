import { css } from 'lit';

/** A page below the header of the dashboard: its head, and under it parts over the whole width. */
export const pageFrame = css`
  :host {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    align-content: start;
    gap: var(--gap);
    min-height: 100%;
    padding: calc(var(--unit) * 3) var(--gutter) var(--gutter);
  }
  header {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: calc(var(--unit) * 2) calc(var(--unit) * 5);
  }
  h1 {
    font-size: var(--text-title);
  }
  .calm {
    color: var(--ink-2);
  }
`;
