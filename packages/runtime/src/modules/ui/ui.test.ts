import { newId } from '@m3m/base'
import { describe, expect, it } from 'vitest'
import { describeRoom } from '../../module/room.suite.ts'
import { openTestService } from '../../module/testing.ts'
import { openPresses } from '../../testing/presses.ts'

describeRoom('ui')

const ADA = { id: newId(), name: 'Ada' }
const BOB = { id: newId(), name: 'Bob' }

async function pressed(body: string) {
  const service = await openTestService({ code: `actions.define('go', async (ctx) => { ${body} })` })
  const { press } = openPresses(service)
  const one = await press('go', ADA)
  return { ...one, service, press, [Symbol.asyncDispose]: () => service[Symbol.asyncDispose]() }
}

describe('dialogs', () => {
  it('that cannot be shown reject in both spellings and name the field at fault', async () => {
    await using service = await openTestService({
      code: `
        const forms = [undefined, [], [{}], [{ name: 'a' }, { label: 'b' }], [{ name: 'a', type: 'colour' }], [{ name: 'a' }, { name: 'a' }], [{ name: 'a', type: 'select' }]]
        const told = (error) => [error.code, error.message]
        router.get('/bare', () => Promise.all(forms.map((schema) => ui.form({ schema }).catch(told))))
        router.get('/dollar', () => Promise.all(forms.map((schema) => $ui.form({ schema }).catch(told))))`,
    })
    const bare = (await service.get('/bare')).json as string[][]
    expect(new Set(bare.map(([code]) => code))).toEqual(new Set(['UI_DIALOG_INVALID']))
    const said = [
      /"schema" is a list/,
      /"schema" is a list/,
      /field 1 of/,
      /field 2 of/,
      /"a" has the unknown type "colour"/,
      /two fields are named "a"/,
      /"a" needs "options"/,
    ]
    for (const [i, text] of said.entries()) expect(bare[i]![1]).toMatch(text)
    expect((await service.get('/dollar')).json).toEqual(bare)
  })

  it('ask the person who pressed and go on with the answer', async () => {
    await using one = await pressed(
      `const yes = await ui.confirm({ title: 'Sure?', yes: 'Go' }); const name = await ui.prompt('Name?'); ui.toast({ text: 'bye', severity: 'success' }); return [yes, name]`,
    )
    const confirm = await one.next()
    expect(confirm).toEqual({
      kind: 'dialog',
      id: 1,
      dialog: { type: 'confirm', title: 'Sure?', text: '', yes: 'Go', no: '' },
    })
    expect(await one.answer(1, false)).toBe(true)
    expect(await one.next()).toEqual({ kind: 'close', id: 1 })
    expect(await one.next()).toMatchObject({ id: 2, dialog: { type: 'prompt', text: 'Name?' } })
    await one.answer(2, 'Eve')
    expect(await one.next()).toEqual({ kind: 'close', id: 2 })
    expect(await one.next()).toEqual({ kind: 'toast', title: '', text: 'bye', severity: 'success' })
    expect(await one.next()).toEqual({ kind: 'done', text: '[false,"Eve"]' })
  })

  it('take no answer twice, and none of what was never asked', async () => {
    await using one = await pressed(`return await ui.confirm('?')`)
    await one.next()
    expect(await one.answer(7, true)).toBe(false)
    await one.answer(1, true)
    expect(await one.next()).toMatchObject({ kind: 'close' })
    expect(await one.answer(1, false)).toBe(false)
    expect(await one.next()).toEqual({ kind: 'done', text: 'true' })
  })

  it('are answered null when the person leaves, also those that come later', async () => {
    await using one = await pressed(
      `const a = await ctx.ui.prompt('?'); const b = await ctx.ui.confirm('?'); return [a, b, ctx.signal.aborted]`,
    )
    await one.next()
    await one.leave()
    expect(await one.next()).toEqual({ kind: 'done', text: '[null,null,true]' })
  })

  it('keep a form open while what was filled in is not right', async () => {
    await using one = await pressed(`return await ui.form({
      schema: [{ name: 'n', type: 'number' }, { name: 'ok', type: 'checkbox' }, { name: 'day', type: 'date' }, { name: 'kind', type: 'combobox', options: ['a', { value: 2, label: 'Two' }] }],
      actions: [{ label: 'Save', action: 'save' }],
      validate: async ({ n }) => (n > 5 ? { n: 'at most 5' } : null),
    })`)
    const { dialog } = (await one.next()) as { dialog: { fields: object[] } }
    expect(dialog.fields).toMatchObject([
      { name: 'n', type: 'number', label: 'n', colspan: 6 },
      { type: 'checkbox' },
      { type: 'date' },
      {
        type: 'select',
        options: [
          { value: 'a', label: 'a' },
          { value: '2', label: 'Two' },
        ],
      },
    ])
    await one.answer(1, { action: 'save', data: { n: '9', extra: 1 } })
    expect(await one.next()).toEqual({ kind: 'update', id: 1, loading: false, errors: { n: 'at most 5' } })
    await one.answer(1, { action: 'save', data: { n: '5', ok: true, kind: '2' } })
    expect(await one.next()).toEqual({ kind: 'close', id: 1 })
    expect(JSON.parse(String((await one.next())['text']))).toEqual({
      action: 'save',
      data: { n: 5, ok: true, day: null, kind: '2' },
    })
  })

  it('refuse a form that cannot be shown, by name', async () => {
    await using one = await pressed(`await ui.form({ schema: [{ name: 'a', type: 'wheel' }] })`)
    expect(await one.next()).toMatchObject({ kind: 'failed', message: expect.stringContaining('"wheel"') })
  })

  it('of two people at once each go to their own, and a call that says nobody is refused', async () => {
    await using service = await openTestService({
      code: `actions.define('go', async (ctx) => ctx.by.name + ' ' + (await ctx.ui.prompt('?'))); actions.define('lost', async (ctx) => ui.prompt('?'))`,
    })
    const { press } = openPresses(service)
    const [ada, bob] = [await press('go', ADA), await press('go', BOB)]
    await ada.next()
    await bob.next()
    await bob.answer(1, 'b')
    await ada.answer(1, 'a')
    expect([await ada.next(), await ada.next()].at(-1)).toEqual({ kind: 'done', text: 'Ada a' })
    expect([await bob.next(), await bob.next()].at(-1)).toEqual({ kind: 'done', text: 'Bob b' })
    const [waiting, lost] = [await press('go', ADA), await press('lost', BOB)]
    await waiting.next()
    expect(await lost.next()).toMatchObject({
      kind: 'failed',
      message: expect.stringContaining('Several people'),
    })
  })

  it('flooding does not fill the host: what nobody takes is dropped', async () => {
    await using one = await pressed(
      `for (let i = 0; i < 5000; i++) ui.toast('x'.repeat(1000)); logger.info('through'); return 'through'`,
    )
    await one.service.logged(/through/)
    let seen = 0
    let end = await one.next()
    for (; end['kind'] !== 'done'; seen++) end = await one.next()
    expect(seen).toBe(200)
    expect(end).toEqual({ kind: 'done', text: 'through' })
  })
})

