import type { Outputs } from '@/app/trpc/trpc.ts'

type VariableList = Outputs['env']['list']
type Variable = VariableList['variables'][number]

export const MAIL_SECURITY = ['auto', 'starttls', 'tls', 'none'] as const
export type MailSecurity = (typeof MAIL_SECURITY)[number]

/** The mail server of a project as it is typed. An empty host takes it away. */
export interface MailDraft {
  host: string
  port: string
  security: MailSecurity
  user: string
  /** Empty keeps the one that is stored. */
  password: string
  from: string
}

/** What the module `smtp` reads (packages/data, mail-variables.ts). */
const KEY_OF = {
  host: 'SMTP_HOST',
  port: 'SMTP_PORT',
  security: 'SMTP_SECURITY',
  user: 'SMTP_USER',
  password: 'SMTP_PASS',
  from: 'SMTP_FROM',
} as const satisfies Record<keyof MailDraft, string>
const FIELDS = Object.keys(KEY_OF) as (keyof MailDraft)[]

export function mailDraftOf({ variables }: Pick<VariableList, 'variables'>): MailDraft {
  const text = (field: keyof MailDraft) => {
    const found = variables.find(({ key }) => key === KEY_OF[field])
    return found === undefined || found.value === null ? '' : String(found.value)
  }
  const security = text('security').toLowerCase()
  return {
    host: text('host'),
    port: text('port') || '587',
    security: MAIL_SECURITY.find((one) => one === security) ?? 'auto',
    user: text('user'),
    password: '',
    from: text('from'),
  }
}

export const hasMailPassword = ({ variables }: Pick<VariableList, 'variables'>): boolean =>
  variables.some(({ key }) => key === KEY_OF.password)

/** Fields that cannot be saved so. */
export function mailProblems({ host, port, user, from }: MailDraft): Set<'port' | 'from'> {
  const problems = new Set<'port' | 'from'>()
  if (host.trim() === '') return problems
  if (!/^\d+$/.test(port.trim()) || Number(port) < 1 || Number(port) > 65_535) problems.add('port')
  if (!(from.trim() || user).includes('@')) problems.add('from')
  return problems
}

/** All variables as they are to be: those of mail in their places or at the end, every other one as it was. */
export function withMail(variables: readonly Variable[], draft: MailDraft): Variable[] {
  const isOn = draft.host.trim() !== ''
  const isStored = hasMailPassword({ variables: [...variables] })
  const wanted = new Map<string, Variable>()
  for (const field of isOn ? FIELDS : []) {
    const text = draft[field].trim()
    const key = KEY_OF[field]
    if (field === 'password') {
      // `null` keeps the secret that is there.
      const value = draft.password === '' ? null : draft.password
      if (value !== null || isStored) wanted.set(key, { key, type: 'secret', value })
    } else if (field === 'port') wanted.set(key, { key, type: 'integer', value: Number(text) })
    else if (text !== '') wanted.set(key, { key, type: 'string', value: text })
  }
  const keys = new Set<string>(Object.values(KEY_OF))
  const kept = variables.flatMap((variable) => {
    if (!keys.has(variable.key)) return [variable]
    const next = wanted.get(variable.key)
    wanted.delete(variable.key)
    return next ? [next] : []
  })
  return [...kept, ...wanted.values()]
}
