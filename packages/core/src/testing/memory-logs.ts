import type { LogLine, LogPage, LogQuery, RunLogs } from '../features/runs/run-logs.port.ts'

/** Run logs in memory: pages from the start, tails as lines are written. */
export class MemoryLogs implements RunLogs {
  readonly lines = new Map<string, LogLine[]>()
  #wake = Promise.withResolvers<void>()

  write(runId: string, text: string): void {
    const lines = this.lines.get(runId) ?? []
    lines.push({ cursor: String(lines.length + 1), at: '2026-01-01T00:00:00.000Z', level: 'info', text })
    this.lines.set(runId, lines)
    this.#wake.resolve()
    this.#wake = Promise.withResolvers()
  }

  async page({ runId, limit }: LogQuery): Promise<LogPage> {
    return { lines: (this.lines.get(runId) ?? []).slice(0, limit) }
  }

  async *tail(
    { runId, cursor }: { projectId: string; runId: string; cursor?: string },
    signal: AbortSignal,
  ): AsyncGenerator<{ lines: LogLine[]; dropped: number }> {
    let seen = cursor === undefined ? (this.lines.get(runId)?.length ?? 0) : Math.max(0, Number(cursor) - 1)
    while (!signal.aborted) {
      const lines = (this.lines.get(runId) ?? []).slice(seen)
      seen += lines.length
      if (lines.length > 0) yield { lines, dropped: 0 }
      else await Promise.race([this.#wake.promise, aborted(signal)])
    }
  }

  async clear(_projectId: string, keep: readonly string[]): Promise<void> {
    for (const runId of this.lines.keys()) if (!keep.includes(runId)) this.lines.delete(runId)
  }

  async removeProject(): Promise<void> {
    this.lines.clear()
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
}
