import { useState } from 'react'

/** One thing that a person starts and waits for. This page has no query client: it belongs to no agent. */
export function useTask(work: () => Promise<void>): {
  start: () => void
  isPending: boolean
  error: unknown
} {
  const [isPending, setPending] = useState(false)
  const [error, setError] = useState<unknown>(null)
  const start = () => {
    if (isPending) return
    setPending(true)
    setError(null)
    work()
      .catch(setError)
      .finally(() => setPending(false))
  }
  return { start, isPending, error }
}
