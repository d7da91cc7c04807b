import { useEffect, useState } from 'react'
import type { AgentEntry } from '../../../shared/desktop-port.ts'
import { toastError } from '../errors/toast-error.ts'
import { answerOf } from './desktop.ts'

/** Desktop only: the agents this app knows, in the person's order; null until they are read. */
export function useAgents(): AgentEntry[] | null {
  const [agents, setAgents] = useState<AgentEntry[] | null>(null)
  useEffect(() => {
    const port = window.m3m
    if (!port) return
    answerOf(port.agents.list()).then(setAgents, toastError)
    return port.on('agents', setAgents)
  }, [])
  return agents
}
