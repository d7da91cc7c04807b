import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef, useSyncExternalStore } from 'react'
import { usePanel } from '../session/panel.tsx'
import { useTRPC } from '../trpc/trpc.ts'
import { PAGE_NEEDS, skewOf, type FramePage, type Skew } from './skew.ts'

/** Whether the agent has what a page of the frame needs. */
export function useLacksPage(): (page: FramePage) => boolean {
  const { known } = usePanel()
  useSyncExternalStore(known.subscribe, known.version)
  return (page) => known.lacks(PAGE_NEEDS[page])
}

/** Asks the agent once for its version and for what it can do, again whenever it comes back. Used by the frame, once. */
export function useSkew(): { skew: Skew | null; version: string } {
  const { connection, known } = usePanel()
  const trpc = useTRPC()
  const lacks = useLacksPage()
  const info = useQuery(trpc.agent.info.queryOptions(undefined, { staleTime: Infinity })).data ?? null
  const procedures = useQuery(trpc.agent.procedures.queryOptions(undefined, { staleTime: Infinity })).data
  useEffect(() => {
    if (procedures) known.learn(procedures)
  }, [known, procedures])
  const first = useRef(info)
  first.current ??= info
  const lacksPage = (Object.keys(PAGE_NEEDS) as FramePage[]).some(lacks)
  return {
    skew: skewOf({ kind: connection.kind, first: first.current, now: info, lacksPage }),
    version: info?.version ?? '',
  }
}
