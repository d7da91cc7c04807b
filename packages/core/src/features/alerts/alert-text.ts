import type { Condition, Finding } from './alert-conditions.ts'

/** What a message is about, for people who are not in the panel. English: it goes to inboxes and programs. */
export interface AlertMessage {
  subject: string
  text: string
}

export function troubleMessage(
  where: string,
  { kind, threshold, goal }: Condition,
  found: Finding,
): AlertMessage {
  const { value, reason } = found
  const told: Record<Condition['kind'], string> = {
    crashed: `${where} crashed${reason ? `: ${reason.message}` : ''}`,
    restarts: `${where} was restarted ${value} times in the last hour (${threshold} or more)`,
    errors: `${where}: ${value} % of the last 10 minutes' requests failed (${threshold} % or more)`,
    memory: `${where} uses ${value} % of its memory limit (${threshold} % or more)`,
    goal: `${where}: the goal ${goal} counted ${value} yesterday (less than ${threshold})`,
    disk: `${where}: ${value} % of the disk is free (less than ${threshold} %)`,
  }
  return withSubject(told[kind])
}

export function recoveryMessage(where: string, { kind }: Condition): AlertMessage {
  const told: Record<Condition['kind'], string> = {
    crashed: `${where} is no longer crashed`,
    restarts: `${where} is no longer restarted so often`,
    errors: `${where}: errors are back below the threshold`,
    memory: `${where}: memory is back below the threshold`,
    goal: `${where}: a new day has begun for the goal`,
    disk: `${where}: the disk has room again`,
  }
  return withSubject(told[kind])
}

export function testMessage(where: string): AlertMessage {
  return withSubject(`${where}: this is a test of an alert rule`)
}

const MAX_SUBJECT = 150

function withSubject(text: string): AlertMessage {
  const line = text.replace(/\s+/g, ' ')
  return { subject: `m3m: ${line.length > MAX_SUBJECT ? `${line.slice(0, MAX_SUBJECT)}…` : line}`, text }
}
