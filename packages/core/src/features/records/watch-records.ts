import type { DataEngine, RecordEvent } from '@m3m/data'
import type { RecordChange } from './records.schema.ts'

/** Changes that wait for a slow reader. Beyond them it is told to read the list again. */
const MAX_WAITING = 200

/**
 * Changes of one model's records as they happen, in bunches: what came while the reader was busy arrives
 * together. `lost` instead of changes when there were more than {@link MAX_WAITING}.
 */
export async function* watchRecords(
  data: DataEngine,
  { projectId, model, signal }: { projectId: string; model: string; signal: AbortSignal },
): AsyncGenerator<{ changes: RecordChange[]; lost: boolean }> {
  let waiting: RecordChange[] = []
  let lost = false
  const life = { ended: false }
  let wake = () => {}
  const left = new AbortController()
  const until = AbortSignal.any([signal, left.signal])
  const following = data.events.follow({ projectId, models: [model], signal: until }, (event) => {
    if (waiting.length >= MAX_WAITING) {
      lost = true
      waiting = []
    }
    if (!lost) waiting.push(toChange(event))
    wake()
  })
  const failed: { error?: unknown } = {}
  const settled = following
    .catch((error: unknown) => {
      failed.error = error
    })
    .finally(() => {
      life.ended = true
      wake()
    })
  try {
    while (!life.ended) {
      if (waiting.length === 0 && !lost) await new Promise<void>((resolve) => (wake = resolve))
      if (waiting.length === 0 && !lost) continue
      const bunch = { changes: waiting, lost }
      waiting = []
      lost = false
      yield bunch
    }
    if ('error' in failed) throw failed.error
  } finally {
    left.abort()
    await settled
  }
}

function toChange({ seq, type, recordId, version, changed, actor }: RecordEvent): RecordChange {
  return {
    seq,
    type,
    id: recordId,
    version,
    changed,
    by: actor.kind === 'operator' ? actor.name : actor.kind,
  }
}
