import { z } from 'zod'
import type { IsoDate } from '../../ids.schema.ts'
import { addressRangeSchema, hostSchema, outboundAllowSchema, webOriginSchema } from '../../network.schema.ts'
import { backupSettingsSchema } from '../backups/backups.schema.ts'
import { emailSchema } from '../users/users.schema.ts'

/** `none`: plain text all the way; `starttls`: upgraded, or refused; `tls`: from the first byte (RFC 8314). */
export const MAIL_SECURITY = ['none', 'starttls', 'tls'] as const
export type MailSecurity = (typeof MAIL_SECURITY)[number]

const HEADER_SAFE = /^[^\r\n]*$/

/** The server that the agent's own mail goes by. Without a host there is no mail. */
export const mailSettingsSchema = z.strictObject({
  host: hostSchema.nullable(),
  port: z.int().min(1).max(65_535),
  security: z.enum(MAIL_SECURITY),
  /** `''`: the server asks for no sign-in. */
  user: z.string().trim().max(200),
  /** `m3m <m3m@example.com>` or the bare address. */
  from: z.string().trim().max(300).regex(HEADER_SAFE, 'A sender is one line.'),
})
export type MailSettings = z.output<typeof mailSettingsSchema>

/** Each section is set as a whole, or left to config.yaml. */
export const agentSectionSchemas = {
  address: z.strictObject({
    /** Where people reach the panel; `null`: by whatever address they use. */
    publicUri: webOriginSchema.nullable(),
  }),
  mail: mailSettingsSchema,
  proxies: z.strictObject({ trusted: z.array(addressRangeSchema).max(50) }),
  sessions: z.strictObject({
    /** Life of a sign-in, from its beginning. */
    signInMinutes: z
      .int()
      .min(1)
      .max(365 * 24 * 60),
    /** Life of an access token; wire.md: at most 15. */
    accessMinutes: z.int().min(1).max(15),
  }),
  updates: z.strictObject({
    /** Nothing is fetched unless it is on. */
    check: z.boolean(),
    /** A JSON document `{"version": "1.2.0", "url"?: "https://…"}`. */
    feed: z
      .url({ protocol: /^https?$/, message: 'Type an address such as https://example.com/m3m.json.' })
      .max(500)
      .nullable(),
  }),
  outbound: z.strictObject({ allow: outboundAllowSchema }),
  backups: backupSettingsSchema,
} as const

export const agentSettingsSchema = z.strictObject(agentSectionSchemas)
/** All settings as they hold now: what was set in the panel, else config.yaml, else the defaults. */
export type AgentSettings = z.output<typeof agentSettingsSchema>
export type AgentSection = keyof AgentSettings
export const AGENT_SECTIONS = Object.keys(agentSectionSchemas) as AgentSection[]

const { address, mail, proxies, sessions, updates, outbound, backups } = agentSectionSchemas

/** Sections that are absent stay; `null` gives one back to config.yaml. */
export const updateAgentSettingsInput = z.strictObject({
  address: address.nullable().optional(),
  /** Without `password` the stored one stays, `null` takes it away. */
  mail: mail
    .extend({ password: z.string().max(500).regex(HEADER_SAFE).nullable().optional() })
    .refine(({ host, from }) => host === null || from.includes('@'), {
      path: ['from'],
      message: 'Type the address mail is sent from, such as m3m@example.com.',
    })
    .nullable()
    .optional(),
  proxies: proxies.nullable().optional(),
  sessions: sessions.nullable().optional(),
  updates: updates
    .refine(({ check, feed }) => !check || feed !== null, {
      path: ['feed'],
      message: 'Type where versions are announced.',
    })
    .nullable()
    .optional(),
  outbound: outbound.nullable().optional(),
  backups: backups.nullable().optional(),
  /** From the last `settings`: refused when somebody saved in between. */
  revision: z.int().min(0).optional(),
})
export type UpdateAgentSettings = z.output<typeof updateAgentSettingsInput>

export const testMailInput = z.strictObject({ to: emailSchema })

/** Where the values of a section come from. */
export type SettingSource =
  | { kind: 'panel'; at: IsoDate; by: string }
  /** `config.yaml:12`, or the name of a variable. */
  | { kind: 'config'; place: string }
  | { kind: 'default' }

export interface AgentSectionView<S extends AgentSection> {
  value: AgentSettings[S]
  source: SettingSource
  /** What holds when the section is given back to config.yaml. */
  fallback: AgentSettings[S]
}

export type AgentSettingsView = { revision: number } & {
  [S in AgentSection]: AgentSectionView<S>
} & {
  /** Whether a password of the mail server is stored; it is never read back. */
  hasMailPassword: boolean
}

/** What the mail server said of a test. */
export interface TestMailResult {
  /** The server's last line: `250 2.0.0 Ok: queued as 4F…`. */
  response: string
}

/** What is known of newer versions. */
export interface UpdateStatus {
  current: string
  /** As announced last; `null`: never asked, or never answered. */
  latest: { version: string; url: string | null } | null
  isNewer: boolean
  checkedAt: IsoDate | null
  /** Why the last question failed. */
  error: string | null
}
