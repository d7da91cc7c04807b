import type { Clock, Logger } from '@m3m/base'
import type { SecretBox } from '@m3m/data'
import type { SignedIn } from '../access/actor.schema.ts'
import type { AuditService } from '../audit/audit.service.ts'
import type { MailAccount } from '../mail/mail-transport.port.ts'
import { agentSettingsErrors } from './agent-settings.errors.ts'
import type { AgentSettingsDoc, AgentSettingsRepo } from './agent-settings.repo.ts'
import { AGENT_SECTIONS } from './agent-settings.schema.ts'
import type {
  AgentSection,
  AgentSectionView,
  AgentSettings,
  AgentSettingsView,
  UpdateAgentSettings,
} from './agent-settings.schema.ts'

/** What config.yaml says, section by section; the agent gives it. */
export interface AgentDefaults {
  values: AgentSettings
  /** Where a section was set (`config.yaml:12`, a variable's name); absent where the defaults hold. */
  places: Partial<Record<AgentSection, string>>
  mailPassword: string | null
}

/** Settings of the agent: those of the panel over those of config.yaml. */
export interface AgentSettingsService {
  /** As they hold now; before {@link AgentSettingsService.load} those of config.yaml. */
  current(): AgentSettings
  /** The mail server with its password; `null` when none is set. Never for the wire. */
  mailAccount(): MailAccount | null
  view(): AgentSettingsView
  /** All at once, or nothing. @throws AGENT_SETTINGS_CHANGED, AGENT_SETTINGS_NO_KEY */
  update(actor: SignedIn, input: UpdateAgentSettings): Promise<AgentSettingsView>
  /** Seals the password of the mail server with the first key. False when there is none. @throws ENV_SECRET_KEY */
  reseal(): Promise<boolean>
  /** Told after each change. */
  onChange(listener: (settings: AgentSettings) => void): void
  /** Reads what is stored. Called once, before anything is served. */
  load(): Promise<void>
}

export interface AgentSettingsDeps {
  repo: AgentSettingsRepo
  defaults: AgentDefaults
  secrets: SecretBox | undefined
  audit: AuditService
  clock: Clock
  logger: Logger
}

const EMPTY: AgentSettingsDoc = { _id: 'agent', revision: 0, sections: {}, mailPassword: null }

export function createAgentSettings(deps: AgentSettingsDeps): AgentSettingsService {
  const { repo, defaults } = deps
  const listeners: ((settings: AgentSettings) => void)[] = []
  let doc = EMPTY
  let settings = defaults.values

  function hold(next: AgentSettingsDoc): void {
    doc = next
    settings = effective(next, defaults.values)
  }

  return {
    current: () => settings,
    mailAccount: () => mailAccount(deps, doc, settings),
    view: () => viewOf(doc, defaults),
    async load() {
      hold((await repo.get()) ?? EMPTY)
    },
    async reseal() {
      const { mailPassword, revision } = doc
      if (mailPassword === null || !deps.secrets) return false
      const next = {
        ...doc,
        revision: revision + 1,
        mailPassword: deps.secrets.seal(deps.secrets.open(mailPassword)),
      }
      if (!(await repo.replace(next, revision))) throw agentSettingsErrors.AGENT_SETTINGS_CHANGED({})
      hold(next)
      return true
    },
    onChange: (listener) => void listeners.push(listener),
    async update(actor, input) {
      const before = doc
      const { revision = before.revision, ...sections } = input
      if (revision !== before.revision) throw agentSettingsErrors.AGENT_SETTINGS_CHANGED({})
      const next = changed(deps, { before, sections, by: actor.name })
      if (!(await repo.replace(next, before.revision))) throw agentSettingsErrors.AGENT_SETTINGS_CHANGED({})
      hold(next)
      await deps.audit.add(actor, auditOf(before, next, { defaults, sections }))
      for (const listener of listeners) listener(settings)
      return viewOf(next, defaults)
    },
  }
}

