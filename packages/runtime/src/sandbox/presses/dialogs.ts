// The dialogs of `ui`, for whoever is said to have pressed: `ui` itself, or the `ui` of an action's context.
import type { Kernel } from '../kernel.port.ts'
import { bareLane, promised } from '../lanes.ts'
import { buttonsOf, fieldsOf, filledIn, severityOf, textOf, written } from './dialog-shapes.ts'
import { closeDialog, openDialog, say, type Press } from './presses.ts'
import type { Dialog, DialogField } from './press.contract.ts'

type Callback = (...args: unknown[]) => unknown
/** Finds the press a call is for. @throws UI_SEVERAL_PEOPLE */
export type Whose = (options: Record<string, unknown>) => Press | null

export interface Dialogs {
  toast(options: unknown): void
  alert: Ask
  confirm: Ask
  prompt: Ask
  form: Ask
}

/** Gives a promise of the answer. What is wrong with the options rejects. */
type Ask = (options: unknown, callback?: unknown) => unknown

/** The texts of errors thrown by dialogs. */
export const dialogTexts = {
  UI_DIALOG_INVALID: (p: { call: string; reason: string }) =>
    `"${p.call}" cannot be shown: ${p.reason}. Write it as in the example of its documentation.`,
  UI_SEVERAL_PEOPLE: () =>
    'Several people have pressed actions at this moment; use `ctx.ui` of the action, or name one by `sessionId`.',
}

/** The same in both spellings: nothing waits for a person by standing still. */
export function createDialogs(kernel: Kernel, whose: Whose): Dialogs {
  const { toast, alert, confirm, prompt, form } = dialogsOf(kernel, whose)
  return {
    toast,
    alert: promised(bareLane, alert),
    confirm: promised(bareLane, confirm),
    prompt: promised(bareLane, prompt),
    form: promised(bareLane, form),
  }
}

function dialogsOf(kernel: Kernel, whose: Whose): Dialogs {
  return {
    toast(options) {
      const { title, text, severity, ...rest } = written(options)
      const press = whose(rest)
      if (press)
        say(kernel, press, {
          kind: 'toast',
          title: textOf(title),
          text: textOf(text),
          severity: severityOf(severity),
        })
    },
    alert(options) {
      const { title, text, severity, ...rest } = written(options)
      const dialog: Dialog = {
        type: 'alert',
        title: textOf(title),
        text: textOf(text),
        severity: severityOf(severity),
      }
      // Nobody need wait for an alert, so an action that does not ends without it.
      return once(kernel, whose(rest), { dialog, holds: false }, () => undefined)
    },
    confirm(options, callback) {
      const { title, text, yes, no, ...rest } = written(options)
      const dialog: Dialog = {
        type: 'confirm',
        title: textOf(title),
        text: textOf(text),
        yes: textOf(yes),
        no: textOf(no),
      }
      return once(
        kernel,
        whose(rest),
        { dialog, callback },
        (answer) => answer === true || (answer === false ? false : null),
      )
    },
    prompt(options, callback) {
      const { title, text, placeholder, defaultValue, ...rest } = written(options)
      const dialog: Dialog = {
        type: 'prompt',
        title: textOf(title),
        text: textOf(text),
        placeholder: textOf(placeholder),
        defaultValue: textOf(defaultValue),
      }
      return once(kernel, whose(rest), { dialog, callback }, (answer) =>
        typeof answer === 'string' ? answer : null,
      )
    },
    form(options, callback) {
      const { title, text, schema, actions, validate, ...rest } = written(options)
      const fields = fieldsOf(schema)
      if (typeof fields === 'string')
        throw kernel.error(
          'UI_DIALOG_INVALID',
          dialogTexts.UI_DIALOG_INVALID({ call: 'ui.form', reason: fields }),
        )
      const dialog: Dialog = {
        type: 'form',
        title: textOf(title),
        text: textOf(text),
        fields,
        actions: buttonsOf(actions),
      }
      const press = whose(rest)
      if (typeof callback === 'function')
        return formByCallback(kernel, press, { dialog, fields }, callback as Callback)
      return formByPromise(kernel, press, { dialog, fields, validate })
    },
  }
}

