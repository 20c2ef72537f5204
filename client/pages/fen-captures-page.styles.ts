import { css } from 'lit';

/** The columns of recordings, after what pages of records have in common. */
export const styles = css`
  /* As wide as what stands in them; why it was made, in somebody's words, has the room that is left. */
  .rows {
    grid-template-columns: auto fit-content(24em) minmax(9em, 1fr) auto auto fit-content(24em);
  }
  li a {
    display: grid;
    grid-template-columns: subgrid;
    grid-column: 1 / -1;
  }
  .names,
  li a {
    gap: 0 calc(var(--unit) * 8);
    align-items: baseline;
    padding: calc(var(--unit) * 2) calc(var(--unit) * 3.5);
  }
  .names :nth-child(4),
  .names :nth-child(5),
  .figure {
    text-align: right;
  }
  li a {
    min-height: var(--target);
    text-decoration: none;
  }
  li a:hover {
    background: var(--ground);
  }
  li a > * {
    min-width: 0;
    overflow-wrap: anywhere;
    unicode-bidi: isolate;
  }
  .ready .state {
    color: var(--ink-2);
  }
  .recording .state,
  .refused .state,
  .failed .state {
    font-weight: var(--weight-strong);
  }
  .state small {
    font-weight: var(--weight);
  }
  @media (max-width: 1099px) {
    li a {
      grid-template-columns: auto auto minmax(0, 1fr);
      gap: var(--unit) calc(var(--unit) * 4);
      padding: calc(var(--unit) * 3) calc(var(--unit) * 3.5);
    }
    li b {
      grid-area: 1 / 1 / auto / -1;
    }
    li time {
      grid-area: 2 / 1 / auto / -1;
      color: var(--ink-2);
    }
    .cause {
      grid-column: 1 / -1;
    }
    .figure {
      text-align: left;
    }
    .figure:empty {
      display: none;
    }
    .state {
      grid-column-end: -1;
    }
    .figure:empty ~ .state {
      grid-column-start: 1;
    }
  }
`;
