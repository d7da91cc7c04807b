/**
 * Collects what was opened, in order, and ends it in the reverse order. Whoever creates something owns its
 * end: register the end on the line after the opening.
 */
export class DisposableStack implements AsyncDisposable {
  readonly #ends: (() => unknown)[] = []
  #disposed = false

  /** Registers a disposable and gives it back. */
  use<T extends AsyncDisposable | Disposable>(resource: T): T {
    this.defer(() =>
      Symbol.asyncDispose in resource
        ? resource[Symbol.asyncDispose]()
        : (resource as Disposable)[Symbol.dispose](),
    )
    return resource
  }

  /** Registers an end of any kind. */
  defer(end: () => unknown): void {
    this.#ends.push(end)
  }

  /** Runs every end once, also when one of them throws; the first error is thrown at last. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#disposed) return
    this.#disposed = true
    let failed = false
    let first: unknown
    for (const end of this.#ends.splice(0).reverse()) {
      try {
        await end()
      } catch (error) {
        if (!failed) first = error
        failed = true
      }
    }
    if (failed) throw first
  }
}
