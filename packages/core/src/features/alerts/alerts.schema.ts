import type { FieldError } from '@m3m/base'
import { z } from 'zod'
import type { IsoDate } from '../../ids.schema.ts'
import { idSchema } from '../../ids.schema.ts'

/**
 * What is watched. `threshold` is: restarts in an hour · percent of requests of the last 10 minutes · percent of the
 * memory limit · what a daily goal counted yesterday, at least · percent of the disk that is free, at least.
 * `crashed` has none. `disk` belongs to the agent, `goal` to a project.
 */
export const ALERT_KINDS = ['crashed', 'restarts', 'errors', 'memory', 'goal', 'disk'] as const
export type AlertKind = (typeof ALERT_KINDS)[number]

/** Least and most of `threshold`; null where a kind has none. */
export const ALERT_BOUNDS: Readonly<Record<AlertKind, { min: number; max: number; preset: number } | null>> =
  {
    crashed: null,
    restarts: { min: 1, max: 100, preset: 3 },
    errors: { min: 1, max: 100, preset: 5 },
    memory: { min: 10, max: 100, preset: 90 },
    goal: { min: 1, max: 1_000_000_000, preset: 1 },
    disk: { min: 1, max: 50, preset: 10 },
  }

/** Requests that the last 10 minutes must have had before their errors are a share of anything. */
export const LEAST_REQUESTS = 20
export const MAX_ALERT_RULES = 100

const address = z
  .string()
  .trim()
  .regex(/^[^\s@,;<>]+@[^\s@,;<>]+$/, 'Type an address such as name@example.com.')
  .max(320)
/** A credential: `undefined` keeps what is stored. */
const credential = z.string().max(300).regex(/^\S*$/, 'It has no spaces.').optional()

export const alertChannelsSchema = z.strictObject({
  emails: z.array(address).max(20).default([]),
  webhook: z
    .strictObject({
      url: z
        .url({ protocol: /^https?$/, message: 'Type an address that begins with https:// or http://.' })
        .max(2_000),
      /** Signs the body: `x-m3m-signature: sha256=<hex>`. */
      secret: credential,
    })
    .nullable()
    .default(null),
  telegram: z
    .strictObject({
      botToken: credential,
      chatId: z
        .string()
        .trim()
        .regex(/^(?:-?\d{1,20}|@\w{5,32})$/, 'Type a number, or @name of a channel.'),
    })
    .nullable()
    .default(null),
})

const ruleFields = {
  kind: z.enum(ALERT_KINDS),
  threshold: z.number().min(1).max(1_000_000_000).nullable().default(null),
  /** Of the goal, as in code; with `kind: 'goal'` only. */
  goal: z.string().max(120).nullable().default(null),
  enabled: z.boolean().default(true),
  channels: alertChannelsSchema.prefault({}),
}

/** Without `projectId`: rules of the agent, which hold for every project. */
const owner = { projectId: idSchema.optional() }
export const alertOwnerInput = z.strictObject(owner)
export const saveAlertRuleInput = z.strictObject({ ...owner, id: idSchema.optional(), ...ruleFields })
export const alertRuleInput = z.strictObject({ ...owner, id: idSchema })
export const listAlertsInput = z.strictObject({
  ...owner,
  limit: z.number().int().min(1).max(200).default(50),
  before: idSchema.optional(),
})

export interface AlertRuleView {
  id: string
  projectId: string | null
  kind: AlertKind
  threshold: number | null
  goal: string | null
  enabled: boolean
  channels: {
    emails: string[]
    webhook: { url: string; hasSecret: boolean } | null
    telegram: { chatId: string; hasToken: boolean } | null
  }
}

/** One delivery of one message. */
export interface AlertDelivery {
  channel: 'email' | 'webhook' | 'telegram'
  /** What went wrong; null when it was taken. */
  error: string | null
  /** The same as a code with its values, for another language; absent where a mail server or a website said it. */
  because?: FieldError
}

/** Something that was, or is, wrong. */
export interface AlertView {
  id: string
  kind: AlertKind
  /** Of the project it is about; null for the agent itself. */
  projectId: string | null
  /** As measured when it began: restarts, percent, count; null with `crashed`. */
  value: number | null
  threshold: number | null
  goal: string | null
  /** With `crashed`: why. */
  reason: string | null
  /** The same as a code with its values, for another language. */
  because: FieldError | null
  since: IsoDate
  /** Null while it lasts. */
  endedAt: IsoDate | null
  deliveries: AlertDelivery[]
}

export interface AlertTest {
  deliveries: AlertDelivery[]
}
