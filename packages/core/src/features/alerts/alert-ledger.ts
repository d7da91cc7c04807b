import type { Clock } from '@m3m/base'
import { newId } from '@m3m/base'
import type { ProjectsService } from '../projects/projects.service.ts'
import type { Finding } from './alert-conditions.ts'
import { recoveryMessage, troubleMessage, type AlertMessage } from './alert-text.ts'
import type { AlertDelivery } from './alerts.schema.ts'
import type { AlertsRepo, StoredAlert, StoredRule } from './alerts.repo.ts'

export interface LedgerDeps {
  repo: AlertsRepo
  projects: Pick<ProjectsService, 'all' | 'find'>
  clock: Clock
  send(
    rule: StoredRule,
    message: AlertMessage & { event: 'trouble' | 'recovery'; project: string | null },
  ): Promise<AlertDelivery[]>
  onChange(): void
}

/** A trouble is over when it was not seen for so long: what flickers is one alert and not ten. */
const CALM_MS = 60_000

type Place = { id: string; name: string } | null

/** What lasts: begins once, is told once, ends once. */
export function createAlertLedger({ repo, projects, clock, send, onChange }: LedgerDeps) {
  const open = new Map<string, StoredAlert & { lastSeenMs: number }>()

  async function begin(rule: StoredRule, place: Place, { key, value, reason }: Finding & { key: string }) {
    const { kind, threshold, goal, id: ruleId } = rule
    const since = new Date(clock.now())
    const projectId = place?.id ?? null
    const told = {
      kind,
      threshold,
      goal,
      value,
      reason: reason?.message ?? null,
      because: reason,
      projectId,
      since,
      endedAt: null,
      deliveries: [],
    }
    const alert: StoredAlert = { id: newId(), ruleId, key, ...told }
    // Stored before it is told: an agent that is killed in between tells once too little, never twice.
    await repo.begin(alert)
    open.set(key, { ...alert, lastSeenMs: clock.now() })
    onChange()
    const message = troubleMessage(place?.name ?? 'The agent', rule, { key, value, reason })
    const deliveries = await send(rule, { ...message, event: 'trouble', project: place?.name ?? null })
    if (deliveries.length > 0) await repo.change(alert.id, { deliveries })
  }

  async function end(alert: StoredAlert, rule: StoredRule | undefined): Promise<void> {
    open.delete(alert.key)
    await repo.change(alert.id, { endedAt: new Date(clock.now()) })
    onChange()
    // A rule that is gone or switched off, and a day that is over, is no recovery.
    if (!rule || rule.kind === 'goal') return
    const project = alert.projectId === null ? null : await projects.find(alert.projectId)
    const message = recoveryMessage(project?.name ?? 'The agent', rule)
    await send(rule, { ...message, event: 'recovery', project: project?.name ?? null })
  }

  return {
    /** Takes over what lasted when the agent ended: that was told already. */
    async load(): Promise<void> {
      for (const alert of await repo.open()) open.set(alert.key, { ...alert, lastSeenMs: clock.now() })
    },
    async seen(rule: StoredRule, place: Place, found: Finding | null): Promise<void> {
      if (!found) return
      const key = `${rule.id}:${place?.id ?? ''}:${found.key}`
      const known = open.get(key)
      if (known) known.lastSeenMs = clock.now()
      else await begin(rule, place, { ...found, key })
    },
    /** Ends what was not seen for a while, and what nobody watches any more. */
    async settle(rules: readonly StoredRule[]): Promise<void> {
      for (const alert of open.values()) {
        const rule = rules.find(({ id }) => id === alert.ruleId)
        if (!rule || clock.now() - alert.lastSeenMs >= CALM_MS) await end(alert, rule)
      }
    },
  }
}
