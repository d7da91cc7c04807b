import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openTestCore, type Caller, type TestCore } from '../../testing/open-test-core.ts'

/** A press as the runtime's half tells it: pages are given out as they are put in. */
class FakeRun {
  readonly asked: [string, unknown[]][] = []
  begun: unknown = 'begun'
  listed: unknown = []
  taken = true
  ended = false
  #said: { seq: number; event: unknown }[] = []
  #over = false
  #wake = () => {}

  say(event: unknown, over = false): void {
    this.#said.push({ seq: this.#said.length + 1, event })
    this.#over ||= over
    this.#wake()
  }

  end(): void {
    this.ended = true
    this.#wake()
  }

  async control(_runId: string, name: string, args: readonly unknown[]): Promise<unknown> {
    this.asked.push([name, [...args]])
    if (name === 'actions.list') return this.listed
    if (name === 'actions.press') return this.begun
    if (name === 'actions.answer') return this.taken
    if (name !== 'actions.follow') return null
    const after = Number(args[1])
    while (!this.ended && !this.#over && this.#said.length <= after)
      await new Promise<void>((resolve) => (this.#wake = resolve))
    if (this.ended) throw new Error('the runner is gone')
    return { events: this.#said.filter(({ seq }) => seq > after), over: this.#over }
  }
}

let test: TestCore
let run: FakeRun
let root: Caller
let projectId: string

beforeEach(async () => {
  run = new FakeRun()
  test = await openTestCore('actions', { runControl: run })
  root = await test.root()
  projectId = (await root.projects.create({ name: 'Ops' })).id
  await root.pipeline.saveFiles({ projectId, branch: 'develop', files: [{ path: 'main.js', code: '' }] })
  await root.runs.start({ projectId, source: { branch: 'develop' } })
})
afterEach(() => {
  run.end()
  return test[Symbol.asyncDispose]()
})

const TOAST = { kind: 'toast', title: '', text: 'hello', severity: 'info' }
const CONFIRM = {
  kind: 'dialog',
  id: 1,
  dialog: { type: 'confirm', title: 'Sure?', text: '', yes: '', no: '' },
}
const ACTION = {
  slug: 'sync',
  name: 'Sync',
  description: '',
  color: 'teal',
  confirm: '',
  state: 'enabled',
  presses: 0,
}

/** The events of a press as [id, event]. */
async function follow(caller: Caller, pressId: string, lastEventId?: string) {
  const events = (await caller.actions.follow({
    projectId,
    pressId,
    ...(lastEventId && { lastEventId }),
  })) as AsyncIterable<[string, unknown, symbol]>
  return events[Symbol.asyncIterator]()
}

async function next(events: AsyncIterator<[string, unknown, symbol]>) {
  const { value } = (await events.next()) as { value?: [string, unknown] }
  return value?.slice(0, 2)
}

describe('actions of the running service', () => {
  it('are listed; what a runner says wrongly is nothing', async () => {
    run.listed = [ACTION]
    expect(await root.actions.list({ projectId })).toEqual([ACTION])
    run.listed = [{ ...ACTION, slug: '../x' }]
    expect(await root.actions.list({ projectId })).toEqual([])
    await root.runs.stop({ projectId })
    run.listed = [ACTION]
    expect(await root.actions.list({ projectId })).toEqual([])
  })

  it('are pressed in the name of the person, and noted', async () => {
    const { id, caller } = await test.operator('dev', { projects: [{ projectId, role: 'developer' }] })
    const { pressId } = await caller.actions.press({ projectId, slug: 'sync' })
    expect(run.asked.at(-1)).toEqual([
      'actions.press',
      [{ id: pressId, slug: 'sync', by: { id, name: 'dev' } }],
    ])
    expect(await root.projects.audit({ projectId })).toContainEqual(
      expect.objectContaining({ action: 'actions.press', target: 'sync', actor: { id, name: 'dev' } }),
    )
  })

  it.each([
    ['unknown', 'ACTION_NOT_FOUND'],
    ['disabled', 'ACTION_NOT_READY'],
    ['loading', 'ACTION_NOT_READY'],
    ['busy', 'ACTION_TOO_MANY_PRESSES'],
    [null, 'ACTION_NOT_FOUND'],
  ])('are not pressed when the service says %s', async (said, code) => {
    run.begun = said
    await expect(root.actions.press({ projectId, slug: 'sync' })).rejects.toMatchObject({ cause: { code } })
  })
})

describe('a press', () => {
  it('is followed to its end, and answered', async () => {
    const { pressId } = await root.actions.press({ projectId, slug: 'sync' })
    const events = await follow(root, pressId)
    run.say(CONFIRM)
    expect(await next(events)).toEqual(['1', CONFIRM])
    await root.actions.answer({ projectId, pressId, dialogId: 1, answer: true })
    expect(run.asked).toContainEqual(['actions.answer', [pressId, 1, true]])
    run.say({ kind: 'done', text: 'all synced' }, true)
    expect(await next(events)).toEqual(['2', { kind: 'done', text: 'all synced' }])
    expect(await next(events)).toBeUndefined()
  })

  it('is nobody else’s, whatever they may do in the project', async () => {
    const { pressId } = await root.actions.press({ projectId, slug: 'sync' })
    const { caller } = await test.operator('other', { projects: [{ projectId, role: 'owner' }] })
    const over = { cause: { code: 'ACTION_PRESS_OVER' } }
    await expect(next(await follow(caller, pressId))).rejects.toMatchObject(over)
    await expect(
      caller.actions.answer({ projectId, pressId, dialogId: 1, answer: true }),
    ).rejects.toMatchObject(over)
  })

  it('goes on where the page was when it comes back', async () => {
    const { pressId } = await root.actions.press({ projectId, slug: 'sync' })
    run.say(TOAST)
    run.say(CONFIRM)
    const first = await follow(root, pressId)
    await next(first)
    await next(first)
    await first.return?.()
    // The second one was sent, but never arrived.
    expect(await next(await follow(root, pressId, '1'))).toEqual(['2', CONFIRM])
  })

  it('is left by who does not come back in time', async () => {
    const { pressId } = await root.actions.press({ projectId, slug: 'sync' })
    run.say(CONFIRM)
    const events = await follow(root, pressId)
    await next(events)
    test.clock.advance(20_000)
    expect(run.asked.map(([name]) => name)).not.toContain('actions.leave')
    await events.return?.()
    test.clock.advance(20_000)
    await expect.poll(() => run.asked).toContainEqual(['actions.leave', [pressId]])
    await expect(next(await follow(root, pressId))).rejects.toMatchObject({
      cause: { code: 'ACTION_PRESS_OVER' },
    })
  })

  it('is lost when its runner is, and what cannot be shown is left out', async () => {
    const { pressId } = await root.actions.press({ projectId, slug: 'sync' })
    run.say({ kind: 'dialog', id: 1, dialog: { type: 'bomb' } })
    run.say(TOAST)
    const events = await follow(root, pressId)
    expect((await next(events))?.[1]).toMatchObject({ kind: 'close' })
    expect(await next(events)).toEqual(['2', TOAST])
    run.end()
    expect(await next(events)).toEqual(['3', { kind: 'lost' }])
    expect(await next(events)).toBeUndefined()
  })

  it('takes no answer to what is not asked', async () => {
    const { pressId } = await root.actions.press({ projectId, slug: 'sync' })
    run.taken = false
    await expect(
      root.actions.answer({ projectId, pressId, dialogId: 4, answer: null }),
    ).rejects.toMatchObject({
      cause: { code: 'ACTION_PRESS_OVER' },
    })
  })
})
