/** Texts that come through everything as they are: no control characters, and no half of a surrogate pair, which has no UTF-8. */
export const PLAIN_TEXT = /^[^\p{Cc}\p{Surrogate}]*$/u;
export const PLAIN_TEXT_WORDS = 'without control characters and halves of surrogate pairs';
