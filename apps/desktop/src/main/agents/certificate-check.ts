import { X509Certificate } from 'node:crypto'

/** What Chromium tells of a certificate it was shown. It names no port. */
export interface ShownCertificate {
  hostname: string
  /** PEM. */
  pem: string
}

/**
 * Answers of `setCertificateVerifyProc` (Electron, session API): 0 accepts although nobody vouches for it,
 * -2 refuses although somebody does, -3 leaves it to Chromium's own check.
 */
export const CERTIFICATE_VERDICT = { accept: 0, refuse: -2, default: -3 } as const

/**
 * The trust rule of one agent's session: a pinned agent must show exactly the pinned certificate, whoever
 * signed it; one without a pin is checked by Chromium as any website is.
 */
export function checkCertificate(
  shown: ShownCertificate,
  agent: { url: string; fingerprint: string | null },
): keyof typeof CERTIFICATE_VERDICT {
  const isAgent = shown.hostname === new URL(agent.url).hostname.replace(/^\[|\]$/g, '')
  if (agent.fingerprint === null || !isAgent) return 'default'
  return fingerprintOf(shown.pem) === agent.fingerprint ? 'accept' : 'refuse'
}

/** SHA-256 of the DER form as 64 lower-case hex digits. */
export function fingerprintOf(certificate: string | Uint8Array): string {
  return plainFingerprint(new X509Certificate(certificate).fingerprint256)
}

/** `AB:CD:…` (as Node and openssl print it) as lower-case hex digits. */
export function plainFingerprint(text: string): string {
  return text.replaceAll(':', '').toLowerCase()
}
