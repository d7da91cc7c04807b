import { z } from 'zod'
import { parseDuration } from './durations.ts'

const port = z
  .int('a port is a whole number from 0 to 65535')
  .min(0, 'a port is at least 0 (0 takes any free one)')
  .max(65_535, 'a port is at most 65535')
const path = z.string().min(1, 'a path cannot be empty')
const webUri = z
  .string()
  .refine(isWebUri, 'expected an address such as https://m3m.example.com, without a path')
  .transform((uri) => new URL(uri).origin)
const mongoUri = z.string().regex(/^mongodb(\+srv)?:\/\/\S+$/, 'expected mongodb://… or mongodb+srv://…')
const origin = z
  .string()
  .regex(/^[a-z][a-z0-9+.-]*:\/\/[^/\s]+$/, 'expected an exact origin such as https://panel.example.com')
const proxy = z.string().refine(isAddressRange, 'expected an IP address or a range such as 10.0.0.0/8')
const outbound = z
  .string()
  .refine(
    (text) => ['loopback', 'private', 'cgnat', 'multicast'].includes(text) || isAddressRange(text),
    'expected loopback, private, cgnat, multicast, an IP address or a range such as 10.0.0.0/8',
  )
const count = (least: number, most: number) =>
  z.int('expected a whole number').min(least, `at least ${least}`).max(most, `at most ${most}`)
const durationMs = (least: number, leastText: string) =>
  z.string('expected a duration such as 168h or 30m').transform((text, ctx) => {
    const ms = parseDuration(text)
    if (ms === null) ctx.addIssue('expected a duration such as 168h or 30m (units: ms s m h d w)')
    else if (ms < least) ctx.addIssue(`at least ${leastText}`)
    return ms ?? 0
  })

const MB = 1024 * 1024

/** Limits of one run (design: runtime-api.md "Limits"). The names carry the units. */
const limits = z.strictObject({
  memoryMb: count(8, 16_384).default(128),
  cpuStretchMs: count(10, 600_000).default(5000),
  requestWallMs: count(100, 3_600_000).default(30_000),
  requestBodyBytes: count(0, 1024 * MB).default(10 * MB),
  responseBodyBytes: count(0, 1024 * MB).default(10 * MB),
  maxRoutes: count(1, 100_000).default(1000),
  maxJobs: count(1, 100_000).default(1000),
  requestsKept: count(0, 500).default(50),
  delayedQueue: count(1, 1_000_000).default(10_000),
  bootMs: count(100, 600_000).default(30_000),
  logLineBytes: count(128, MB).default(16 * 1024),
  logFileBytes: count(64 * 1024, 10_240 * MB).default(50 * MB),
})

/** The most a project may set for itself; core's LIMIT_BOUNDS are the widest there are. */
const maxLimits = z.strictObject({
  memoryMb: count(16, 4_096).default(4_096),
  cpuStretchMs: count(50, 60_000).default(60_000),
  requestWallMs: count(100, 600_000).default(600_000),
  requestBodyBytes: count(1024, 1024 * MB).default(1024 * MB),
  responseBodyBytes: count(1024, 1024 * MB).default(1024 * MB),
  maxRoutes: count(1, 10_000).default(10_000),
  maxJobs: count(1, 10_000).default(10_000),
  requestsKept: count(0, 500).default(500),
  storageQuotaBytes: count(MB, 1024 ** 2 * MB).default(1024 ** 2 * MB),
})

