import { css } from 'lit';

/** A choice of a few, as one row: radio buttons in the labels of a `fieldset`. */
export const segments = css`
  fieldset {
    display: flex;
    margin: 0;
    padding: 0;
    border: var(--hair) solid var(--ink-3);
    border-radius: var(--radius);
  }
  legend {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
  }
  label {
    position: relative;
    flex: 1 0 auto;
    display: grid;
    place-items: center;
    min-height: calc(var(--target) - var(--hair) * 2);
    min-width: var(--target);
    padding: 0 calc(var(--unit) * 2);
    color: var(--ink-2);
    white-space: nowrap;
    cursor: pointer;
  }
  @media (max-width: 369px) {
    label {
      padding: 0;
      font-size: var(--text-small);
    }
  }
  label:has(:checked) {
    color: var(--ground);
    background: var(--ink);
    font-weight: var(--weight-strong);
  }
  label:has(:focus-visible) {
    outline: calc(var(--hair) * 2) solid var(--focus);
    outline-offset: calc(var(--hair) * 2);
    z-index: 1;
  }
  input {
    position: absolute;
    inset: 0;
    margin: 0;
    opacity: 0;
    cursor: pointer;
  }
`;
