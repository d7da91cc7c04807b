import type { DialogField, PressEvent } from '@m3m/core/client'
import { describe, expect, test } from 'vitest'
import {
  firstValues,
  problemsOf,
  valuesToSend,
} from '../src/renderer/features/overview/actions/form-values.ts'
import {
  answered,
  begun,
  ended,
  noPresses,
  said,
} from '../src/renderer/features/overview/actions/press-state.ts'

const field = (name: string, type: DialogField['type'], more: Partial<DialogField> = {}): DialogField => ({
  name,
  type,
  label: name,
  hint: '',
  colspan: 6,
  required: false,
  placeholder: '',
  defaultValue: null,
  options: [],
  ...more,
})

describe('a form of an action', () => {
  const fields = [
    field('code', 'input', { required: true }),
    field('percent', 'number', { defaultValue: 10 }),
    field('until', 'date', { defaultValue: '2026-03-01T10:00:00.000Z' }),
    field('at', 'datetime', { defaultValue: '2026-03-01T10:00:00.000Z' }),
    field('mail', 'checkbox', { defaultValue: true }),
  ]

  test('begins with the defaults, each as its control shows it', () => {
    expect(firstValues(fields)).toMatchObject({ code: '', percent: '10', until: '2026-03-01', mail: true })
  })

  test('says what is missing, and what is no number', () => {
    expect(problemsOf(fields, { ...firstValues(fields), percent: 'ten' })).toEqual({
      code: 'required',
      percent: 'notANumber',
    })
  })

  test('sends numbers as such, a moment as it was given, and nothing for what is empty', () => {
    const values = { ...firstValues(fields), code: 'A' }
    expect(valuesToSend(fields, values)).toEqual({
      code: 'A',
      percent: 10,
      until: '2026-03-01',
      at: '2026-03-01T10:00:00.000Z',
      mail: true,
    })
    expect(valuesToSend(fields, { ...values, percent: '', until: '', at: '' })).toMatchObject({
      percent: null,
      until: null,
      at: null,
    })
  })
})

describe('a press', () => {
  const press = { pressId: 'p', name: 'Sync' }
  const form: PressEvent = {
    kind: 'dialog',
    id: 1,
    dialog: { type: 'form', title: '', text: '', fields: [field('a', 'input')], actions: [] },
  }
  const alert: PressEvent = {
    kind: 'dialog',
    id: 2,
    dialog: { type: 'alert', title: '', text: 'x', severity: 'info' },
  }

  test('keeps a form that was answered until the service has closed it', () => {
    const open = said(noPresses, press, form)
    const pending = answered(open, open.dialogs[0]!, true)
    expect(pending.dialogs).toMatchObject([{ isPending: true }])
    const wrong = said(pending, press, { kind: 'update', id: 1, loading: false, errors: { a: 'no' } })
    expect(wrong.dialogs).toMatchObject([{ isPending: false, errors: { a: 'no' } }])
    expect(said(wrong, press, { kind: 'close', id: 1 }).dialogs).toEqual([])
  })

  test('takes its questions along when it ends; what was to be read stays', () => {
    const open = said(said(noPresses, press, form), press, alert)
    expect(said(open, press, { kind: 'done', text: '' }).dialogs).toMatchObject([{ id: 2 }])
  })

  test('takes the place of the one before that is over', () => {
    const first = ended(begun(noPresses, 1, 'sync'), 1, { kind: 'done', text: '' })
    expect(begun(first, 2, 'sync').presses).toEqual([{ key: 2, slug: 'sync', end: null }])
  })
})
