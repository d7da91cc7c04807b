import type { Model } from '@m3m/core/client'
import { lazy, Suspense } from 'react'

/** The editor of fields comes with the dialog; the list of models does not wait for it. */
const NewModel = lazy(() => import('./schema/new-model.tsx').then((m) => ({ default: m.NewModel })))

interface NewModelDialogProps {
  models: readonly Model[]
  onClose: () => void
}

/** Makes a model: its name, its fields, or both out of JSON. */
export function NewModelDialog(props: NewModelDialogProps) {
  return (
    <Suspense>
      <NewModel {...props} />
    </Suspense>
  )
}