/** A dialog that closes with its answer. */
function once<T>(
  kernel: Kernel,
  press: Press | null,
  { dialog, callback, holds = true }: { dialog: Dialog; callback?: unknown; holds?: boolean },
  read: (answer: unknown) => T,
): Promise<T> {
  return new Promise((resolve) => {
    const answered = (answer: unknown, id: number) => {
      if (press && answer !== null) closeDialog(kernel, press, id)
      const value = read(answer)
      resolve(value)
      return typeof callback === 'function' ? (callback as Callback)(value) : undefined
    }
    if (press) openDialog(kernel, press, { dialog, holds }, answered)
    else kernel.guard('A callback of ui failed', () => answered(null, 0))
  })
}

interface FormSetup {
  dialog: Dialog
  fields: readonly DialogField[]
}

/** As in the original: the form stays until `form.close()`, and may be answered again. */
function formByCallback(
  kernel: Kernel,
  press: Press | null,
  { dialog, fields }: FormSetup,
  callback: Callback,
): Promise<null> {
  let isUpdated = false
  const tell = (id: number, change: { loading?: boolean; errors?: Record<string, string> }) => {
    isUpdated = true
    update(kernel, press, id, change)
  }
  const handleOf = (id: number) => ({
    loading: (on: unknown) => tell(id, { loading: on !== false }),
    error: (errors: unknown) => tell(id, { errors: errorsOf(errors) }),
    close: () => {
      if (press) closeDialog(kernel, press, id)
    },
  })
  const answered = async (answer: unknown, id: number) => {
    isUpdated = false
    await callback(handleOf(id), answerOf(fields, answer))
    // The panel waits for a word; the callback had none.
    if (!isUpdated) update(kernel, press, id, {})
  }
  if (press) openDialog(kernel, press, { dialog }, answered)
  else kernel.guard('A callback of ui failed', () => answered(null, 0))
  return Promise.resolve(null)
}

/** The form closes when `validate` finds nothing; what it finds is shown at the fields. */
function formByPromise(
  kernel: Kernel,
  press: Press | null,
  { dialog, fields, validate }: FormSetup & { validate: unknown },
): Promise<unknown> {
  if (!press) return Promise.resolve(null)
  return new Promise((resolve, reject) => {
    openDialog(kernel, press, { dialog }, async (answer, id) => {
      const given = answerOf(fields, answer)
      if (given === null) return resolve(null)
      try {
        const errors =
          typeof validate === 'function' ? await (validate as Callback)(given.data, given.action) : null
        const found = errorsOf(errors)
        if (Object.keys(found).length > 0) return update(kernel, press, id, { errors: found })
        closeDialog(kernel, press, id)
        resolve(given)
      } catch (error) {
        closeDialog(kernel, press, id)
        reject(error)
      }
    })
  })
}

function answerOf(
  fields: readonly DialogField[],
  answer: unknown,
): { action: string; data: Record<string, unknown> } | null {
  if (typeof answer !== 'object' || answer === null) return null
  const { action, data } = answer as { action?: unknown; data?: unknown }
  return { action: textOf(action), data: filledIn(fields, data) }
}

function errorsOf(errors: unknown): Record<string, string> {
  const found: Record<string, string> = {}
  for (const [name, message] of Object.entries(typeof errors === 'string' ? {} : written(errors)))
    if (message) found[name] = textOf(message)
  // A text alone is about the form as a whole.
  if (typeof errors === 'string' && errors !== '') found[''] = textOf(errors)
  return found
}

function update(
  kernel: Kernel,
  press: Press | null,
  id: number,
  { loading = false, errors = {} }: { loading?: boolean; errors?: Record<string, string> },
): void {
  if (press && press.open.has(id)) say(kernel, press, { kind: 'update', id, loading, errors })
}
