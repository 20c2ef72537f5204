import { css } from 'lit';

export const styles = css`
  :host {
    display: grid;
    align-content: start;
    gap: calc(var(--unit) * 3);
    min-height: 100%;
    padding: calc(var(--unit) * 3) var(--gutter) var(--gutter);
  }
  header {
    display: flex;
    flex-wrap: wrap;
    align-items: baseline;
    gap: 0 calc(var(--unit) * 5);
  }
  h1 {
    font-size: var(--text-title);
  }
  .total {
    color: var(--ink-2);
  }
  form {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: calc(var(--unit) * 2);
  }
  input,
  select {
    min-width: 0;
    min-height: var(--target);
    padding: 0 calc(var(--unit) * 2.5);
    font: inherit;
    color: var(--ink);
    background: var(--panel);
    border: var(--hair) solid var(--ink-3);
    border-radius: var(--radius);
  }
  input {
    flex: 1 1 14em;
    max-width: 26em;
  }
  input::placeholder {
    color: var(--ink-2);
    opacity: 1;
  }
  /* A browser's own arrow does not grow with the text. */
  select {
    max-width: 16em;
    appearance: none;
    padding-right: 1.9em;
    background: conic-gradient(from -45deg at bottom, var(--ink) 90deg, transparent 0) no-repeat right 0.7em center / 0.7em 0.35em
      var(--panel);
  }
  .news:empty {
    position: absolute;
  }
  .news {
    font-weight: var(--weight-strong);
  }
  .rows {
    background: var(--panel);
    border-radius: var(--radius);
  }
  /* Columns as wide as what stands in them; why it was made, in somebody's words, has the room that is left. */
  .rows {
    display: grid;
    grid-template-columns: auto fit-content(24em) minmax(9em, 1fr) auto auto fit-content(24em);
  }
  .names,
  ol,
  li,
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
  .names {
    color: var(--ink-2);
    border-bottom: var(--hair) solid var(--line);
  }
  .names span {
    font-size: var(--text-small);
  }
  .names :nth-child(4),
  .names :nth-child(5),
  .figure {
    text-align: right;
  }
  li + li {
    border-top: var(--hair) solid var(--line);
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
  small {
    font-size: var(--text-small);
    color: var(--ink-2);
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
  time {
    white-space: nowrap;
  }
  nav {
    display: flex;
    justify-content: center;
    gap: calc(var(--unit) * 2);
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
  @media (max-width: 899px) {
    :host {
    }
    input,
    select {
      flex: 1 1 28%;
      padding-left: var(--unit);
      max-width: none;
    }
    input {
      flex-basis: 100%;
    }
    .names {
      display: none;
    }
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
