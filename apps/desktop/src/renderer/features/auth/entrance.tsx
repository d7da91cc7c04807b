import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { LanguageSwitch } from '@/app/session/language-switch.tsx'
import { usePanel } from '@/app/session/panel.tsx'
import { Mark } from '@/app/shell/mark.tsx'
import { useTRPC } from '@/app/trpc/trpc.ts'

/** The page of somebody who is not signed in: what it is for, and whose it is. */
export function Entrance({ title, children }: { title: string; children: ReactNode }) {
  const { connection } = usePanel()
  const host = connection.agent?.name ?? location.host
  return (
    <div className="flex min-h-full flex-col items-center overflow-y-auto px-4 pt-[12vh] pb-6">
      <main className="grid w-full max-w-88 gap-6">
        <div className="grid justify-items-center gap-3 text-center">
          <span className="[&_svg]:size-9">
            <Mark />
          </span>
          <div>
            <h1 className="text-xl font-semibold tracking-tight">{title}</h1>
            <p className="font-mono text-xs text-muted-foreground">{host}</p>
          </div>
        </div>
        {children}
      </main>
      <footer className="mt-auto flex items-center gap-3 pt-8 text-xs text-muted-foreground">
        <AgentVersion />
        <LanguageSwitch />
      </footer>
    </div>
  )
}

function AgentVersion() {
  const trpc = useTRPC()
  const info = useQuery(trpc.agent.info.queryOptions())
  return <span className="tabular">m3m {info.data?.version ?? ''}</span>
}
