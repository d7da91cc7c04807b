import type { Logger } from '@m3m/base'
import { findTrouble } from './alert-conditions.ts'
import { agentFacts, projectFacts, type FactsDeps } from './alert-facts.ts'
import { createAlertLedger, type LedgerDeps } from './alert-ledger.ts'
import type { StoredRule } from './alerts.repo.ts'

export interface WatchDeps extends FactsDeps, LedgerDeps {
  logger: Logger
}

const EVERY_MS = 15_000
const KEEP_MS = 30 * 86_400_000
const DAY_MS = 86_400_000

/** Looks at every rule each 15 s; tells once when a trouble begins and once when it is over. */
export function createAlertWatch(deps: WatchDeps) {
  const { repo, clock, logger } = deps
  const ledger = createAlertLedger(deps)
  let cancel = () => {}
  let ended = false
  let looking: Promise<void> = Promise.resolve()

  /** One after the other: two at a time would both find a trouble new. */
  function look(): Promise<void> {
    const looked = looking.then(async () => {
      const rules = (await repo.allRules()).filter(({ enabled }) => enabled)
      await lookAtAgent(rules.filter(({ kind }) => kind === 'disk'))
      await lookAtProjects(rules.filter(({ kind }) => kind !== 'disk'))
      await ledger.settle(rules)
    })
    looking = looked.catch(() => {})
    return looked
  }

  async function lookAtAgent(rules: readonly StoredRule[]): Promise<void> {
    if (rules.length === 0) return
    const facts = await agentFacts(deps)
    for (const rule of rules) await ledger.seen(rule, null, findTrouble(rule, facts, dayOf(clock.now())))
  }

  async function lookAtProjects(rules: readonly StoredRule[]): Promise<void> {
    if (rules.length === 0) return
    for (const project of await deps.projects.all()) {
      const mine = rules.filter(({ projectId }) => projectId === null || projectId === project.id)
      if (mine.length === 0) continue
      const goals = new Set(mine.flatMap(({ goal }) => (goal === null ? [] : [goal])))
      const facts = await projectFacts(deps, project, { goals, day: dayOf(clock.now() - DAY_MS) })
      for (const rule of mine) await ledger.seen(rule, project, findTrouble(rule, facts, dayOf(clock.now())))
    }
  }

  function again(): void {
    cancel = clock.after(EVERY_MS, () => {
      look()
        .catch((error: unknown) => logger.warn('alert rules not looked at', { error }))
        .finally(() => {
          if (!ended) again()
        })
        .catch(() => {})
    })
  }

  return {
    async start(): Promise<void> {
      await ledger.load()
      await repo.forget(new Date(clock.now() - KEEP_MS))
      again()
    },
    look,
    async [Symbol.asyncDispose](): Promise<void> {
      ended = true
      cancel()
      await looking
    },
  }
}

/** UTC. */
const dayOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10)
