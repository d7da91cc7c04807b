// The panel's half of a press, for tests of `actions`, `ui` and `hook`.
import { newId } from '@m3m/base'
import { expect } from 'vitest'
import type { TestService } from '../module/testing.ts'

interface By {
  id: string
  name: string
}
interface Followed {
  events: { seq: number; event: Record<string, unknown> }[]
  over: boolean
}

/** Presses actions of the service as the agent does. */
export function openPresses({ run }: TestService) {
  const begin = async (id: string, slug: string, by: By) => {
    const begun = await run.control('actions.press', [{ id, slug, by }])
    return String(begun)
  }
  return {
    refused: (slug: string, by: By) => begin(newId(), slug, by),
    async press(slug: string, by: By) {
      const id = newId()
      expect(await begin(id, slug, by)).toBe('begun')
      let after = 0
      return {
        id,
        /** The next thing that is said to the person. */
        async next(): Promise<Record<string, unknown>> {
          for (;;) {
            const { events } = (await run.control('actions.follow', [id, after])) as Followed
            const [first] = events
            if (!first) continue
            after = first.seq
            return first.event
          }
        },
        answer: (dialog: unknown, value: unknown) =>
          run.control('actions.answer', [id, dialog, value]) as Promise<boolean>,
        leave: () => run.control('actions.leave', [id]),
      }
    },
  }
}
