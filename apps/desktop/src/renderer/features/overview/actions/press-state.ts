import type { ActionDialog, PressEvent } from '@m3m/core/client'

/** A dialog that waits for the person. */
export interface OpenDialog {
  readonly pressId: string
  /** Of the action, for who reads the dialog. */
  readonly name: string
  readonly id: number
  readonly dialog: ActionDialog
  /** It was answered and the service works on it. */
  readonly isPending: boolean
  /** By field; '' is the form as a whole. */
  readonly errors: Readonly<Record<string, string>>
}

export type PressEnd =
  | { readonly kind: 'done'; readonly text: string }
  | { readonly kind: 'failed'; readonly text: string }
  | { readonly kind: 'lost' }
  | { readonly kind: 'refused'; readonly text: string }

/** One press by this person. Before the agent has answered it has no id. */
export interface OwnPress {
  readonly key: number
  readonly slug: string
  readonly end: PressEnd | null
}

export interface Presses {
  readonly presses: readonly OwnPress[]
  readonly dialogs: readonly OpenDialog[]
}

export const noPresses: Presses = { presses: [], dialogs: [] }

/** A new press takes the place of earlier ones of the same action that are over. */
export function begun(state: Presses, key: number, slug: string): Presses {
  const others = state.presses.filter((press) => press.slug !== slug || press.end === null)
  return { ...state, presses: [...others, { key, slug, end: null }] }
}

export function ended(state: Presses, key: number, end: PressEnd): Presses {
  return { ...state, presses: state.presses.map((press) => (press.key === key ? { ...press, end } : press)) }
}

export function dismissed(state: Presses, key: number): Presses {
  return { ...state, presses: state.presses.filter((press) => press.key !== key) }
}

/** What a press says about its dialogs. */
export function said(state: Presses, press: { pressId: string; name: string }, event: PressEvent): Presses {
  const isIts = (open: OpenDialog, id: number) => open.pressId === press.pressId && open.id === id
  switch (event.kind) {
    case 'dialog': {
      const { id, dialog } = event
      return { ...state, dialogs: [...state.dialogs, { ...press, id, dialog, isPending: false, errors: {} }] }
    }
    case 'update':
      return {
        ...state,
        dialogs: state.dialogs.map((open) =>
          isIts(open, event.id) ? { ...open, isPending: event.loading, errors: event.errors } : open,
        ),
      }
    case 'close':
      return { ...state, dialogs: state.dialogs.filter((open) => !isIts(open, event.id)) }
    case 'toast':
      return state
    default:
      // Nobody waits for answers any more; what was only to be read stays.
      return {
        ...state,
        dialogs: state.dialogs.filter(
          ({ pressId, dialog }) => pressId !== press.pressId || dialog.type === 'alert',
        ),
      }
  }
}

/** The person answered: a form waits for the service's word, everything else goes. */
export function answered(state: Presses, { pressId, id, dialog }: OpenDialog, stays: boolean): Presses {
  const isIt = (open: OpenDialog) => open.pressId === pressId && open.id === id
  if (!stays || dialog.type !== 'form')
    return { ...state, dialogs: state.dialogs.filter((open) => !isIt(open)) }
  return {
    ...state,
    dialogs: state.dialogs.map((open) => (isIt(open) ? { ...open, isPending: true, errors: {} } : open)),
  }
}
