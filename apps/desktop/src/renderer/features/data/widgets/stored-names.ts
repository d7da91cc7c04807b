/** Names and types of stored files. Pure. */

const MAX_NAME = 120

/** The person's name for it behind eight random digits; what no storage takes is replaced. */
export function freshName(name: string): string {
  const digits = Array.from(crypto.getRandomValues(new Uint8Array(4)), (byte) =>
    byte.toString(16).padStart(2, '0'),
  ).join('')
  // eslint-disable-next-line no-control-regex -- control characters are what is replaced
  const clean = name
    .normalize('NFC')
    .replace(/[\u0000-\u001f\u007f/\\:*?"<>|]+/g, '-')
    .replace(/^\.+|[. ]+$/g, '')
  const dot = clean.lastIndexOf('.')
  const extension = dot > 0 ? clean.slice(dot).slice(0, 12) : ''
  const stem = (dot > 0 ? clean.slice(0, dot) : clean).slice(0, MAX_NAME) || 'file'
  return `${digits}-${stem}${extension}`
}

export const nameOfPath = (path: string): string =>
  path.slice(path.lastIndexOf('/') + 1).replace(/^[0-9a-f]{8}-/, '')

/** What browsers draw; the agent says the type by content, the name is enough to try. */
export const isPicture = (path: string): boolean => /\.(?:png|jpe?g|gif|webp|avif|svg|bmp|ico)$/i.test(path)

/** Whether a MIME type is one of the allowed (`image/*` is a family); a browser that knows none is left to the agent. */
export function isAllowedType(type: string, allowed: readonly string[] | undefined): boolean {
  if (!allowed?.length || type === '') return true
  return allowed.some((one) => (one.endsWith('/*') ? type.startsWith(one.slice(0, -1)) : one === type))
}
