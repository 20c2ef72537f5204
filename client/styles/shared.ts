import { css } from 'lit';

/** What every element's shadow starts from: boxes, focus, buttons, words for those who listen. */
export const shared = css`
  *,
  *::before,
  *::after {
    box-sizing: border-box;
  }
  [hidden] {
    display: none !important;
  }
  h1,
  h2,
  h3,
  p,
  dl,
  dd,
  ul,
  ol {
    margin: 0;
    padding: 0;
    list-style: none;
  }
  h1,
  h2,
  h3 {
    font-size: inherit;
    font-weight: var(--weight-strong);
    unicode-bidi: isolate; /* a name in another script turns nothing round beside it */
  }
  a {
    color: inherit;
  }
  b {
    font-weight: var(--weight-strong);
  }
  :focus-visible {
    outline: calc(var(--hair) * 2) solid var(--focus);
    outline-offset: calc(var(--hair) * 2);
  }
  button,
  .button {
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: calc(var(--unit) * 1.5);
    min-height: var(--target);
    min-width: var(--target);
    padding: 0 calc(var(--unit) * 3);
    font: inherit;
    font-weight: var(--weight-strong);
    color: var(--ink);
    background: var(--panel);
    border: var(--hair) solid var(--ink-3);
    border-radius: var(--radius);
    text-decoration: none;
    white-space: nowrap;
    cursor: pointer;
  }
  button:disabled {
    color: var(--ink-2);
    border-color: var(--line);
    cursor: default;
  }
  button.go {
    color: var(--ground);
    background: var(--ink);
    border-color: var(--ink);
  }
  /* What moved a moment ago is seen to rest, and read all the same. */
  [data-settling] button {
    pointer-events: none;
    filter: contrast(0.75);
  }
  kbd {
    font: inherit;
    font-size: var(--text-small);
    padding: 0 calc(var(--unit) * 1.5);
    border: var(--hair) solid var(--ink-3);
    border-radius: var(--radius);
  }
  .unseen {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
`;