describe("the original's callbacks", () => {
  it('answer after the handler has returned, and the press lasts as long', async () => {
    await using service = await openTestService({
      code: `$hook.onAction('sync', function (ctx) {
        ctx.loading(true)
        $ui.form({ title: 'Sync', schema: [{ name: 'shop', type: 'input', required: true }] }, function (form, answer) {
          if (!answer) return ctx.loading(false)
          if (answer.data.shop === 'x') return form.error({ shop: 'no such shop' })
          form.loading(true)
          form.close()
          $ui.alert({ text: 'synced ' + answer.data.shop, severity: 'success' })
          ctx.loading(false)
        })
      }, 'Sync stock')`,
    })
    const { press } = openPresses(service)
    const one = await press('sync', ADA)
    expect(await one.next()).toMatchObject({ kind: 'dialog', dialog: { type: 'form', title: 'Sync' } })
    expect(await service.run.control('actions.list', [])).toMatchObject([
      { name: 'Sync stock', state: 'loading', presses: 1 },
    ])
    await one.answer(1, { action: '', data: { shop: 'x' } })
    expect(await one.next()).toEqual({
      kind: 'update',
      id: 1,
      loading: false,
      errors: { shop: 'no such shop' },
    })
    await one.answer(1, { action: '', data: { shop: 'north' } })
    expect(await one.next()).toMatchObject({ kind: 'update', loading: true })
    expect(await one.next()).toEqual({ kind: 'close', id: 1 })
    expect(await one.next()).toMatchObject({ dialog: { type: 'alert', text: 'synced north' } })
    // Nobody need close the alert for the action to end.
    expect(await one.next()).toEqual({ kind: 'done', text: '' })
    expect(await service.run.control('actions.list', [])).toMatchObject([{ state: 'enabled', presses: 0 }])
  })

  it('are called with null when nobody has pressed', async () => {
    await using service = await openTestService({
      code: `$ui.confirm({ text: '?' }, function (yes) { $logger.info('confirm ' + yes) }); $ui.form({ schema: [{ name: 'a' }] }, function (form, answer) { form.close(); $logger.info('form ' + answer) })`,
    })
    await service.logged(/form/)
    expect(service.logs.map(({ text }) => text)).toEqual(['confirm null', 'form null'])
  })
})
