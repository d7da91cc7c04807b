import { createContext, use, useEffect, useId, useMemo, useState, type ReactNode } from 'react'
import { LeaveGuard } from './leave-guard.tsx'

const UnsavedContext = createContext<((id: string, isChanged: boolean) => void) | null>(null)

/** One question for all forms of a page: each says by {@link useUnsaved} whether it has changes. */
export function UnsavedForms({ children }: { children: ReactNode }) {
  const [changed, setChanged] = useState<ReadonlySet<string>>(new Set())
  const tell = useMemo(
    () => (id: string, isChanged: boolean) =>
      setChanged((before) => {
        if (before.has(id) === isChanged) return before
        const next = new Set(before)
        if (isChanged) next.add(id)
        else next.delete(id)
        return next
      }),
    [],
  )
  return (
    <UnsavedContext value={tell}>
      <LeaveGuard isChanged={changed.size > 0} />
      {children}
    </UnsavedContext>
  )
}

/** Inside of {@link UnsavedForms}: whether this form would lose something. */
export function useUnsaved(isChanged: boolean): void {
  const id = useId()
  const tell = use(UnsavedContext)
  useEffect(() => tell?.(id, isChanged), [tell, id, isChanged])
  useEffect(() => () => tell?.(id, false), [tell, id])
}
