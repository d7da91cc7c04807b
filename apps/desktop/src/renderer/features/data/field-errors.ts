import { describeError } from '@/app/errors/describe-error.ts'

/** `fields.2.key` of an error, by the field's place. */
export function errorsByField(error: unknown): Record<number, string> {
  const found: Record<number, string> = {}
  if (!error) return found
  for (const [path, { message }] of Object.entries(describeError(error).fields ?? {})) {
    const place = /^fields\.(\d+)/.exec(path)?.[1]
    if (place !== undefined) found[Number(place)] ??= message
  }
  return found
}
