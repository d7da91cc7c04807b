import type { Connection } from './connection.ts'
import { createBrowserConnection } from './browser.ts'

/** Where this page has landed: at an agent, or (desktop only) before any agent is chosen. */
export type Landing = { kind: 'agent'; connection: Connection } | { kind: 'choose' }

/** Finds out once, before anything is drawn, what this page speaks to. */
export async function openConnection(): Promise<Landing> {
  const port = window.m3m
  if (!port) return { kind: 'agent', connection: createBrowserConnection() }
  const { answerOf, createDesktopConnection } = await import('./desktop.ts')
  const context = await answerOf(port.context())
  if (!context.agent) return { kind: 'choose' }
  return { kind: 'agent', connection: createDesktopConnection(port, context.agent) }
}
