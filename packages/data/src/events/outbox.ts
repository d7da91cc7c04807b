import { createEventLog, type EventLog, type OutboxDeps, type Ticket } from './event-log.ts'

/**
 * Record events, written ahead. The log of a project is dense: an event is appended with the number after the
 * last, and the unique index on it decides between two processes; so a reader that has seen n has seen all up
 * to n, and needs no waiting for gaps.
 *
 * A change is: append (pending) → write the record → confirm. Who dies in between leaves a pending event, and
 * settle-events.ts finds out from the record whether the change happened. The same mechanism serves servers
 * with and without transactions; several changes that belong together go in one transaction where the server
 * has them (records/atomic-changes.ts), in a turn of its own.
 */
export interface Outbox {
  /** Resolves when the events, all of one project, are in the log, in order. */
  append: EventLog['append']
  /** The changes happened. Does not wait: readers see it when it is written. */
  confirm(ticket: Ticket): void
  /** The changes did not happen. */
  cancel(ticket: Ticket): Promise<void>
  /**
   * Runs a transaction that writes events of the project itself; nothing of this process is appended meanwhile:
   * it would wait for the transaction, and the transaction for it. Readers are woken when it is done.
   */
  turn: EventLog['turn']
  /** Called whenever this process confirmed events of a project. The returned function ends it. */
  onConfirmed(listener: (projectId: string) => void): () => void
  /** Waits until all that was confirmed is written. */
  flush(): Promise<void>
}

export function createOutbox(deps: OutboxDeps): Outbox {
  const { repo, logger, engineId } = deps
  const { append, turn } = createEventLog(deps)
  const listeners = new Set<(projectId: string) => void>()
  let waiting: Ticket[] = []
  let running: Promise<void> | undefined

  function tell(projectId: string): void {
    for (const listener of listeners) listener(projectId)
  }

  async function confirmAll(): Promise<void> {
    // One turn of the loop, so that changes made together are confirmed together.
    await new Promise((resolve) => setImmediate(resolve))
    while (waiting.length > 0) {
      const tickets = waiting
      waiting = []
      try {
        await confirmSome(tickets)
      } catch (error) {
        logger.warn('record events stay pending until the next repair', { tickets: tickets.length, error })
      }
    }
    running = undefined
  }

  async function confirmSome(tickets: readonly Ticket[]): Promise<void> {
    const ids = tickets.flatMap((ticket) => ticket.ids)
    const filter = { _id: { $in: ids }, pending: engineId }
    const { modifiedCount } = await repo.events.updateMany(filter, { $unset: { pending: '' } })
    if (modifiedCount < ids.length) await appendVoided(ids)
    for (const projectId of new Set(tickets.map((ticket) => ticket.projectId))) tell(projectId)
  }

  /** A repair took this process for dead while it was slow, and voided events that happened: they are told again at the end. */
  async function appendVoided(ids: Ticket['ids']): Promise<void> {
    const voided = await repo.events.find({ _id: { $in: ids }, void: true }).toArray()
    for (const [projectId, events] of Map.groupBy(voided, (event) => event.projectId)) {
      const again = await append(
        projectId,
        events.map(({ _id, seq: _seq, at: _at, void: _void, ...event }) => event),
      )
      await repo.events.updateMany({ _id: { $in: again.ids } }, { $unset: { pending: '' } })
    }
  }

  return {
    append,
    confirm(ticket) {
      if (ticket.ids.length === 0) return
      waiting.push(ticket)
      running ??= confirmAll()
    },
    async cancel({ ids }) {
      if (ids.length === 0) return
      await repo.events.updateMany({ _id: { $in: ids } }, { $set: { void: true }, $unset: { pending: '' } })
    },
    async turn(projectId, work) {
      const result = await turn(projectId, work)
      tell(projectId)
      return result
    },
    onConfirmed(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    async flush() {
      await running
    },
  }
}
