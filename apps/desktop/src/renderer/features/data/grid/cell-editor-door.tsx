import { lazy, Suspense, type ComponentProps } from 'react'

/** The controls come with the first cell that is edited; the list does not wait for them. */
const Editor = lazy(() => import('./cell-editor.tsx').then((m) => ({ default: m.CellEditor })))

export function CellEditor(props: ComponentProps<typeof Editor>) {
  return (
    <Suspense>
      <Editor {...props} />
    </Suspense>
  )
}
