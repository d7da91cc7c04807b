import type { AgentDefaults } from '@m3m/core'
import type { AgentConfig } from '../config/read-config.ts'

const MINUTE_MS = 60_000

/** Keys of config.yaml behind each section of Agent settings. */
const KEYS = {
  address: ['server.uri'],
  mail: ['mail.host', 'mail.port', 'mail.security', 'mail.user', 'mail.password', 'mail.from'],
  proxies: ['server.trustedProxies'],
  sessions: ['jwt.expiration'],
  updates: ['updates.check', 'updates.feed'],
  outbound: ['runtime.outboundAllow'],
  backups: ['backup.daily', 'backup.keep', 'backup.withKey'],
} as const

/** What config.yaml and `M3M_*` say of the settings that root may change in the panel, and where they say it. */
export function agentDefaults(config: AgentConfig): AgentDefaults {
  const { server, mail, jwt, updates, runtime, backup } = config
  return {
    values: {
      address: { publicUri: server.uri ?? null },
      mail: {
        host: mail.host ?? null,
        port: mail.port,
        security: mail.security,
        user: mail.user ?? '',
        from: mail.from ?? '',
      },
      proxies: { trusted: server.trustedProxies },
      sessions: { signInMinutes: Math.ceil(jwt.expiration / MINUTE_MS), accessMinutes: 15 },
      updates: { check: updates.check, feed: updates.feed ?? null },
      outbound: { allow: runtime.outboundAllow },
      backups: { daily: backup.daily ?? null, keep: backup.keep, withKey: backup.withKey },
    },
    places: Object.fromEntries(
      Object.entries(KEYS).flatMap(([section, keys]) => {
        const place = keys.map((key) => config.setPlaceOf(key.split('.'))).find((found) => found !== null)
        return place === undefined ? [] : [[section, place]]
      }),
    ),
    mailPassword: mail.password ?? null,
  }
}
