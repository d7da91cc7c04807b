// What passes between `sandbox/presses` and the host half of `actions`: who pressed what, what is asked, what is answered.

/** The host's entries (`kernel.on`). */
export const PRESSED = 'actions.pressed'
export const ANSWERED = 'actions.answered'
export const LEFT = 'actions.left'

/** Slugs are in addresses and in the audit log. */
export const ACTION_SLUG = /^[A-Za-z0-9][\w.-]{0,63}$/
/** Actions one service may define. */
export const MAX_ACTIONS = 100
/** Presses of one service under way at once; one more is refused. */
export const MAX_PRESSES = 20
/** Dialogs of one press open at once; one more is answered `null`. */
export const MAX_DIALOGS = 20
/** Text of one dialog, as JSON. */
export const MAX_DIALOG_CHARS = 64 * 1024
/** How long one press may take in all, its dialogs included. */
export const PRESS_MS = 30 * 60_000
/** How long a dialog waits for its answer; then it is answered `null`. */
export const DIALOG_MS = 10 * 60_000

export const ACTION_STATES = ['enabled', 'disabled', 'loading'] as const
export type ActionState = (typeof ACTION_STATES)[number]

/** A button. Texts that nobody gave are ''. */
export interface ActionSpec {
  readonly slug: string
  readonly name: string
  readonly description: string
  /** One of the panel's sixteen colours, or ''. */
  readonly color: string
  /** The question asked before it begins, or ''. */
  readonly confirm: string
}

/** Who pressed which action. */
export interface PressOrder {
  readonly id: string
  readonly slug: string
  readonly by: { readonly id: string; readonly name: string }
}

export type Severity = 'info' | 'success' | 'warning' | 'error'

/** A field of a form. */
export interface DialogField {
  readonly name: string
  readonly type:
    'input' | 'textarea' | 'number' | 'password' | 'checkbox' | 'select' | 'radiogroup' | 'date' | 'datetime'
  readonly label: string
  readonly hint: string
  /** Columns of six. */
  readonly colspan: number
  readonly required: boolean
  readonly placeholder: string
  readonly defaultValue: string | number | boolean | null
  readonly options: readonly { readonly value: string; readonly label: string }[]
}

export interface DialogButton {
  readonly label: string
  readonly action: string
  readonly variant: 'default' | 'outline' | 'destructive'
}

/** What the person who pressed is shown. */
export type Dialog =
  | { readonly type: 'alert'; readonly title: string; readonly text: string; readonly severity: Severity }
  | {
      readonly type: 'confirm'
      readonly title: string
      readonly text: string
      readonly yes: string
      readonly no: string
    }
  | {
      readonly type: 'prompt'
      readonly title: string
      readonly text: string
      readonly placeholder: string
      readonly defaultValue: string
    }
  | {
      readonly type: 'form'
      readonly title: string
      readonly text: string
      readonly fields: readonly DialogField[]
      readonly actions: readonly DialogButton[]
    }

/** What a press says to the person, in order. */
export type PressEvent =
  | { readonly kind: 'toast'; readonly title: string; readonly text: string; readonly severity: Severity }
  | { readonly kind: 'dialog'; readonly id: number; readonly dialog: Dialog }
  | {
      readonly kind: 'update'
      readonly id: number
      readonly loading: boolean
      readonly errors: Readonly<Record<string, string>>
    }
  | { readonly kind: 'close'; readonly id: number }
