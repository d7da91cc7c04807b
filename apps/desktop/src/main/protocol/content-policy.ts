/**
 * The Content-Security-Policy of a page of the app. A page talks to its own agent and to nobody else; code
 * comes from the app's own files only, so there is neither 'unsafe-eval' nor inline script.
 *
 * 'unsafe-inline' for styles: Monaco and Radix set style attributes while they run, and no policy by hash
 * covers those (CSP level 3, style-src-attr).
 *
 * @param agentUrl origin of the page's agent; null for the page without one
 */
export function contentPolicy(agentUrl: string | null): string {
  const agent = agentUrl === null ? '' : ` ${agentUrl}`
  const socket = agentUrl === null ? '' : ` ${agentUrl.replace(/^http/, 'ws')}`
  return [
    "default-src 'none'",
    "script-src 'self'",
    "worker-src 'self' blob:",
    "style-src 'self' 'unsafe-inline'",
    "font-src 'self' data:",
    `img-src 'self' data: blob:${agent}`,
    `media-src 'self' blob:${agent}`,
    `connect-src 'self'${agent}${socket}`,
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "object-src 'none'",
  ].join('; ')
}
