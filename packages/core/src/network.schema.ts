import { z } from 'zod'

/** Ranges of addresses that an operator may open to services, by name (runtime: outbound/address.ts). */
export const OUTBOUND_RANGES = ['loopback', 'private', 'cgnat', 'multicast'] as const

/** `10.1.2.3`, `10.0.0.0/8`, `fd12::/16`: an IP address or a CIDR range (RFC 4632, RFC 4291 §2.3). */
export const addressRangeSchema = z
  .string()
  .trim()
  .max(64)
  .refine(isAddressRange, 'Type an IP address or a range such as 10.0.0.0/8.')

/** What services may reach beside the open internet. Link-local, metadata and the agent's own ports never are. */
export const outboundAllowSchema = z
  .array(
    z.union(
      [z.enum(OUTBOUND_RANGES), addressRangeSchema],
      `Type ${OUTBOUND_RANGES.join(', ')}, an IP address or a range such as 10.0.0.0/8.`,
    ),
  )
  .max(50)

/** `https://m3m.example.com`: scheme and host, and nothing after them. */
export const webOriginSchema = z
  .string()
  .trim()
  .max(300)
  .refine(isWebOrigin, 'Type an address such as https://m3m.example.com, without a path.')
  .transform((text) => new URL(text).origin)

/** A host name or IP address as one types it into a mail program. */
export const hostSchema = z
  .string()
  .trim()
  .min(1, 'Type a host name.')
  .max(253)
  .regex(/^[A-Za-z0-9_.:-]+$/, 'A host name has letters, digits, dots and dashes.')

function isAddressRange(text: string): boolean {
  const [address = '', bits, rest] = text.split('/')
  if (rest !== undefined) return false
  const isV6 = address.includes(':')
  const wellFormed = isV6
    ? z.ipv6().safeParse(address).success
    : /^(\d{1,3}\.){3}\d{1,3}$/.test(address) && address.split('.').every((part) => Number(part) < 256)
  return wellFormed && (bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (isV6 ? 128 : 32)))
}

function isWebOrigin(text: string): boolean {
  if (!URL.canParse(text)) return false
  const url = new URL(text)
  return /^https?:$/.test(url.protocol) && url.pathname === '/' && !url.search && !url.hash && !url.username
}
