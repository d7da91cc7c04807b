import type { Model } from '@m3m/core/client'
import { lazy, Suspense } from 'react'

/** The form brings its controls along; a list that only shows records does not wait for them. */
const RecordPanel = lazy(() => import('./form/record-panel.tsx').then((m) => ({ default: m.RecordPanel })))

interface RecordSheetProps {
  model: Model
  /** `null` for a new one. */
  recordId: string | null
  /** Ids of the list behind it, in its order: Alt+↑ and Alt+↓ go from record to record. */
  order?: readonly string[]
  onClose: () => void
}

const NONE: readonly string[] = []

/** A record over the page: its form, its revisions, what points at it. */
export function RecordSheet({ order = NONE, ...props }: RecordSheetProps) {
  return (
    <Suspense>
      <RecordPanel {...props} order={order} />
    </Suspense>
  )
}
