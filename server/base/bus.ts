/** Undoes a subscription. Safe to call twice. */
export type Unsubscribe = () => void;

/**
 * Hands each value to every subscriber, in the order they subscribed, before
 * `publish` returns. Nothing is queued here: a slow consumer owns its queue.
 *
 * A subscriber that throws is reported and skipped, and the others still run:
 * one broken consumer must not silence the alarms.
 */
export class Bus<T> {
  readonly #subscribers = new Set<(value: T) => void>();
  readonly #onError: (error: unknown) => void;

  constructor(onError: (error: unknown) => void) {
    this.#onError = onError;
  }

  subscribe(receive: (value: T) => void): Unsubscribe {
    const own = (value: T) => receive(value); // so the same function may subscribe twice
    this.#subscribers.add(own);
    return () => this.#subscribers.delete(own);
  }

  publish(value: T): void {
    for (const receive of this.#subscribers) {
      try {
        receive(value);
      } catch (error) {
        this.#onError(error);
      }
    }
  }
}
