/** Has the script of a page from the server. Asked again after a failure, it waits before it tries. */
export interface PageLoader {
  readonly isFailing: boolean;
  load(): Promise<unknown>;
}

/** A page whose script is had only when somebody goes there, so that those who do not are not slower for it. */
export class LatePage {
  readonly #tag: string;
  readonly #loader: () => PageLoader;
  readonly #onChange: () => void;
  #isLoading = false;

  /** `onChange` is called when it is there, and whenever it could not be had. */
  constructor(tag: string, loader: () => PageLoader, onChange: () => void) {
    this.#tag = tag;
    this.#loader = loader;
    this.#onChange = onChange;
  }

  get isThere(): boolean {
    return customElements.get(this.#tag) !== undefined;
  }

  /** Whether it could not be had when that was last tried. */
  get isFailing(): boolean {
    return this.#loader().isFailing;
  }

  /** Somebody is here: tries until it is there. */
  need(): void {
    if (this.isThere || this.#isLoading) return;
    this.#isLoading = true;
    void this.#load();
  }

  async #load(): Promise<void> {
    while (!this.isThere) {
      await this.#loader()
        .load()
        .catch(() => {}); // then the loader is failing, and waits before the next try
      this.#onChange();
    }
  }
}
