import { newId } from '@m3m/base'
import { describe, expect, it } from 'vitest'
import { describeRoom } from '../../module/room.suite.ts'
import { openTestService } from '../../module/testing.ts'
import { openPresses } from '../../testing/presses.ts'

describeRoom('actions')

const ADA = { id: newId(), name: 'Ada' }

describe('actions', () => {
  it('are listed with what the author wrote, and the last definition of a slug counts', async () => {
    await using service = await openTestService({
      code: `actions.define('a', () => 1); actions.define('a', { name: 'Again', description: 'x', color: 'teal', confirm: true }, () => 2); $actions.define('b', () => 1); actions.setState('b', 'disabled'); actions.define('c', () => 1); actions.remove('c')`,
    })
    expect(await service.run.control('actions.list', [])).toEqual([
      {
        slug: 'a',
        name: 'Again',
        description: 'x',
        color: 'teal',
        confirm: 'Again',
        state: 'enabled',
        presses: 0,
      },
      { slug: 'b', name: 'b', description: '', color: '', confirm: '', state: 'disabled', presses: 0 },
    ])
  })

  it('run once for each press, know who pressed, and end with what they return', async () => {
    await using service = await openTestService({
      code: `actions.define('hello', (ctx) => ({ slug: ctx.slug, by: ctx.by.name, same: ctx.userId === ctx.by.id && ctx.sessionId.length === 24 }))`,
    })
    const { press } = openPresses(service)
    const first = await press('hello', ADA)
    expect(await first.next()).toEqual({
      kind: 'done',
      text: '{"slug":"hello","by":"Ada","same":true}',
    })
    expect(await service.run.control('actions.list', [])).toMatchObject([{ presses: 0 }])
  })

  it('say to the person what they throw, and to the log where', async () => {
    await using service = await openTestService({
      code: `actions.define('boom', async () => {\n  throw new Error('the till is stuck')\n})`,
    })
    const { press } = openPresses(service)
    expect(await (await press('boom', ADA)).next()).toEqual({ kind: 'failed', message: 'the till is stuck' })
    expect(await service.logged(/"boom" failed/)).toMatch(/the till is stuck[\s\S]*main\.js:2:9/)
  })

  it('cannot be pressed while disabled, busy, unknown, or when the run is not the active one', async () => {
    await using service = await openTestService({
      code: `actions.define('off', (ctx) => ctx.active(false)); actions.define('busy', (ctx) => { ctx.loading(); return ctx.ui.prompt('?') })`,
    })
    const { press, refused } = openPresses(service)
    await (await press('off', ADA)).next()
    expect(await refused('off', ADA)).toBe('disabled')
    await (await press('busy', ADA)).next()
    expect(await refused('busy', ADA)).toBe('loading')
    expect(await refused('nothing', ADA)).toBe('unknown')
    await service.run.disarm()
    expect(await refused('busy', ADA)).toBe('unknown')
  })

  it('are refused from the 21st press under way on', async () => {
    await using service = await openTestService({
      code: `actions.define('wait', (ctx) => ctx.ui.confirm('?'))`,
    })
    const { press, refused } = openPresses(service)
    for (let i = 0; i < 20; i++) await press('wait', ADA)
    expect(await refused('wait', ADA)).toBe('busy')
  })

  it('end as failed when the service is stopped', async () => {
    const service = await openTestService({ code: `actions.define('wait', () => new Promise(() => {}))` })
    const { press } = openPresses(service)
    const one = await press('wait', ADA)
    const end = one.next()
    await service[Symbol.asyncDispose]()
    expect(await end).toMatchObject({ kind: 'failed' })
  })

  it.for([
    [`actions.define('a b', () => 1)`, 'ACTIONS_SLUG_INVALID'],
    [`actions.define('a', {})`, 'ACTIONS_HANDLER_INVALID'],
    [`actions.define('a', { color: 'beige' }, () => 1)`, 'ACTIONS_OPTION_INVALID'],
    [`actions.define('a', () => 1); actions.setState('a', 'odd')`, 'ACTIONS_OPTION_INVALID'],
    [`for (let i = 0; i < 101; i++) actions.define('a' + i, () => 1)`, 'ACTIONS_TOO_MANY'],
    [`hook.onAction('a')`, 'HOOK_ACTION_INVALID'],
  ])('%s is refused', async ([code, expected]) => {
    await using service = await openTestService({
      code: `try { ${code} } catch (error) { logger.info(error.code) }`,
    })
    expect(await service.logged(/_/)).toBe(expected)
  })
})