function effective({ sections }: AgentSettingsDoc, fallback: AgentSettings): AgentSettings {
  const set = AGENT_SECTIONS.flatMap((name) => (sections[name] ? [[name, sections[name].value]] : []))
  return { ...fallback, ...(Object.fromEntries(set) as Partial<AgentSettings>) }
}

type Sections = Omit<UpdateAgentSettings, 'revision'>

function changed(
  deps: AgentSettingsDeps,
  { before, sections, by }: { before: AgentSettingsDoc; sections: Sections; by: string },
): AgentSettingsDoc {
  const at = new Date(deps.clock.now())
  const { mail, ...others } = sections
  const next: Record<string, unknown> = { ...before.sections }
  const put = (name: AgentSection, value: AgentSettings[AgentSection] | null) => {
    if (value === null) delete next[name]
    else next[name] = { value, at, by }
  }
  for (const [name, value] of Object.entries(others))
    if (value !== undefined) put(name as AgentSection, value)
  if (mail !== undefined) put('mail', mail && withoutPassword(mail))
  return {
    _id: 'agent',
    revision: before.revision + 1,
    sections: next as AgentSettingsDoc['sections'],
    mailPassword: passwordAfter(deps, before, mail),
  }
}

function withoutPassword({
  password: _,
  ...mail
}: NonNullable<UpdateAgentSettings['mail']>): AgentSettings['mail'] {
  return mail
}

/** The stored password stays with its server: it is not sent to another host that somebody typed in. */
function passwordAfter(
  { secrets }: AgentSettingsDeps,
  before: AgentSettingsDoc,
  mail: UpdateAgentSettings['mail'],
): string | null {
  if (mail === undefined) return before.mailPassword
  if (mail === null || mail.password === null || mail.password === '') return null
  if (mail.password === undefined)
    return mail.host === before.sections.mail?.value.host ? before.mailPassword : null
  if (!secrets) throw agentSettingsErrors.AGENT_SETTINGS_NO_KEY({})
  return secrets.seal(mail.password)
}

function mailAccount(
  { secrets, defaults, logger }: AgentSettingsDeps,
  { sections, mailPassword }: AgentSettingsDoc,
  { mail }: AgentSettings,
): MailAccount | null {
  const { host } = mail
  if (host === null) return null
  if (!sections.mail) return { ...mail, host, password: defaults.mailPassword }
  try {
    return { ...mail, host, password: mailPassword === null ? null : (secrets?.open(mailPassword) ?? null) }
  } catch (error) {
    logger.error('the password of the mail server cannot be opened; type it again', { error })
    return { ...mail, host, password: null }
  }
}

function viewOf(doc: AgentSettingsDoc, { values, places, mailPassword }: AgentDefaults): AgentSettingsView {
  const view = (name: AgentSection): AgentSectionView<AgentSection> => {
    const stored = doc.sections[name]
    const place = places[name]
    const fallback = values[name]
    if (stored) {
      const source = { kind: 'panel', at: stored.at.toISOString(), by: stored.by } as const
      return { value: stored.value, source, fallback }
    }
    return { value: fallback, source: place ? { kind: 'config', place } : { kind: 'default' }, fallback }
  }
  return {
    revision: doc.revision,
    ...Object.fromEntries(AGENT_SECTIONS.map((name) => [name, view(name)])),
    hasMailPassword: doc.sections.mail ? doc.mailPassword !== null : mailPassword !== null,
  } as AgentSettingsView
}

/** Only the sections that were named, as they held before and hold after. */
function auditOf(
  before: AgentSettingsDoc,
  after: AgentSettingsDoc,
  { defaults, sections }: { defaults: AgentDefaults; sections: Sections },
) {
  const [was, is] = [effective(before, defaults.values), effective(after, defaults.values)]
  const pick = (settings: AgentSettings) =>
    Object.fromEntries((Object.keys(sections) as AgentSection[]).map((name) => [name, settings[name]]))
  const password = before.mailPassword === after.mailPassword ? {} : { mailPassword: 'changed' }
  return { action: 'agent.updateSettings', before: pick(was), after: { ...pick(is), ...password } }
}