/** Every key of config.yaml, with its default. The file at the root of the repository explains each. */
export const configSchema = z.strictObject({
  server: z
    .strictObject({
      host: z.string().min(1, 'a host cannot be empty').default('127.0.0.1'),
      port: port.default(3000),
      uri: webUri.optional(),
      servicesPort: z.union([z.literal('off'), port], 'expected a port or off').optional(),
      servicesUri: webUri.optional(),
      trustedProxies: z.array(proxy).default([]),
      panelOrigins: z.array(origin).default([]),
      tls: z
        .union(
          [z.literal(['off', 'auto']), z.strictObject({ cert: path, key: path })],
          'expected off, auto or {cert: <file>, key: <file>}',
        )
        .default('off'),
    })
    .prefault({}),
  mongodb: z
    .strictObject({
      uri: mongoUri.optional(),
      database: z
        .string()
        .regex(/^[A-Za-z0-9_-]{1,50}$/, 'expected 1 to 50 letters, digits, - or _')
        .default('m3m'),
      runtimeUri: mongoUri.optional(),
    })
    .prefault({}),
  datastore: z.strictObject({ path: path.default('./data') }).prefault({}),
  jwt: z
    .strictObject({
      secret: z.string('expected text (put a number in quotes)').optional(),
      expiration: durationMs(60_000, '1m').prefault('168h'),
    })
    .prefault({}),
  mail: z
    .strictObject({
      host: z.string().min(1, 'a host cannot be empty').optional(),
      port: port.min(1, 'a port is at least 1').default(587),
      security: z.enum(['none', 'starttls', 'tls']).default('starttls'),
      user: z.string('expected text (put a number in quotes)').optional(),
      password: z.string('expected text (put a number in quotes)').optional(),
      from: z.string().includes('@', { error: 'expected an address such as m3m@example.com' }).optional(),
    })
    .refine(({ host, from }) => host === undefined || from !== undefined, {
      path: ['from'],
      message: 'a mail server needs mail.from, the address mail is sent from',
    })
    .prefault({}),
  updates: z
    .strictObject({
      check: z.boolean('expected true or false').default(false),
      feed: z
        .url({ protocol: /^https?$/, message: 'expected an address such as https://example.com/m3m.json' })
        .optional(),
    })
    .refine(({ check, feed }) => !check || feed !== undefined, {
      path: ['feed'],
      message: 'updates.check needs updates.feed, where versions are announced',
    })
    .prefault({}),
  storage: z
    .strictObject({
      path: path.default('./storage'),
      quotaBytes: count(1, Number.MAX_SAFE_INTEGER).optional(),
      uploadBytes: count(1, Number.MAX_SAFE_INTEGER).default(10 * 1024 ** 3),
    })
    .prefault({}),
  backup: z
    .strictObject({
      path: path.default('./backups'),
      daily: z
        .string('expected a time such as "03:30" (in quotes)')
        .regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/, 'expected a time such as "03:30", UTC')
        .optional(),
      keep: count(1, 365).default(7),
      withKey: z.boolean('expected true or false').default(false),
    })
    .prefault({}),
  logging: z
    .strictObject({
      path: path.default('./logs'),
      level: z.enum(['debug', 'info', 'warn', 'error']).default('info'),
    })
    .prefault({}),
  metrics: z
    .strictObject({
      token: z
        .string('expected text (put a number in quotes)')
        .regex(/^\S{16,200}$/, 'expected 16 to 200 characters without spaces')
        .optional(),
    })
    .prefault({}),
  plugins: z
    .strictObject({
      path: path.default('./plugins'),
      config: z.record(z.string(), z.record(z.string(), z.unknown())).default({}),
    })
    .prefault({}),
  runtime: z
    .strictObject({
      workerPoolSize: count(1, 1000).default(10),
      isolation: z
        .enum(['shared', 'process'], 'expected shared (many services in a process) or process (one in each)')
        .default('shared'),
      outboundAllow: z.array(outbound).default([]),
      limits: limits.prefault({}),
      maxLimits: maxLimits.prefault({}),
    })
    .prefault({}),
})

/** What the schema makes of a file: defaults filled in, durations in milliseconds, paths as written. */
export type ConfigValues = z.output<typeof configSchema>

function isWebUri(text: string): boolean {
  if (!URL.canParse(text)) return false
  const url = new URL(text)
  return /^https?:$/.test(url.protocol) && url.pathname === '/' && !url.search && !url.hash && !url.username
}

function isAddressRange(text: string): boolean {
  const [address = '', bits, rest] = text.split('/')
  if (rest !== undefined) return false
  const isV6 = address.includes(':')
  const wellFormed = isV6
    ? URL.canParse(`http://[${address}]`)
    : /^(\d{1,3}\.){3}\d{1,3}$/.test(address) && address.split('.').every((part) => Number(part) < 256)
  return wellFormed && (bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (isV6 ? 128 : 32)))
}
