import type { ErrorShape } from '@m3m/base'

/** An error of the agent or the desktop app that did not come through tRPC. It carries the same shape. */
export class RemoteError extends Error {
  readonly app: ErrorShape

  constructor(app: ErrorShape) {
    super(app.message)
    this.name = 'RemoteError'
    this.app = app
  }
}
