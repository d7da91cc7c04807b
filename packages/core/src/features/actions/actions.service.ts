import { newId, type Clock, type Logger } from '@m3m/base'
import type { z } from 'zod'
import type { SignedIn } from '../access/actor.schema.ts'
import type { AuditService } from '../audit/audit.service.ts'
import type { RunsService } from '../runs/runs.service.ts'
import { actionErrors } from './actions.errors.ts'
import {
  actionListSchema,
  type ActionView,
  type answerDialogInput,
  type followPressInput,
  type pressActionInput,
} from './actions.schema.ts'
import { followPress, type PressTalk, type Said } from './follow-press.ts'
import type { RunControl } from './run-control.port.ts'

/** Buttons of the running service, and the presses of them, each followed and answered by the one who pressed. */
export interface ActionsService {
  /** Of the live run, in the order of their definition. */
  list(projectId: string): Promise<ActionView[]>
  /** Begins an action; {@link ActionsService.follow} tells how it goes. @throws ACTION_NOT_FOUND, ACTION_NOT_READY, ACTION_TOO_MANY_PRESSES */
  press(actor: SignedIn, input: z.output<typeof pressActionInput>): Promise<{ pressId: string }>
  /**
   * What the press says, numbered, from the beginning or after `lastEventId`, until it is over. Who does not come back
   * within 15 seconds has left: open dialogs are answered `null`.
   *
   * @throws ACTION_PRESS_OVER, also for anybody but the one who pressed
   */
  follow(actor: SignedIn, input: z.output<typeof followPressInput>, until: AbortSignal): AsyncGenerator<Said>
  /** @throws ACTION_PRESS_OVER when the press, or this dialog of it, waits for no answer any more */
  answer(actor: SignedIn, input: z.output<typeof answerDialogInput>): Promise<void>
}

export interface ActionsDeps {
  runs: Pick<RunsService, 'live'>
  audit: AuditService
  control: RunControl
  clock: Clock
  logger: Logger
}

interface Press extends PressTalk {
  readonly userId: string
  readonly projectId: string
  watchers: number
  /** Stops the countdown to "has left". */
  stay: () => void
}

/** A page is loaded again, a socket is opened anew: both take less. */
const GRACE_MS = 15_000

export function createActions(deps: ActionsDeps): ActionsService {
  const { runs, audit, control, clock, logger } = deps
  const presses = new Map<string, Press>()

  const ask = (runId: string, name: string, ...args: unknown[]) =>
    control.control(runId, `actions.${name}`, args)
  const liveRun = async (projectId: string) =>
    (await runs.live()).find((run) => run.projectId === projectId)?.runId

  function own(actor: SignedIn, { projectId, pressId }: { projectId: string; pressId: string }): Press {
    const press = presses.get(pressId)
    if (!press || press.userId !== actor.userId || press.projectId !== projectId)
      throw actionErrors.ACTION_PRESS_OVER({})
    return press
  }

  /** Unless somebody watches again in time, the person is gone. */
  function countDown(pressId: string, press: Press): void {
    press.stay()
    press.stay = clock.after(GRACE_MS, () => {
      presses.delete(pressId)
      ask(press.runId, 'leave', pressId).catch((error: unknown) =>
        logger.debug('a press ended before it was left', { error }),
      )
    })
  }

  return {
    async list(projectId) {
      const runId = await liveRun(projectId)
      if (!runId) return []
      const listed = actionListSchema.safeParse(await ask(runId, 'list').catch(() => []))
      return listed.success ? listed.data : []
    },
    async press(actor, { projectId, slug }) {
      const runId = await liveRun(projectId)
      if (!runId) throw actionErrors.ACTION_NOT_FOUND({ slug })
      const pressId = newId(clock.now())
      const by = { id: actor.userId, name: actor.name }
      const begun = await ask(runId, 'press', { id: pressId, slug, by })
      if (begun === 'disabled' || begun === 'loading')
        throw actionErrors.ACTION_NOT_READY({ slug, state: begun === 'loading' ? 'busy' : begun })
      if (begun === 'busy') throw actionErrors.ACTION_TOO_MANY_PRESSES({})
      if (begun !== 'begun') throw actionErrors.ACTION_NOT_FOUND({ slug })
      const { userId } = actor
      const press: Press = { pressId, userId, projectId, runId, watchers: 0, said: [], stay: () => {} }
      presses.set(pressId, press)
      countDown(pressId, press)
      await audit.add(actor, { action: 'actions.press', projectId, target: slug })
      return { pressId }
    },
    async *follow(actor, input, until) {
      const press = own(actor, input)
      press.watchers++
      press.stay()
      try {
        yield* followPress(deps, press, { after: Number(input.lastEventId ?? 0), until })
      } finally {
        press.watchers--
        // What is over is kept for the grace, should the last words not have reached the page.
        if (press.watchers === 0 && presses.has(input.pressId)) countDown(input.pressId, press)
      }
    },
    async answer(actor, input) {
      const { runId } = own(actor, input)
      const taken = await ask(runId, 'answer', input.pressId, input.dialogId, input.answer).catch(() => false)
      if (taken !== true) throw actionErrors.ACTION_PRESS_OVER({})
    },
  }
}
