import { newId } from '@m3m/base'
import type { SecretBox } from '@m3m/data'
import type { z } from 'zod'
import type { SignedIn } from '../access/actor.schema.ts'
import type { AuditService } from '../audit/audit.service.ts'
import type { ProjectMail } from '../mail/project-mail.service.ts'
import type { ProjectsService } from '../projects/projects.service.ts'
import { createHub } from '../../hub.ts'
import { deliver, type OpenChannels } from './alert-delivery.ts'
import type { AlertPost } from './alert-post.port.ts'
import { testMessage } from './alert-text.ts'
import { createAlertWatch, type WatchDeps } from './alert-watch.ts'
import { alertsErrors } from './alerts.errors.ts'
import type { StoredAlert, StoredRule } from './alerts.repo.ts'
import {
  ALERT_BOUNDS,
  type AlertRuleView,
  type alertRuleInput,
  type AlertTest,
  type AlertView,
  type listAlertsInput,
  MAX_ALERT_RULES,
  type saveAlertRuleInput,
} from './alerts.schema.ts'

type Rule = z.output<typeof saveAlertRuleInput>
type Named = z.output<typeof alertRuleInput>

/** Tells people when something is wrong: in the panel always, by mail, webhook and Telegram where a rule says so. */
export interface AlertsService extends AsyncDisposable {
  /** Of a project, or without one of all that one may see; newest first. Those of the agent itself are for root. */
  list(actor: SignedIn, query: z.output<typeof listAlertsInput>): Promise<AlertView[]>
  /** How many last, of those one may see: now, then at each change. */
  watch(actor: SignedIn, until: AbortSignal): AsyncIterable<{ open: number }>
  rules(projectId: string | undefined): Promise<AlertRuleView[]>
  /** @throws ALERTS_NO_RULE, ALERTS_TOO_MANY, ALERTS_THRESHOLD, ALERTS_WRONG_OWNER, ALERTS_NO_GOAL, ALERTS_CREDENTIAL */
  save(actor: SignedIn, rule: Rule): Promise<AlertRuleView>
  /** @throws ALERTS_NO_RULE */
  remove(actor: SignedIn, named: Named): Promise<void>
  /** Sends a test by every channel of the rule. @throws ALERTS_NO_RULE */
  test(named: Named): Promise<AlertTest>
  removeProject(projectId: string): Promise<void>
  /** Looks at all rules now; it happens by itself each 15 s. */
  look(): Promise<void>
  start(): Promise<void>
}

export interface AlertsDeps extends Omit<WatchDeps, 'send' | 'onChange' | 'projects'> {
  projects: ProjectsService
  audit: AuditService
  projectMail: ProjectMail
  post: AlertPost
  /** Absent: credentials cannot be stored. */
  secrets: SecretBox | undefined
}

export function createAlerts(deps: AlertsDeps): AlertsService {
  const { repo, audit, clock } = deps
  const hub = createHub<null>()
  const watch = createAlertWatch({
    ...deps,
    onChange: () => hub.publish(null),
    send: (rule, message) =>
      deliver(deps, opened(deps.secrets, rule), {
        ...message,
        kind: rule.kind,
        at: new Date(clock.now()).toISOString(),
      }),
  })
  const find = async ({ projectId, id }: Named) => {
    const rule = (await repo.rules(projectId ?? null)).find((one) => one.id === id)
    if (!rule) throw alertsErrors.ALERTS_NO_RULE({ id })
    return rule
  }

  return {
    ...createSeeing(deps, hub),
    rules: async (projectId) => (await repo.rules(projectId ?? null)).map(toRuleView),
    async save(actor, input) {
      const before = input.id === undefined ? null : await find({ projectId: input.projectId, id: input.id })
      await check(deps, input)
      if (!before && (await repo.rules(input.projectId ?? null)).length >= MAX_ALERT_RULES)
        throw alertsErrors.ALERTS_TOO_MANY({ most: MAX_ALERT_RULES })
      const rule = sealed(deps.secrets, input, before)
      await repo.saveRule(rule)
      const view = toRuleView(rule)
      await audit.add(actor, {
        action: 'alerts.save',
        projectId: rule.projectId,
        target: rule.kind,
        before: before && { ...toRuleView(before) },
        after: { ...view },
      })
      return view
    },
    async remove(actor, named) {
      const rule = await find(named)
      await repo.removeRule(rule.projectId, rule.id)
      const { projectId, kind } = rule
      await audit.add(actor, {
        action: 'alerts.remove',
        projectId,
        target: kind,
        before: { ...toRuleView(rule) },
      })
    },
    async test(named) {
      const rule = await find(named)
      const project = rule.projectId === null ? null : await deps.projects.find(rule.projectId)
      const message = testMessage(project?.name ?? 'The agent')
      const at = new Date(clock.now()).toISOString()
      const payload = {
        ...message,
        event: 'test' as const,
        kind: rule.kind,
        project: project?.name ?? null,
        at,
      }
      return { deliveries: await deliver(deps, opened(deps.secrets, rule), payload) }
    },
    removeProject: (projectId) => repo.removeProject(projectId),
    look: watch.look,
    start: watch.start,
    async [Symbol.asyncDispose]() {
      hub.close()
      await watch[Symbol.asyncDispose]()
    },
  }
}

