import { z } from 'zod'

// What the preload port carries. Main checks every argument with these; the renderer takes the types.

/** `http(s)://host[:port]`, nothing behind it: an agent owns its whole origin. */
export const agentUrlSchema = z
  .string()
  .max(300)
  .transform((text, ctx) => {
    const url = URL.canParse(text.trim()) ? new URL(text.trim()) : null
    if (url && (url.protocol === 'https:' || url.protocol === 'http:') && !url.username && !url.password)
      return url.origin
    ctx.addIssue({ code: 'custom', message: 'an agent is reached by http://host:port or https://host:port' })
    return z.NEVER
  })

const agentIdSchema = z.string().regex(/^[0-9a-f]{24}$/)
const nameSchema = z.string().trim().min(1).max(60)
/** A name of the renderer's colour tokens; null for none. */
const colorSchema = z
  .string()
  .regex(/^[a-z]{2,16}$/)
  .nullable()
/** SHA-256 of a certificate's DER form: 64 lower-case hex digits. Colons and capitals are accepted. */
export const fingerprintSchema = z
  .string()
  .max(120)
  .transform((text) => text.replaceAll(':', '').toLowerCase())
  .pipe(z.string().regex(/^[0-9a-f]{64}$/))

export const portInputs = {
  context: z.undefined(),
  'agents.list': z.undefined(),
  'agents.probe': z.strictObject({ url: agentUrlSchema }),
  'agents.add': z.strictObject({
    url: agentUrlSchema,
    name: nameSchema.optional(),
    color: colorSchema.optional(),
    /** The person saw this fingerprint and trusts it; needed when the certificate is not signed by a known authority. */
    fingerprint: fingerprintSchema.optional(),
    /** The person was warned that passwords would travel readable; needed for http off this computer. */
    allowPlainHttp: z.boolean().optional(),
  }),
  'agents.update': z.strictObject({
    id: agentIdSchema,
    name: nameSchema.optional(),
    color: colorSchema.optional(),
  }),
  'agents.reorder': z.strictObject({ ids: z.array(agentIdSchema).max(500) }),
  'agents.remove': z.strictObject({ id: agentIdSchema }),
  'agents.select': z.strictObject({ id: agentIdSchema.nullable() }),
  'local.state': z.undefined(),
  'local.create': z.strictObject({
    email: z.string().min(1).max(320),
    password: z.string().min(1).max(1024),
  }),
  'local.start': z.undefined(),
  'local.stop': z.undefined(),
  'local.log': z.undefined(),
  'local.setStartWithApp': z.strictObject({ on: z.boolean() }),
  'session.signIn': z.strictObject({
    email: z.string().min(1).max(320),
    password: z.string().min(1).max(1024),
  }),
  'session.accessToken': z.strictObject({ renew: z.boolean().optional() }),
  'session.signOut': z.undefined(),
} as const

export type PortMethod = keyof typeof portInputs
export type PortInput<M extends PortMethod> = z.input<(typeof portInputs)[M]>
