import { expect, test } from 'vitest'
import type { AgentEntry } from '../../shared/desktop-port.ts'
import { nativeTexts } from '../native-texts.ts'
import { trayTemplate, trayTooltip } from './tray-template.ts'

const texts = nativeTexts('en-US')
const local = {
  state: 'absent',
  url: null,
  problem: null,
  startWithApp: false,
  version: null,
  upgradeTo: null,
} as const

function agent(change: Partial<AgentEntry>): AgentEntry {
  return {
    id: 'a',
    name: 'R & D',
    url: 'https://a',
    color: null,
    group: null,
    favourites: [],
    fingerprint: null,
    status: {
      state: 'online',
      latencyMs: 3,
      version: '0.1.0',
      protocol: 1,
      shown: null,
      services: { running: 2, crashed: 1 },
    },
    signedIn: true,
    email: null,
    ...change,
  }
}

test('each agent says what its services do, and the tooltip whether anything crashed', () => {
  const actions = { open() {}, command() {}, startLocal() {}, stopLocal() {}, quit() {} }
  const menu = trayTemplate({ texts, agents: [agent({})], local, actions })
  expect(menu.find(({ id }) => id === 'tray-a')?.label).toBe('R && D: 2 running, 1 crashed')
  expect(trayTooltip([agent({})], texts)).toBe('m3m: 1 crashed')
})

test('favourites are started and stopped as their state allows, and always opened', () => {
  const done: string[] = []
  const actions = {
    open: (id: string | null, path?: string) => void done.push(`open ${id} ${path}`),
    command: (id: string, projectId: string, what: string) => void done.push(`${what} ${projectId} of ${id}`),
    startLocal() {},
    stopLocal() {},
    quit() {},
  }
  const states = ['running', 'stopped', 'crashed', 'stopping', null] as const
  const favourites = states.map((state, n) => ({ projectId: `p${n}`, slug: `s${n}`, name: `N${n}`, state }))
  const menu = trayTemplate({ texts, agents: [agent({ favourites })], local, actions })
  for (const [n] of states.entries()) {
    const entry = menu.find(({ id }) => id === `tray-project-p${n}`)
    for (const item of entry!.submenu as { click: () => void }[]) item.click()
  }
  expect(done).toEqual([
    'stop p0 of a',
    'open a /projects/s0',
    'start p1 of a',
    'open a /projects/s1',
    'start p2 of a',
    'open a /projects/s2',
    'open a /projects/s3',
    'open a /projects/s4',
  ])
})
