import type { PressEvent } from '@m3m/core/client'
import { useQueryClient } from '@tanstack/react-query'
import { useCallback, useEffect, useRef, useState } from 'react'
import { describeError } from '@/app/errors/describe-error.ts'
import { errorText } from '@/app/errors/error-text.ts'
import { i18n } from '@/i18n/index.ts'
import { useTRPC, useTRPCClient, type Inputs, type Outputs } from '@/app/trpc/trpc.ts'
import { toast } from '@/ui/toaster.tsx'
import { answered, begun, dismissed, ended, noPresses, said, type OpenDialog } from './press-state.ts'

type Action = Outputs['actions']['list'][number]
export type DialogAnswer = Inputs['actions']['answer']['answer']

/**
 * Presses by this person, followed until they are over. Who leaves the page leaves them: the service hears of it, and its
 * dialogs are answered with nothing.
 */
export function usePresses(projectId: string) {
  const trpc = useTRPC()
  const client = useTRPCClient()
  const queryClient = useQueryClient()
  const [state, setState] = useState(noPresses)
  const follows = useRef(new Set<{ unsubscribe(): void }>())
  const lastKey = useRef(0)

  useEffect(() => {
    const all = follows.current
    return () => {
      for (const each of all) each.unsubscribe()
      all.clear()
    }
  }, [])

  const refresh = useCallback(
    () => void queryClient.invalidateQueries({ queryKey: trpc.actions.list.queryKey({ projectId }) }),
    [queryClient, trpc, projectId],
  )

  const follow = useCallback(
    (key: number, press: { pressId: string; name: string }) => {
      const subscription = client.actions.follow.subscribe(
        { projectId, pressId: press.pressId },
        {
          onData: ({ data }) => {
            setState((current) => heard(current, { key, ...press }, data))
            if (data.kind === 'toast') show(data)
            if (data.kind === 'done' || data.kind === 'failed' || data.kind === 'lost') refresh()
          },
          onError: () => setState((current) => ended(current, key, { kind: 'lost' })),
          onComplete: () => follows.current.delete(subscription),
        },
      )
      follows.current.add(subscription)
    },
    [client, projectId, refresh],
  )

  const press = useCallback(
    async ({ slug, name }: Action) => {
      const key = ++lastKey.current
      setState((current) => begun(current, key, slug))
      try {
        const { pressId } = await client.actions.press.mutate({ projectId, slug })
        follow(key, { pressId, name })
      } catch (error) {
        const text = errorText(describeError(error), i18n.t)
        setState((current) => ended(current, key, { kind: 'refused', text }))
      }
      refresh()
    },
    [client, projectId, follow, refresh],
  )

  const answer = useCallback(
    (open: OpenDialog, value: DialogAnswer) => {
      setState((current) => answered(current, open, value !== null))
      const { pressId, id } = open
      // A press that is over needs no answer any more.
      client.actions.answer
        .mutate({ projectId, pressId, dialogId: id, answer: value })
        .catch(() => setState((current) => answered(current, open, false)))
    },
    [client, projectId],
  )

  const dismiss = useCallback((key: number) => setState((current) => dismissed(current, key)), [])
  return { ...state, press, answer, dismiss }
}

function heard(
  state: typeof noPresses,
  { key, ...press }: { key: number; pressId: string; name: string },
  event: PressEvent,
): typeof noPresses {
  const next = said(state, press, event)
  if (event.kind === 'done') return ended(next, key, { kind: 'done', text: event.text })
  if (event.kind === 'failed') return ended(next, key, { kind: 'failed', text: event.message })
  return event.kind === 'lost' ? ended(next, key, { kind: 'lost' }) : next
}

function show({ title, text, severity }: Extract<PressEvent, { kind: 'toast' }>): void {
  const kind = severity === 'success' || severity === 'error' ? severity : 'message'
  toast[kind](title || text, title && text ? { description: text } : {})
}
