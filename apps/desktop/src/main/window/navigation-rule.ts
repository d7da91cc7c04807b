import { APP_ORIGIN } from '../protocol/app-files.ts'

/**
 * What happens when a page of the app wants to go somewhere. It never leaves the app: https links open in
 * the system's browser, everything else (other schemes start programs) is refused.
 */
export function navigationRule(target: string): 'stay' | 'browser' | 'refuse' {
  if (!URL.canParse(target)) return 'refuse'
  const url = new URL(target)
  if (`${url.protocol}//${url.host}` === APP_ORIGIN) return 'stay'
  return url.protocol === 'https:' && !url.username && !url.password ? 'browser' : 'refuse'
}

/** A new window is never opened; a link that asks for one goes where navigation would, except into the app. */
export function windowOpenRule(target: string): 'browser' | 'refuse' {
  return navigationRule(target) === 'browser' ? 'browser' : 'refuse'
}
