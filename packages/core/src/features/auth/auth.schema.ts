import { z } from 'zod'
import type { IsoDate } from '../../ids.schema.ts'
import { idSchema } from '../../ids.schema.ts'
import { emailSchema, passwordSchema, type Me } from '../users/users.schema.ts'

/** Who keeps the refresh token: a browser as an HttpOnly cookie, the desktop app in the keychain. */
export const clientKindSchema = z.enum(['browser', 'desktop'])
export type ClientKind = z.infer<typeof clientKindSchema>

export const loginInput = z.object({
  email: z.string().trim().toLowerCase().min(1, 'Type your e-mail address.').max(254),
  password: z.string().min(1, 'Type your password.').max(256),
  client: clientKindSchema.default('browser'),
})

/** `token`: the secret of the link that the agent prints while it has no operator. */
export const setUpInput = z.object({
  token: z.string().min(1, 'The secret of the link is missing.').max(200),
  email: emailSchema,
  password: passwordSchema,
})

export const refreshInput = z.object({ refreshToken: z.string().max(200) })
export const logoutInput = z.object({ refreshToken: z.string().max(200).optional() }).optional()
export const revokeSessionInput = z.object({ sessionId: idSchema })

/** The answer to a login. `refreshToken` is there for `client: 'desktop'` only. */
export interface SignIn {
  accessToken: string
  /** When the access token ends, at most 15 minutes ahead. */
  expiresAt: IsoDate
  user: Me
  refreshToken?: string
}

/** The answer to a refresh. The old refresh token is dead; using it again ends the sign-in. */
export interface Renewal {
  accessToken: string
  expiresAt: IsoDate
  refreshToken?: string
}

/** One sign-in, from login to logout. */
export interface SessionView {
  id: string
  client: ClientKind
  userAgent: string
  address: string
  createdAt: IsoDate
  lastSeenAt: IsoDate
  expiresAt: IsoDate
  /** The session that asks. */
  current: boolean
}
