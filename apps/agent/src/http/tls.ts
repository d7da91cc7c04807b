import { X509Certificate, createPrivateKey } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { hostname, networkInterfaces } from 'node:os'
import { join } from 'node:path'
import { messageOf } from '@m3m/base'
import { httpErrors } from './http.errors.ts'

/** A certificate with its key, PEM, and the fingerprint the desktop app pins (SHA-256, colon-separated hex). */
export interface TlsMaterial {
  cert: string
  key: string
  fingerprint: string
}

type TlsSetting = 'off' | 'auto' | { cert: string; key: string }

const AUTO_YEARS = 10
/** A certificate that ends within this time is made anew. */
const RENEW_BEFORE_MS = 30 * 86_400_000

/**
 * What `server.tls` asks for; `null` for plain http. `auto` makes a P-256 certificate at first use and keeps
 * it in `folder` (both files 0600).
 *
 * @throws TLS_UNUSABLE for a file that is missing, no PEM, expired, or a key of another certificate
 */
export async function tlsMaterial(setting: TlsSetting, folder: string): Promise<TlsMaterial | null> {
  if (setting === 'off') return null
  if (setting !== 'auto') return read(setting)
  const files = { cert: join(folder, 'tls-cert.pem'), key: join(folder, 'tls-key.pem') }
  if (!existsSync(files.cert) || !existsSync(files.key) || endsSoon(read(files).cert)) await makeFiles(files)
  return read(files)
}

function read(files: { cert: string; key: string }): TlsMaterial {
  const cert = readPem(files.cert)
  const key = readPem(files.key)
  const parsed = attempt(files.cert, () => new X509Certificate(cert))
  const privateKey = attempt(files.key, () => createPrivateKey(key))
  if (!parsed.checkPrivateKey(privateKey))
    throw httpErrors.TLS_UNUSABLE({ file: files.key, reason: `it is not the key of ${files.cert}` })
  if (new Date(parsed.validTo).getTime() < Date.now())
    throw httpErrors.TLS_UNUSABLE({ file: files.cert, reason: `it ended on ${parsed.validTo}` })
  return { cert, key, fingerprint: parsed.fingerprint256 }
}

const readPem = (file: string): string => attempt(file, () => readFileSync(file, 'utf8'))

function attempt<T>(file: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    throw httpErrors.TLS_UNUSABLE({ file, reason: messageOf(error) }, { cause: error })
  }
}

function endsSoon(cert: string): boolean {
  return new Date(new X509Certificate(cert).validTo).getTime() - Date.now() < RENEW_BEFORE_MS
}

async function makeFiles(files: { cert: string; key: string }): Promise<void> {
  const { generate } = await import('selfsigned')
  const now = new Date()
  const made = await generate([{ name: 'commonName', value: 'm3m-agent' }], {
    keyType: 'ec',
    curve: 'P-256',
    algorithm: 'sha256',
    notBeforeDate: now,
    notAfterDate: new Date(now.getTime() + AUTO_YEARS * 365 * 86_400_000),
    extensions: [
      { name: 'basicConstraints', cA: false, critical: true },
      { name: 'keyUsage', digitalSignature: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      { name: 'subjectAltName', altNames: ownNames() },
    ],
  })
  mkdirSync(join(files.cert, '..'), { recursive: true, mode: 0o700 })
  for (const [file, pem] of [
    [files.key, made.private],
    [files.cert, made.cert],
  ] as const) {
    writeFileSync(`${file}.new`, pem, { mode: 0o600 })
    renameSync(`${file}.new`, file)
  }
}

/** Every name and address this machine has now. */
function ownNames(): ({ type: 2; value: string } | { type: 7; ip: string })[] {
  const addresses = Object.values(networkInterfaces()).flatMap((list) => list ?? [])
  const ips = new Set(['127.0.0.1', '::1', ...addresses.map(({ address }) => address.split('%')[0]!)])
  const names = new Set(['localhost', hostname()])
  return [
    ...[...names].map((value) => ({ type: 2 as const, value })),
    ...[...ips].map((ip) => ({ type: 7 as const, ip })),
  ]
}
