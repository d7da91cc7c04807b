import type { SandboxRoom } from '../../sandbox/lane.ts'
import { createDialogs, dialogTexts } from '../../sandbox/presses/dialogs.ts'
import { pressOf } from '../../sandbox/presses/presses.ts'

/** Dialogs for the person who pressed an action. */
export const room: SandboxRoom = (_lane, kernel) =>
  createDialogs(kernel, ({ sessionId }) => {
    const press = pressOf(sessionId)
    if (press === 'several') throw kernel.error('UI_SEVERAL_PEOPLE', dialogTexts.UI_SEVERAL_PEOPLE())
    return press
  })
