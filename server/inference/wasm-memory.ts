const PAGE_BYTES = 65_536;

/**
 * Holds every WebAssembly memory that this thread makes from now on to a
 * number of bytes. The runtime asks for 4 GiB at most, which one graph could
 * take; beyond the limit its allocation fails, and with it that run alone.
 */
export function limitWasmMemory(bytes: number): void {
  const maximum = Math.floor(bytes / PAGE_BYTES);
  WebAssembly.Memory = new Proxy(WebAssembly.Memory, {
    construct: (make, [wanted]: [WebAssembly.MemoryDescriptor]) =>
      new make({ ...wanted, maximum: Math.min(maximum, wanted.maximum ?? maximum) }),
  });
}
