import { css } from 'lit';

export const styles = css`
  :host {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    align-content: start;
    gap: calc(var(--unit) * 3);
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
  .more {
    display: none;
  }
  header .button {
    margin-left: auto;
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
    flex: 1 1 11em;
    max-width: 22em;
  }
  input::placeholder {
    color: var(--ink-2);
    opacity: 1;
  }
  select {
    max-width: 14em;
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
    display: grid;
    grid-template-columns: auto auto minmax(12em, 3fr) minmax(6em, 2fr) minmax(8em, 4fr) auto;
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
  .names,
  li {
    gap: 0 calc(var(--unit) * 6);
    align-items: start;
    line-height: 1.4;
    padding: calc(var(--unit) * 1.75) calc(var(--unit) * 3.5);
  }
  .names {
    color: var(--ink-2);
    border-bottom: var(--hair) solid var(--line);
    font-size: var(--text-small);
  }
  li + li {
    border-top: var(--hair) solid var(--line);
  }
  li:hover {
    background: var(--ground);
  }
  li > * {
    min-width: 0;
    overflow-wrap: anywhere;
    unicode-bidi: isolate;
  }
  time {
    white-space: nowrap;
    font-variant-numeric: tabular-nums;
  }
  small {
    font-size: var(--text-small);
    color: var(--ink-2);
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
    input {
      flex: 1 1 40%;
      max-width: none;
    }
    select {
      flex: 1 1 28%;
      max-width: none;
      padding-left: var(--unit);
    }
    .names {
      display: none;
    }
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
    .more {
      display: inline-flex;
    }
    .closed > :not([name='search'], .more) {
      display: none;
    }
  }
`;
