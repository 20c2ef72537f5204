// What is used of libsvm-js, which brings no types of its own: its export is a promise of `SvmClass`.
declare module 'libsvm-js' {
  export interface Svm {
    /** Borrows the rows while it trains. */
    train(rows: readonly Float32Array[], labels: readonly number[]): void;
    /** The text of a model file: the header, then a line a support vector. */
    serializeModel(): string;
    free(): void;
  }

  export interface SvmOptions {
    readonly type: string;
    readonly kernel: string;
    readonly cost: number;
    /** Of a label: what `cost` is multiplied by. */
    readonly weight: Readonly<Record<number, number>>;
    readonly quiet: boolean;
  }

  export interface SvmClass {
    readonly SVM_TYPES: { readonly C_SVC: string };
    readonly KERNEL_TYPES: { readonly PRECOMPUTED: string };
    new (options: SvmOptions): Svm;
  }
}
