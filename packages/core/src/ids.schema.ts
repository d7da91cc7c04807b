import { z } from 'zod'

/** Every id on the wire: 24 lower-case hex digits. */
export const idSchema = z.string().regex(/^[0-9a-f]{24}$/, 'An id is 24 hex digits.')

/** What every procedure of a project takes; the authorisation layer reads it before the procedure does. */
export const projectInput = z.object({ projectId: idSchema })

/** For procedures that take nothing: `{}` or no input at all. */
export const noInput = z.object({}).optional()

/** ISO 8601, UTC, milliseconds. Dates cross the wire in this form only. */
export type IsoDate = string
