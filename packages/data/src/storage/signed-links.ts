// Links that services make: signed, so that nothing need be stored, with a key of the project alone. The runner signs,
// the agent looks at what comes back.
import { createHmac, timingSafeEqual } from 'node:crypto'

/** Where the agent answers them. */
const DOOR = '/files/signed'
/** In the place of a moment: this link does not end. */
const NEVER = '0'

export interface SignedFile {
  readonly projectId: string
  /** In the storage's spelling: names parted by `/`, none in front. */
  readonly path: string
  /** The link is for this small picture of it only (`100x100`), not for the file. */
  readonly thumb?: string | undefined
}

/** The key of one project, made of 32 secret bytes of the agent. Whoever has it signs for that project only. */
export function linkKeyOf(secret: Uint8Array, projectId: string): Buffer {
  return createHmac('sha256', secret).update(`m3m file links of ${projectId}`).digest()
}

/** The address below the panel's own. `untilMs`: Unix milliseconds, rounded up to a second; null does not end. */
export function signedFileAddress(key: Uint8Array, file: SignedFile, untilMs: number | null): string {
  const until = untilMs === null ? NEVER : Math.ceil(untilMs / 1000).toString(36)
  const names = file.path.split('/').map(encodeURIComponent).join('/')
  const thumb = file.thumb === undefined ? '' : `&thumb=${encodeURIComponent(file.thumb)}`
  return `${DOOR}/${file.projectId}/${names}?link=${until}.${mac(key, file, until).toString('base64url')}${thumb}`
}

/** `valid`, `ended`, or `unknown` for what was not signed with this key for this file. */
export function readFileLink(
  key: Uint8Array,
  file: SignedFile,
  link: string,
  nowMs: number,
): 'valid' | 'ended' | 'unknown' {
  const [until = '', given = ''] = link.split('.', 2)
  const right = mac(key, file, until)
  const signature = Buffer.from(given, 'base64url')
  if (signature.length !== right.length || !timingSafeEqual(signature, right)) return 'unknown'
  return until === NEVER || Number.parseInt(until, 36) * 1000 > nowMs ? 'valid' : 'ended'
}

function mac(key: Uint8Array, { projectId, path, thumb }: SignedFile, until: string): Buffer {
  // In front, where no path can stand for it.
  const first = thumb === undefined ? '' : `thumb ${thumb}\n`
  return createHmac('sha256', key).update(`${first}${projectId}\n${until}\n${path}`).digest()
}
