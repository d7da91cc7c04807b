import { expect, test } from 'vitest'
import { nativeTexts } from '../native-texts.ts'
import { type MenuActions, menuTemplate } from './menu-template.ts'

const agents = Array.from({ length: 11 }, (_, n) => ({ id: `${n}`, name: n === 0 ? 'R & D' : `agent ${n}` }))

const nothing = () => {}
const actions: MenuActions = {
  newWindow: nothing,
  reload: nothing,
  developerTools: nothing,
  addAgent: nothing,
  selectAgent: nothing,
  stepAgent: nothing,
  command: nothing,
}

function build(overrides: Partial<Parameters<typeof menuTemplate>[0]> = {}) {
  const base = {
    texts: nativeTexts('en-US'),
    agents,
    selected: '1',
    platform: 'linux' as const,
    packaged: true,
  }
  return menuTemplate({ ...base, actions, ...overrides })
}

const entries = (menu: ReturnType<typeof build>) =>
  menu.flatMap((one) => (Array.isArray(one.submenu) ? one.submenu : []))

test('each agent is an entry, the first nine with a shortcut, the shown one marked', () => {
  const list = entries(build()).filter((one) => one.id?.startsWith('agent-'))
  expect(list).toHaveLength(11)
  expect(list[0]).toMatchObject({ label: 'R && D', accelerator: 'CmdOrCtrl+1', checked: false })
  expect(list[1]).toMatchObject({ checked: true })
  expect(list[8]?.accelerator).toBe('CmdOrCtrl+9')
  expect(list[9]?.accelerator).toBeUndefined()
})

test('choosing an agent selects it', () => {
  const chosen: string[] = []
  const selectAgent = (id: string) => void chosen.push(id)
  const entry = entries(build({ actions: { ...actions, selectAgent } })).find((one) => one.id === 'agent-3')
  const click = entry?.click as (() => void) | undefined
  click?.()
  expect(chosen).toEqual(['3'])
})

test('a new window and a reload of the page are in every menu; developer tools only in our own builds', () => {
  for (const platform of ['linux', 'darwin', 'win32'] as const) {
    const done: string[] = []
    const made = entries(
      build({
        platform,
        actions: { ...actions, newWindow: () => done.push('window'), reload: () => done.push('reload') },
      }),
    )
    for (const id of ['new-window', 'reload'])
      (made.find((entry) => entry.id === id)?.click as (() => void) | undefined)?.()
    expect(done, platform).toEqual(['window', 'reload'])
  }
  const labels = (packaged: boolean) => entries(build({ packaged })).map(({ label }) => label)
  expect(labels(true)).not.toContain('Developer Tools')
  expect(labels(false)).toContain('Developer Tools')
})

test('on a Mac settings and quit stand in the menu of the app, elsewhere in File', () => {
  const first = (platform: 'linux' | 'darwin') => build({ platform })[0]
  expect(first('darwin')?.role).toBe('appMenu')
  expect(first('linux')?.role).toBe('fileMenu')
  const rolesOf = (one: ReturnType<typeof first>) =>
    (Array.isArray(one?.submenu) ? one.submenu : []).flatMap(({ role }) => role ?? [])
  expect(rolesOf(first('darwin'))).toContain('quit')
  expect(rolesOf(first('linux'))).toContain('quit')
})

test('outside of macOS, which translates by itself, every entry is in the language of the system', () => {
  const menu = build({ platform: 'win32', texts: nativeTexts('ru') })
  const words = [...menu, ...entries(menu)].filter(({ type }) => type !== 'separator')
  const names = new Set(agents.map(({ name }) => name.replaceAll('&', '&&')))
  for (const { role, label } of words) if (!names.has(label ?? '')) expect(label, role).toMatch(/[а-яё]/i)
})

test('while no agent is seen, none is ticked', () => {
  const ticked = (selected: string | null) =>
    entries(build({ selected })).filter(({ id, type }) => id?.startsWith('agent-') && type === 'radio')
  expect(ticked('1')).toHaveLength(agents.length)
  // The first of radio entries is ticked when none is said to be.
  expect(ticked(null)).toEqual([])
})
