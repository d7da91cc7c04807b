/** Files of the form `.env`: read by line, written without secrets. Pure. */
import type { VariableRow } from './variable-rows.ts'

export interface DotEnvEntry {
  key: string
  value: string
}

export interface DotEnvProblem {
  /** From 1. */
  line: number
  kind: 'form' | 'key' | 'quote' | 'twice'
}

const KEY = /^[A-Za-z_][A-Za-z0-9_]{0,99}$/
/** What the agent takes. */
const MAX_ENTRIES = 500

/**
 * Reads `KEY=value`, `export KEY=value`, comments, and values in quotes, which may go over several lines; `\n`, `\"`
 * and `\\` mean something in double quotes only. One bad line is enough for nothing to be taken.
 */
export function parseDotEnv(text: string): { entries: DotEnvEntry[]; problems: DotEnvProblem[] } {
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/)
  const entries = new Map<string, string>()
  const problems: DotEnvProblem[] = []
  for (let at = 0; at < lines.length; at++) {
    const line = at + 1
    const trimmed = lines[at]!.trim()
    if (trimmed === '' || trimmed.startsWith('#')) continue
    const [, key, rest] = /^(?:export\s+)?([^=\s]+)\s*=\s*(.*)$/.exec(trimmed) ?? []
    if (key === undefined || rest === undefined) problems.push({ line, kind: 'form' })
    else if (!KEY.test(key)) problems.push({ line, kind: 'key' })
    else if (entries.has(key)) problems.push({ line, kind: 'twice' })
    else {
      const quote = rest[0] === '"' || rest[0] === "'" ? rest[0] : null
      const quoted = quote ? readQuoted(lines, at, quote) : null
      if (quote && !quoted) problems.push({ line, kind: 'quote' })
      else if (quoted) {
        entries.set(key, quoted.value)
        at = quoted.last
      } else entries.set(key, rest.replace(/\s+#.*$/, ''))
    }
    if (entries.size > MAX_ENTRIES || problems.length > 50) break
  }
  return { entries: [...entries].map(([key, value]) => ({ key, value })), problems }
}

/** The value from its opening quote to the closing one, and the line that is on; `null` when it is not closed. */
function readQuoted(lines: readonly string[], from: number, quote: string) {
  const head = lines[from]!
  let text = head.slice(head.indexOf(quote, head.indexOf('=')) + 1)
  for (let at = from; ; text += `\n${lines[at]!}`) {
    const end = endOf(text, quote)
    if (end >= 0) {
      const rest = text.slice(end + 1).trim()
      if (rest !== '' && !rest.startsWith('#')) return null
      const value = text.slice(0, end)
      return { value: quote === '"' ? unescaped(value) : value, last: at }
    }
    if (++at >= lines.length) return null
  }
}

function endOf(text: string, quote: string): number {
  for (let at = 0; at < text.length; at++) {
    if (quote === '"' && text[at] === '\\') at++
    else if (text[at] === quote) return at
  }
  return -1
}

const unescaped = (text: string) =>
  text.replace(/\\([nrt"\\$])/g, (_whole, mark: string) => ({ n: '\n', r: '\r', t: '\t' })[mark] ?? mark)

/** Secrets are named and left out: their values never leave the agent. */
export function writeDotEnv(rows: readonly VariableRow[]): string {
  const lines = rows.map(({ key, type, text }) => {
    if (type === 'secret') return `# ${key} is a secret and was left out.`
    const value = type === 'json' ? JSON.stringify(JSON.parse(text)) : text
    if (/^[A-Za-z0-9_.:/@%+,-]*$/.test(value)) return `${key}=${value}`
    const escaped = value
      .replace(/[\\"$]/g, '\\$&')
      .replaceAll('\n', '\\n')
      .replaceAll('\r', '\\r')
    return `${key}="${escaped}"`
  })
  return `${lines.join('\n')}\n`
}

export interface ImportPlan {
  rows: VariableRow[]
  added: string[]
  changed: string[]
  unchanged: number
}

/** What the table becomes: known keys keep their type and place, new ones come after. */
export function planImport(
  rows: readonly VariableRow[],
  entries: readonly DotEnvEntry[],
  firstId: number,
): ImportPlan {
  const given = new Map(entries.map(({ key, value }) => [key, value]))
  const plan: ImportPlan = { rows: [], added: [], changed: [], unchanged: 0 }
  for (const row of rows) {
    const value = given.get(row.key)
    given.delete(row.key)
    if (value === undefined) plan.rows.push(row)
    else if (value === row.text && row.type !== 'secret') {
      plan.unchanged++
      plan.rows.push(row)
    } else {
      plan.changed.push(row.key)
      const type = row.type === 'string' && value.includes('\n') ? 'text' : row.type
      plan.rows.push({ ...row, type, text: value })
    }
  }
  let id = firstId
  for (const [key, text] of given) {
    plan.added.push(key)
    plan.rows.push({ id: id++, key, type: text.includes('\n') ? 'text' : 'string', text, isSet: false })
  }
  return plan
}
