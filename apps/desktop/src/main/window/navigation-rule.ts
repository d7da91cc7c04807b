import { isPlainHttpOffMachine } from '../agents/agent-probe.ts'
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

/**
 * A new window is never opened; a link that asks for one goes to the system's browser when it is https, or plain
 * http to this very computer: the address of a service on a local agent, where there is nothing to listen to.
 */
export function windowOpenRule(target: string): 'browser' | 'refuse' {
  if (navigationRule(target) === 'browser') return 'browser'
  if (!URL.canParse(target)) return 'refuse'
  const { protocol, username, password } = new URL(target)
  const isLocal = protocol === 'http:' && !isPlainHttpOffMachine(target) && !username && !password
  return isLocal ? 'browser' : 'refuse'
}
