// oxlint-disable typescript/no-explicit-any -- what a person fills in is known to the author's form only; `unknown` would mark every use of it red in JavaScript
/** What every dialog may say. A text alone is short for `{ text }`. */
interface UiDialog {
  title?: string
  text?: string
  /** `ctx.sessionId` of the action whose presser is meant. Needed only while several people press at once; `ctx.ui` does it by itself. */
  sessionId?: string
}

/** One field of a form. */
interface UiFormField {
  /** Its key in the answer. */
  name: string
  /** Default `input`. `combobox` is shown as `select`. */
  type?:
    | 'input'
    | 'textarea'
    | 'number'
    | 'password'
    | 'checkbox'
    | 'select'
    | 'combobox'
    | 'radiogroup'
    | 'date'
    | 'datetime'
  /** Default: the name. */
  label?: string
  /** A line below the field. */
  hint?: string
  /** Columns of six, or `full`. Default 6. */
  colspan?: number | 'full'
  required?: boolean
  placeholder?: string
  defaultValue?: string | number | boolean | Date | null
  /** Of `select` and `radiogroup`. */
  options?: (string | number | { value: string | number; label?: string })[]
}

interface UiFormButton {
  label: string
  /** What the answer's `action` is. */
  action?: string
  variant?: 'default' | 'outline' | 'destructive' | (string & {})
}

interface UiForm extends UiDialog {
  schema: UiFormField[]
  /** Default: one button that sends it. */
  actions?: UiFormButton[]
  /** Messages by field keep the form open and are shown at the fields; a text alone is shown above the buttons. May be async. */
  validate?: (data: Record<string, any>, action: string) => unknown
}

/** What a person sent: a value for each field; checkboxes are booleans, numbers are numbers, an empty number or date is `null`. */
interface UiFormAnswer {
  action: string
  data: Record<string, any>
}

/** The form while the callback of `form` works on an answer. */
interface UiFormHandle {
  /** Shows, or no longer shows, that the answer is being worked on. */
  loading(on?: boolean): void
  /** Shows messages at the fields; the form stays open. */
  error(errors: Record<string, string> | string): void
  close(): void
}

/**
 * Dialogs for the person who pressed an action, in the panel. `null` means no answer: the person closed the dialog, left
 * the page, did not answer in 10 minutes, or nobody has pressed anything. There is no blocking form: `$ui` is the same.
 */
interface UiModule {
  /** A short message that goes away by itself; for nobody it is nothing. */
  toast(
    options: string | (UiDialog & { severity?: 'info' | 'success' | 'warning' | 'error'; icon?: string }),
  ): void
  /** A message with one button. Always a promise, which settles when it was closed; an action need not wait for it. */
  alert(options: string | (UiDialog & { severity?: 'info' | 'success' | 'warning' | 'error' })): Promise<void>
  /** A question with two answers. Always a promise. */
  confirm(
    options: string | (UiDialog & { yes?: string; no?: string }),
    callback?: (answer: boolean | null) => unknown,
  ): Promise<boolean | null>
  /** Asks for one line of text. Always a promise. */
  prompt(
    options: string | (UiDialog & { placeholder?: string; defaultValue?: string }),
    callback?: (text: string | null) => unknown,
  ): Promise<string | null>
  /**
   * Asks for several things at once. Always a promise of what was sent; `validate` may keep the form open. With a
   * callback, as in the original, the form stays until `form.close()` and the promise is of nothing. @throws UI_DIALOG_INVALID
   */
  form(options: UiForm): Promise<UiFormAnswer | null>
  form(options: UiForm, callback: (form: UiFormHandle, answer: UiFormAnswer | null) => unknown): Promise<null>
}
