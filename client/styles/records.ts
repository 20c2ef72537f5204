import { css } from 'lit';

/** A page of records, in the frame of a page: the rows under the names of their columns, what is said where there is none, and the way to other pages. The columns are the page's. */
export const records = css`
  :host {
    gap: calc(var(--unit) * 3);
  }
  .news:empty {
    position: absolute;
  }
  .news {
    font-weight: var(--weight-strong);
  }
  .rows {
    display: grid;
    background: var(--panel);
    border-radius: var(--radius);
  }
  .names,
  ol,
  li {
    display: grid;
    grid-template-columns: subgrid;
    grid-column: 1 / -1;
  }
  .names {
    color: var(--ink-2);
    border-bottom: var(--hair) solid var(--line);
    font-size: var(--text-small);
  }
  li + li {
    border-top: var(--hair) solid var(--line);
  }
  time {
    white-space: nowrap;
    font-variant-numeric: tabular-nums;
  }
  small {
    font-size: var(--text-small);
    color: var(--ink-2);
  }
  nav {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    justify-content: center;
    gap: calc(var(--unit) * 2) calc(var(--unit) * 4);
  }
  .none {
    padding: calc(var(--unit) * 16) 0;
    text-align: center;
    color: var(--ink-2);
  }
  .none h2 {
    font-size: var(--text-title);
    color: var(--ink);
  }
  @media (max-width: 1099px) {
    :host {
      padding-bottom: var(--foot);
    }
    .names {
      display: none;
    }
  }
`;
