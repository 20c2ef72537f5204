import { css } from 'lit';

/** Fields of a form: a name over each, what is wrong below it. */
export const formFields = css`
  .fields {
    display: grid;
    grid-template-columns: repeat(auto-fill, minmax(min(13em, 100%), 1fr));
    gap: calc(var(--unit) * 3);
    align-items: start;
  }
  .fields .wide {
    grid-column: 1 / -1;
  }
  label {
    display: grid;
    gap: var(--unit);
    min-width: 0;
  }
  label > span:first-child {
    font-size: var(--text-small);
    color: var(--ink-2);
  }
  small {
    font-size: var(--text-small);
    color: var(--ink-2);
  }
  input,
  select,
  textarea {
    font: inherit;
    width: 100%;
    min-width: 0;
    min-height: var(--target);
    padding: calc(var(--unit) * 1.5) calc(var(--unit) * 2);
    color: var(--ink);
    background: var(--ground);
    border: var(--hair) solid var(--ink-3);
    border-radius: var(--radius);
  }
  /* A browser's own arrow does not grow with the text. */
  select {
    appearance: none;
    padding-right: 1.9em;
    background: conic-gradient(from -45deg at bottom, currentColor 90deg, transparent 0) no-repeat right 0.7em center / 0.7em 0.35em
      var(--ground);
  }
  textarea {
    line-height: 1.4;
    resize: vertical;
  }
  input[inputmode] {
    font-variant-numeric: tabular-nums;
    text-align: right;
  }
  input[type='checkbox'] {
    width: 1.2em;
    min-height: 1.2em;
    height: 1.2em;
    margin: 0;
    accent-color: var(--ink);
  }
  :is(input, select, textarea):disabled {
    color: var(--ink-2);
    border-color: var(--line);
    opacity: 1;
  }
  [aria-invalid='true'] {
    border: calc(var(--hair) * 2) solid var(--ink);
  }
  label.check {
    display: flex;
    align-items: center;
    gap: calc(var(--unit) * 2);
    min-height: var(--target);
  }
  label.check > span:first-child {
    font-size: inherit;
    color: inherit;
  }
  .measure {
    display: flex;
    align-items: center;
    gap: calc(var(--unit) * 2);
  }
  .measure small {
    white-space: nowrap;
  }
  .problem {
    font-weight: var(--weight-strong);
  }
  .problem::before {
    content: '! ';
  }
`;
