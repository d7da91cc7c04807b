// What code asks to learn where it runs: WinterTC's Minimum Common Web API names these.

class Navigator {
  get userAgent(): string {
    return 'm3m'
  }
  get language(): string {
    return 'en-US'
  }
  get languages(): readonly string[] {
    return Object.freeze(['en-US'])
  }
  /** A service has one thread. */
  get hardwareConcurrency(): number {
    return 1
  }
}

export const navigator = new Navigator()
export const self = globalThis
