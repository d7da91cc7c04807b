import { z } from 'zod'

/**
 * Any object, given on as it came. Not `z.record`: that leaves out a key `__proto__`, so that a filter of nothing
 * else would silently become a filter of nothing; who reads the keys refuses it by name.
 */
export const anyObjectSchema = z.custom<Record<string, unknown>>(
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  'an object is expected',
)
