/** What the server did not give of a recording is asked for again after so many ms. */
export const AGAIN_MS = 3000;
