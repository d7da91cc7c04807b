import type { SandboxRoom } from '../../sandbox/lane.ts'
import type { GoalDay, GoalInfo } from './goals.contract.ts'

export const room: SandboxRoom = (lane) => {
  const list = () => lane.call<GoalInfo[]>('goals.list', [])
  return {
    increment: (slug: unknown, by?: unknown) => lane.call<true>('goals.increment', [slug, by]),
    getValue: (slug: unknown) => lane.call<number>('goals.getValue', [slug]),
    getStats: (slug: unknown, period?: unknown) => lane.call<GoalDay[]>('goals.getStats', [slug, period]),
    // The original gives nothing rather than failing here.
    list: () => (lane.kind === 'dollar' ? lane.recover(list, () => []) : list()),
    get: (slug: unknown) => lane.call<GoalInfo | null>('goals.get', [slug]),
  }
}
