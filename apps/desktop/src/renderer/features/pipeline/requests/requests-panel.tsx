import { useState } from 'react'
import { useMay, useProject } from '@/app/project/project-context.ts'
import { useStoredState } from '@/ui/use-stored-state.ts'
import { KeptRequests } from './kept-requests.tsx'
import type { Method, RequestDraft } from './send-request.ts'
import { TryRoute } from './try-route.tsx'

/** Tries a route of the running service, and shows the requests that came to it; any of them can be sent again. */
export function RequestsPanel() {
  const project = useProject()
  const mayRun = useMay('run')
  const [method, setMethod] = useStoredState<string>(`requests.${project.id}.method`, 'GET')
  const [path, setPath] = useStoredState<string>(`requests.${project.id}.path`, '/')
  const [body, setBody] = useStoredState<string>(`requests.${project.id}.body`, '')
  // Not stored: they may hold a sign-in.
  const [headers, setHeaders] = useState('')
  const draft: RequestDraft = { method: method as Method, path, headers, body }
  const change = (part: Partial<RequestDraft>) => {
    if (part.method !== undefined) setMethod(part.method)
    if (part.path !== undefined) setPath(part.path)
    if (part.headers !== undefined) setHeaders(part.headers)
    if (part.body !== undefined) setBody(part.body)
  }
  return (
    <div className="grid grid-cols-1 gap-4 p-3">
      <TryRoute draft={draft} onChange={change} />
      {mayRun ? <KeptRequests onReuse={change} /> : null}
    </div>
  )
}
