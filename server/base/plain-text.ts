/** Texts that come through everything as they are: without U+0000, which ends a text elsewhere, and without halves of surrogate pairs, which have no UTF-8. */
export const PLAIN_TEXT = /^[^\0\p{Surrogate}]*$/u;
export const PLAIN_TEXT_WORDS = 'without U+0000 and halves of surrogate pairs';
