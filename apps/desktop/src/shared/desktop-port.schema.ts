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
/** Name of a group in the list of agents; null for none. */
const groupSchema = nameSchema.nullable()
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
  /** Agents that answer on this computer and are not in the list. */
  'agents.discover': z.undefined(),
  'agents.update': z.strictObject({
    id: agentIdSchema,
    name: nameSchema.optional(),
    color: colorSchema.optional(),
    group: groupSchema.optional(),
  }),
  'agents.arrange': z.strictObject({
    agents: z.array(z.strictObject({ id: agentIdSchema, group: groupSchema })).max(500),
  }),
  /** The person compared this fingerprint and trusts it in the place of the pinned one. */
  'agents.trust': z.strictObject({ id: agentIdSchema, fingerprint: fingerprintSchema }),
  'agents.signOut': z.strictObject({ id: agentIdSchema }),
  'agents.remove': z.strictObject({ id: agentIdSchema }),
  'agents.select': z.strictObject({
    id: agentIdSchema.nullable(),
    /** With `id: null`: the person wants to add one, so the form is gone to. */
    add: z.boolean().optional(),
  }),
  'windows.open': z.strictObject({ id: agentIdSchema.nullable() }),
  'favourites.set': z.strictObject({
    projectId: agentIdSchema,
    slug: z.string().min(1).max(100),
    name: z.string().min(1).max(200),
    on: z.boolean(),
  }),
  'files.dragOut': z.strictObject({
    projectId: agentIdSchema,
    path: z.string().min(1).max(1024),
  }),
  'files.save': z.strictObject({
    /** On the agent: `/files/…` with the ticket that admits to it. A path stays on the agent whatever it says. */
    path: z
      .string()
      .max(8192)
      .regex(/^\/files\/[^\s\\]*$/),
  }),
  'local.state': z.undefined(),
  'local.create': z.strictObject({
    email: z.string().min(1).max(320),
    password: z.string().min(1).max(1024),
  }),
  'local.start': z.undefined(),
  'local.stop': z.undefined(),
  'local.log': z.undefined(),
  'local.upgrade': z.undefined(),
  'local.setStartWithApp': z.strictObject({ on: z.boolean() }),
  'app.state': z.undefined(),
  'app.setOpenAtLogin': z.strictObject({ on: z.boolean() }),
  'app.setUpdateChannel': z.strictObject({ channel: z.enum(['latest', 'beta']) }),
  'app.checkForUpdate': z.undefined(),
  'app.installUpdate': z.undefined(),
  'session.signIn': z.strictObject({
    email: z.string().min(1).max(320),
    password: z.string().min(1).max(1024),
  }),
  'session.accessToken': z.strictObject({ renew: z.boolean().optional() }),
  'session.signOut': z.undefined(),
} as const

/** Those that only the page without an agent may call: what they do concerns every agent, or this computer. */
export const HOME_METHODS: ReadonlySet<string> = new Set([
  'agents.probe',
  'agents.discover',
  'agents.add',
  'agents.update',
  'agents.arrange',
  'agents.trust',
  'agents.signOut',
  'agents.remove',
  'local.state',
  'local.create',
  'local.start',
  'local.stop',
  'local.log',
  'local.upgrade',
  'local.setStartWithApp',
  'app.state',
  'app.setOpenAtLogin',
  'app.setUpdateChannel',
  'app.checkForUpdate',
  'app.installUpdate',
] satisfies (keyof typeof portInputs)[])

export type PortMethod = keyof typeof portInputs
export type PortInput<M extends PortMethod> = z.input<(typeof portInputs)[M]>
