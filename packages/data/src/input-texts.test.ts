import { expect, it } from 'vitest'
import { z } from 'zod'
import './input-texts.ts'

it.each<[z.ZodType, unknown, string | RegExp]>([
  [z.object({ a: z.string() }), {}, 'Is missing'],
  [z.string(), 5, 'Must be a text'],
  [z.int(), 1.5, 'Must be an integer'],
  [z.boolean(), 'yes', 'Must be true or false'],
  [z.array(z.string()), {}, 'Must be a list'],
  [z.map(z.string(), z.string()), {}, 'Must be map'],
  [z.string().max(3), 'abcd', 'Must have at most 3 characters'],
  [z.string().max(1), 'abcd', 'Must have at most 1 character'],
  [z.string().min(1), '', 'Must not be empty'],
  [z.string().min(2), '', 'Must have at least 2 characters'],
  [z.array(z.string()).min(1), [], 'Must not be empty'],
  [z.array(z.string()).max(1), ['a', 'b'], 'Must have at most 1 entry'],
  [z.number().max(3), 4, 'Must be at most 3'],
  [z.number().gt(3), 3, 'Must be above 3'],
  [z.number().lt(3), 3, 'Must be below 3'],
  [z.number().multipleOf(5), 3, 'Must be a multiple of 5'],
  [z.date().min(new Date(0)), new Date(-1), 'Must be at least 1970-01-01T00:00:00.000Z'],
  [z.enum(['a', 'b']), 'c', 'Must be one of "a", "b"'],
  [z.literal(5), 6, 'Must be 5'],
  [z.literal(Array.from({ length: 22 }, (_, n) => n)), 'c', /, 19 and 2 more$/],
  [z.email(), 'x', 'Must be a mail address'],
  [z.string().regex(/^a/), 'x', /^Invalid string/],
  [z.strictObject({}), { b: 1, c: 2 }, 'Must not have "b", "c"'],
  [z.string().max(3, 'Three are enough'), 'abcd', 'Three are enough'],
])('says what is wrong with an input: %#', (schema, input, text) => {
  expect(schema.safeParse(input).error!.issues[0]!.message).toMatch(text)
})
