import { partsOf, type LogLine } from '../../ui/log/log-buffer.ts'
import type { EditorMark } from './editor-mark.ts'

/** So many of the last lines are looked at: marks are for what is wrong now. */
const LAST_LINES = 300

/** Places in the source that the log's errors name first, each once, with its latest message. */
export function marksOfLog(lines: readonly LogLine[]): EditorMark[] {
  const marks = new Map<string, EditorMark>()
  for (const line of lines.slice(-LAST_LINES)) {
    if (line.level !== 'error') continue
    const position = partsOf(line.text).find((part) => part.position)?.position
    if (!position) continue
    const message = line.text.split('\n')[0]!
    marks.set(`${position.file}:${position.line}`, { ...position, severity: 'error', message, source: 'run' })
  }
  return [...marks.values()]
}
