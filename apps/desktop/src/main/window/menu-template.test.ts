import { expect, test } from 'vitest'
import { nativeTexts } from '../native-texts.ts'
import { menuTemplate } from './menu-template.ts'

const agents = Array.from({ length: 11 }, (_, n) => ({ id: `${n}`, name: n === 0 ? 'R & D' : `agent ${n}` }))

function build(overrides: Partial<Parameters<typeof menuTemplate>[0]> = {}) {
  const actions = { addAgent: () => {}, selectAgent: () => {}, stepAgent: () => {}, command: () => {} }
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

test('a packaged app has neither reload nor developer tools', () => {
  const roles = (packaged: boolean) => entries(build({ packaged })).map((one) => one.role)
  expect(roles(true)).not.toContain('toggleDevTools')
  expect(roles(true)).not.toContain('reload')
  expect(roles(false)).toContain('toggleDevTools')
})

test('choosing an agent selects it', () => {
  const chosen: string[] = []
  const actions = {
    addAgent: () => {},
    selectAgent: (id: string) => void chosen.push(id),
    stepAgent: () => {},
    command: () => {},
  }
  const entry = entries(build({ actions })).find((one) => one.id === 'agent-3')
  const click = entry?.click as (() => void) | undefined
  click?.()
  expect(chosen).toEqual(['3'])
})
