import type { Pause } from './pause.ts'
import type { Request } from './wire.ts'

/** A command that is being run. */
export interface Operation {
  /** `opid` of `$currentOp` and `killOp`. */
  id: number
  request: Request
  connectionId: number
  /** Whether the command goes on when its client is gone. */
  outlives: boolean
  startedMs: number
  pause: Pause
}

/** The commands that are being run, so that they can be seen and ended. */
export interface Operations {
  begin(operation: Omit<Operation, 'id' | 'startedMs'>): Operation
  end(operation: Operation): void
  list(): Iterable<Operation>
  /** False when there is no such operation. */
  kill(id: number): boolean
  /** Ends what a closed connection does not need any more. */
  disconnected(connectionId: number): void
}

export function createOperations(): Operations {
  const running = new Map<number, Operation>()
  let lastId = 0
  return {
    begin(given) {
      const operation = { ...given, id: ++lastId, startedMs: Date.now() }
      running.set(operation.id, operation)
      return operation
    },
    end: ({ id }) => void running.delete(id),
    list: () => running.values(),
    kill(id) {
      const operation = running.get(id)
      operation?.pause.kill()
      return operation !== undefined
    },
    disconnected(connectionId) {
      for (const operation of running.values()) {
        if (operation.connectionId === connectionId && !operation.outlives) operation.pause.kill()
      }
    },
  }
}
