import { css } from 'lit';

/** The columns of the journal, after what pages of records have in common. */
export const styles = css`
  header .button {
    margin-left: auto;
  }
  .rows {
    grid-template-columns: auto auto minmax(12em, 3fr) minmax(6em, 2fr) minmax(8em, 4fr) auto;
  }
  .names,
  li {
    gap: 0 calc(var(--unit) * 6);
    align-items: start;
    line-height: 1.4;
    padding: calc(var(--unit) * 1.75) calc(var(--unit) * 3.5);
  }
  li:hover {
    background: var(--ground);
  }
  li > * {
    min-width: 0;
    overflow-wrap: anywhere;
    unicode-bidi: isolate;
  }
  .event {
    display: flex;
    align-items: center;
    gap: calc(var(--unit) * 2);
    white-space: nowrap;
  }
  .annunciated b {
    font-weight: var(--weight-strong);
  }
  .event b {
    font-weight: var(--weight);
  }
  .alarm a {
    font-weight: var(--weight-strong);
    text-decoration: none;
  }
  .alarm a:hover {
    text-decoration: underline;
  }
  .alarm small {
    display: block;
  }
  .comment {
    display: block;
  }
  .links {
    display: flex;
    justify-content: flex-end;
    gap: calc(var(--unit) * 3);
    white-space: nowrap;
  }
  @media (max-width: 1099px) {
    .rows {
      grid-template-columns: minmax(0, 1fr) auto;
    }
    li {
      gap: calc(var(--unit) * 0.5) calc(var(--unit) * 4);
      padding: calc(var(--unit) * 2.5) calc(var(--unit) * 3.5);
    }
    li time {
      grid-area: 1 / 1 / auto / -1;
      color: var(--ink-2);
      font-size: var(--text-small);
    }
    .event {
      grid-area: 2 / 1;
      white-space: normal;
    }
    .links {
      grid-area: 2 / 2;
    }
    .alarm,
    .finding,
    .who {
      grid-column: 1 / -1;
    }
    .alarm small {
      display: inline;
    }
    .links a {
      min-width: var(--target);
      text-align: right;
    }
    .finding:empty,
    .who:empty {
      display: none;
    }
  }
`;
