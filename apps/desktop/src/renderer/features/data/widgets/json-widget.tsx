import { BracesIcon, CircleAlertIcon, CircleCheckIcon } from 'lucide-react'
import { useState, type KeyboardEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/ui/button.tsx'
import { cn } from '@/ui/cn.ts'
import { Textarea } from '@/ui/input.tsx'
import { formatJson, jsonProblem, jsonSize } from './json-text.ts'
import { useEmptyHint } from './text-widgets.tsx'
import { ariaOf, type WidgetProps } from './widget-props.ts'

/** JSON as text, with a mark that says whether it is some. While it is none, the value is the text. */
export function JsonEditor(props: WidgetProps) {
  const { t } = useTranslation()
  const { value, onChange, isReadOnly } = props
  const hint = useEmptyHint(value)
  // The person's own spacing stays while the text means the value.
  const [typed, setTyped] = useState(() => textFor(value))
  const text = meansSame(typed, value) ? typed : textFor(value)
  const problem = text.trim() === '' ? null : jsonProblem(text)
  const set = (next: string) => {
    setTyped(next)
    onChange(valueFor(next))
  }
  return (
    <div className="grid gap-1">
      <Textarea
        {...ariaOf(props)}
        value={text}
        readOnly={isReadOnly}
        placeholder={hint || '{ }'}
        spellCheck={false}
        rows={Math.min(16, Math.max(4, text.split('\n').length + 1))}
        className={cn('field-sizing-content max-h-96 font-mono text-xs', problem && 'border-destructive')}
        onChange={(event) => set(event.target.value)}
        onKeyDown={(event) => indent(event, set)}
      />
      <div className="flex min-h-6 items-center gap-2 text-xs empty:hidden">
        {text.trim() === '' ? null : problem ? (
          <span role="status" className="flex min-w-0 items-center gap-1 text-destructive">
            <CircleAlertIcon className="size-3.5 shrink-0" />
            <span className="truncate">
              {t(problem.kind === 'object' ? 'record.jsonObject' : 'data.notJson')} ·{' '}
              {t('record.place', problem.place)}
            </span>
          </span>
        ) : (
          <span role="status" className="flex items-center gap-1 text-muted-foreground">
            <CircleCheckIcon className="size-3.5 text-running" />{' '}
            {t('record.jsonValid', { count: jsonSize(value) })}
          </span>
        )}
        {isReadOnly || problem || text.trim() === '' ? null : (
          <Button
            variant="ghost"
            size="sm"
            className="ml-auto h-6"
            onClick={() => set(formatJson(JSON.parse(text)))}
          >
            <BracesIcon className="size-3.5" /> {t('record.format')}
          </Button>
        )}
      </div>
    </div>
  )
}

const textFor = (value: unknown): string =>
  value === null || value === undefined ? '' : typeof value === 'string' ? value : formatJson(value)

function valueFor(text: string): unknown {
  if (text.trim() === '') return null
  return jsonProblem(text) ? text : (JSON.parse(text) as unknown)
}

const meansSame = (text: string, value: unknown): boolean =>
  JSON.stringify(valueFor(text) ?? null) === JSON.stringify(value ?? null)

/** Enter keeps the indentation of the line; with a bracket before it, two more. */
function indent(event: KeyboardEvent<HTMLTextAreaElement>, set: (text: string) => void): void {
  if (event.key !== 'Enter' || event.ctrlKey || event.metaKey || event.currentTarget.readOnly) return
  const area = event.currentTarget
  const before = area.value.slice(0, area.selectionStart)
  const lead = /(?:^|\n)([ \t]*)[^\n]*$/.exec(before)?.[1] ?? ''
  const more = /[{[]\s*$/.test(before) ? '  ' : ''
  if (lead + more === '') return
  event.preventDefault()
  // Keeps the browser's own undo, which a new value would forget.
  if (!document.execCommand('insertText', false, `\n${lead}${more}`))
    set(`${before}\n${lead}${more}${area.value.slice(area.selectionEnd)}`)
}