function createSeeing(
  { repo, projects }: AlertsDeps,
  hub: ReturnType<typeof createHub<null>>,
): Pick<AlertsService, 'list' | 'watch'> {
  async function visible(actor: SignedIn): Promise<(string | null)[]> {
    const ids: (string | null)[] = (await projects.list(actor)).map(({ id }) => id)
    return actor.user.root ? [...ids, null] : ids
  }
  async function countOpen(actor: SignedIn): Promise<{ open: number }> {
    const ids = new Set(await visible(actor))
    return { open: (await repo.open()).filter(({ projectId }) => ids.has(projectId)).length }
  }
  return {
    async list(actor, { projectId, limit, before }) {
      const projectIds = projectId === undefined ? await visible(actor) : [projectId]
      return (await repo.alerts({ projectIds, limit, before })).map(toView)
    },
    async *watch(actor, until) {
      for await (const _ of hub.watch(until, async () => [null])) yield await countOpen(actor)
    },
  }
}

async function check(
  { data, projects }: AlertsDeps,
  { kind, threshold, goal, projectId }: Rule,
): Promise<void> {
  const bounds = ALERT_BOUNDS[kind]
  if (bounds && (threshold === null || threshold < bounds.min || threshold > bounds.max))
    throw alertsErrors.ALERTS_THRESHOLD({ kind, ...bounds })
  if (kind === 'disk' && projectId !== undefined)
    throw alertsErrors.ALERTS_WRONG_OWNER({ kind, owner: 'the agent, not to a project' })
  if (kind !== 'goal') return
  const project = projectId === undefined ? null : await projects.find(projectId)
  if (!project) throw alertsErrors.ALERTS_WRONG_OWNER({ kind, owner: 'a project, not to the agent' })
  const goals = await data.goals.list(project.id)
  if (!goals.some(({ slug, type }) => slug === goal && type === 'daily'))
    throw alertsErrors.ALERTS_NO_GOAL({ goal: goal ?? '' })
}

/** Credentials that were not sent again stay as they are stored. */
function sealed(secrets: SecretBox | undefined, rule: Rule, before: StoredRule | null): StoredRule {
  const { kind, threshold, goal, enabled, projectId = null } = rule
  const { emails, webhook, telegram } = rule.channels
  const seal = (typed: string | undefined, kept: string | null | undefined) =>
    typed === undefined ? (kept ?? null) : typed === '' || !secrets ? null : secrets.seal(typed)
  const botToken = telegram && seal(telegram.botToken, before?.telegram?.botToken)
  if (telegram && !botToken) throw alertsErrors.ALERTS_CREDENTIAL({ channel: 'Telegram' })
  return {
    id: before?.id ?? newId(),
    projectId,
    kind,
    threshold: ALERT_BOUNDS[kind] ? threshold : null,
    goal: kind === 'goal' ? goal : null,
    enabled,
    emails,
    webhook: webhook && { url: webhook.url, secret: seal(webhook.secret, before?.webhook?.secret) },
    telegram: telegram && botToken ? { chatId: telegram.chatId, botToken } : null,
  }
}

function opened(secrets: SecretBox | undefined, rule: StoredRule): OpenChannels {
  const { projectId, emails, webhook, telegram } = rule
  const open = (text: string) => secrets?.open(text) ?? ''
  return {
    projectId,
    emails,
    webhook: webhook && { url: webhook.url, secret: webhook.secret && open(webhook.secret) },
    telegram: telegram && { chatId: telegram.chatId, botToken: open(telegram.botToken) },
  }
}

function toRuleView({ emails, webhook, telegram, ...rule }: StoredRule): AlertRuleView {
  return {
    ...rule,
    channels: {
      emails,
      webhook: webhook && { url: webhook.url, hasSecret: webhook.secret !== null },
      telegram: telegram && { chatId: telegram.chatId, hasToken: true },
    },
  }
}

function toView({ ruleId: _r, key: _k, since, endedAt, because = null, ...alert }: StoredAlert): AlertView {
  return { ...alert, because, since: since.toISOString(), endedAt: endedAt?.toISOString() ?? null }
}
