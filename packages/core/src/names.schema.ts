import { isHonestText } from '@m3m/base'
import { z } from 'zod'

/** A name that people see in lists, mails and logs: nothing in it makes it look like another. */
export const shownNameSchema = z
  .string()
  .trim()
  .min(1, 'Type a name.')
  .refine(isHonestText, 'A name has no control characters, and none that turn the direction of text.')
