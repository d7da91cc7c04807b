import type { AuditEntry } from './audit.schema.ts'

export const CSV_HEAD = [
  'at',
  'actor',
  'actorId',
  'address',
  'action',
  'projectId',
  'target',
  'before',
  'after',
]

export function cellsOf(entry: AuditEntry): string[] {
  const json = (value: object | null) => (value === null ? '' : JSON.stringify(value))
  const { actor } = entry
  return [
    entry.at,
    actor ? `${actor.apiKey ? 'API key ' : ''}${actor.name}` : 'agent',
    actor?.id ?? '',
    entry.address ?? '',
    entry.action,
    entry.projectId ?? '',
    entry.target ?? '',
    json(entry.before),
    json(entry.after),
  ]
}

/** RFC 4180. A cell that a spreadsheet would take for a formula is told to be text by an apostrophe (OWASP, CSV injection). */
export function csvLine(cells: readonly string[]): string {
  return `${cells.map((cell) => `"${cell.replace(/^[=+\-@\t\r]/, "'$&").replaceAll('"', '""')}"`).join(',')}\r\n`
}
