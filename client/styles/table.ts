import { css } from 'lit';

/** A table of a panel: a row's name with its symbol, then figures, as wide as the panel and scrolled sideways where that is too narrow. */
export const figureTable = css`
  .scroll {
    position: relative; /* what is only heard stays within what scrolls */
    overflow-x: auto;
  }
  table {
    width: 100%;
    border-collapse: collapse;
  }
  th,
  td {
    padding: var(--row-gap) var(--cell);
    text-align: right;
    white-space: nowrap;
    font-weight: var(--weight);
  }
  th:first-child {
    padding-left: calc(var(--unit) * 3.5);
    text-align: left;
  }
  td:last-child,
  th:last-child {
    padding-right: calc(var(--unit) * 3.5);
  }
  thead th {
    vertical-align: bottom;
    white-space: normal;
    overflow-wrap: normal;
    font-size: var(--text-small);
    color: var(--ink-2);
  }
  tbody th {
    font-weight: var(--weight-strong);
  }
  th svg {
    margin-right: var(--unit);
    vertical-align: -0.12em;
  }
  tbody tr {
    border-top: var(--hair) solid var(--line);
  }
`;
