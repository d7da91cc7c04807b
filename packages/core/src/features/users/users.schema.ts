import { z } from 'zod'
import type { IsoDate } from '../../ids.schema.ts'
import { idSchema } from '../../ids.schema.ts'
import { shownNameSchema } from '../../names.schema.ts'
import type { Rights } from '../access/access.schema.ts'
import { rightsSchema } from '../access/access.schema.ts'

/** Kept in lower case: one person, one account, however the address was typed. */
export const emailSchema = z
  .string()
  .trim()
  .toLowerCase()
  .max(254)
  .regex(/^[^\s@]+@[^\s@]+$/, 'An e-mail address looks like name@example.com.')

/** 8 characters (NIST SP 800-63B, 5.1.1.2) to 256, so that a hash cannot be made to take long. */
export const passwordSchema = z
  .string()
  .min(8, 'A password has at least 8 characters.')
  .max(256, 'A password has at most 256 characters.')

export const personNameSchema = shownNameSchema.max(100)

export const LANGUAGES = ['en', 'ru'] as const
export const THEMES = ['light', 'dark', 'system'] as const
export type Language = (typeof LANGUAGES)[number]
export type Theme = (typeof THEMES)[number]

export const createUserInput = z.object({
  email: emailSchema,
  name: personNameSchema,
  password: passwordSchema,
  rights: rightsSchema.default({}),
})

export const userInput = z.object({ userId: idSchema })

export const updateUserInput = z.object({
  userId: idSchema,
  email: emailSchema.optional(),
  name: personNameSchema.optional(),
  /** Replaces all rights; what is left out is taken away. */
  rights: rightsSchema.optional(),
})

export const removeUserInput = z.object({
  userId: idSchema,
  /** Becomes owner of the projects that would be left without one. */
  handOverTo: idSchema.optional(),
})

export const resetPasswordInput = z.object({ userId: idSchema, password: passwordSchema })

export const updateProfileInput = z.object({
  name: personNameSchema.optional(),
  language: z.enum(LANGUAGES).nullable().optional(),
  theme: z.enum(THEMES).optional(),
})

export const changePasswordInput = z.object({ current: z.string().max(256), next: passwordSchema })

/** An operator as others see one. */
export interface UserView {
  id: string
  email: string
  name: string
  root: boolean
  blocked: boolean
  /** Only the projects that the one who asks may know of. */
  rights: Rights
  /** Changes when the picture changes; `null` without one. */
  avatarVersion: string | null
  createdAt: IsoDate
  lastSeenAt: IsoDate | null
  /** Whether the one who asks may edit, block and remove this operator. */
  manageable: boolean
}

/** The operator who is signed in. */
export interface Me {
  id: string
  email: string
  name: string
  root: boolean
  rights: Rights
  avatarVersion: string | null
  /** `null`: as the browser says. */
  language: Language | null
  theme: Theme
  createdAt: IsoDate
}
