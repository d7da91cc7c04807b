import { z } from 'zod'
import type { IsoDate } from '../../ids.schema.ts'
import { idSchema } from '../../ids.schema.ts'
import { shownNameSchema } from '../../names.schema.ts'

/** What a program with a key may do; the key itself is bound to its project. */
export const API_KEY_SCOPES = [
  'records:read',
  'records:write',
  'goals:write',
  'runs:read',
  'runs:control',
  'mcp',
] as const
export type ApiKeyScope = (typeof API_KEY_SCOPES)[number]

export const createApiKeyInput = z.object({
  projectId: idSchema,
  name: shownNameSchema.max(80),
  scopes: z
    .array(z.enum(API_KEY_SCOPES))
    .min(1, 'Choose at least one scope.')
    .transform((scopes) => [...new Set(scopes)]),
  /** Models that `records:read` and `records:write` mean, by id or slug. Absent or `null`: all. */
  models: z
    .array(z.string().min(1).max(64))
    .min(1, 'Choose at least one model.')
    .max(200)
    .nullable()
    .optional(),
  /** Absent or `null`: never ends. */
  expiresAt: z.iso.datetime().nullable().optional(),
})

export const apiKeyInput = z.object({ projectId: idSchema, keyId: idSchema })

export interface ApiKeyView {
  id: string
  name: string
  /** The first characters of the key, to tell keys apart: the rest is never shown again. */
  hint: string
  scopes: ApiKeyScope[]
  /** `null`: all. */
  models: string[] | null
  createdAt: IsoDate
  createdBy: { id: string; name: string } | null
  expiresAt: IsoDate | null
  lastUsedAt: IsoDate | null
}

/** Only here, once, the whole key (`m3m_…`) is shown. */
export interface NewApiKey {
  key: ApiKeyView
  token: string
}
