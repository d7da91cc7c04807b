import { ChevronRightIcon } from 'lucide-react'
import { memo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { cn } from '@/ui/cn.ts'
import { partsOf, type LogLevelName, type LogLine } from '@/ui/log/log-buffer.ts'
import type { SourcePlace } from '@/ui/log/log-view.tsx'

export const LEVEL_CLASSES: Record<LogLevelName, string> = {
  debug: 'text-muted-foreground',
  info: 'text-moving',
  warn: 'text-limited',
  error: 'text-crashed',
}

interface LogRowProps {
  line: LogLine
  wrap: boolean
  search: string
  isCurrent: boolean
  onOpenPlace: ((place: SourcePlace) => void) | undefined
}

/** Time, level, message. A stack is folded below its first line. */
export const LogRow = memo(function LogRow({ line, wrap, search, isCurrent, onOpenPlace }: LogRowProps) {
  const { t } = useTranslation()
  const [isOpen, setOpen] = useState(line.level === 'error')
  const [head = '', ...rest] = line.text.split('\n')
  const Text = ({ text }: { text: string }) =>
    partsOf(text, search).map((part, index) =>
      part.position && onOpenPlace ? (
        <PlaceLink key={index} text={part.text} onOpen={() => onOpenPlace(part.position!)} />
      ) : part.isMatch ? (
        <mark key={index} className="rounded-xs bg-debug/30 text-inherit">
          {part.text}
        </mark>
      ) : (
        part.text
      ),
    )
  return (
    <div
      className={cn(
        'flex items-start gap-2 px-3 hover:bg-accent/60',
        line.level === 'error' && 'bg-crashed/6',
        isCurrent && 'bg-accent outline outline-border',
      )}
    >
      <time
        dateTime={line.at}
        title={line.at}
        className="shrink-0 text-muted-foreground/90 tabular select-none max-sm:hidden"
      >
        {timeOf(line.at)}
      </time>
      <span className={cn('w-10 shrink-0 uppercase', LEVEL_CLASSES[line.level])}>{line.level}</span>
      {rest.length > 0 ? (
        <button
          type="button"
          aria-expanded={isOpen}
          aria-label={t('log.fold', { count: rest.length })}
          onClick={() => setOpen(!isOpen)}
          className="mt-0.5 -ml-1 shrink-0 rounded-xs text-muted-foreground hover:text-foreground"
        >
          <ChevronRightIcon className={cn('size-3.5 transition-transform', isOpen && 'rotate-90')} />
        </button>
      ) : null}
      <span className={cn('min-w-0', wrap ? 'break-words whitespace-pre-wrap' : 'whitespace-pre')}>
        <Text text={head} />
        {isOpen ? (
          rest.map((text, index) => (
            <span key={index} className="block text-muted-foreground">
              <Text text={text} />
            </span>
          ))
        ) : rest.length > 0 ? (
          <span className="text-muted-foreground"> … +{rest.length}</span>
        ) : null}
      </span>
    </div>
  )
})

/** No button: that would be a box of its own and break the line before it. */
function PlaceLink({ text, onOpen }: { text: string; onOpen: () => void }) {
  return (
    <span
      role="link"
      tabIndex={0}
      onClick={onOpen}
      onKeyDown={(event) => event.key === 'Enter' && onOpen()}
      className="cursor-pointer rounded-xs underline decoration-dotted underline-offset-2 hover:text-moving hover:decoration-solid"
    >
      {text}
    </span>
  )
}

/** `14:03:07.123` in the person's time zone. */
function timeOf(iso: string): string {
  const date = new Date(iso)
  const two = (value: number) => String(value).padStart(2, '0')
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}.${String(date.getMilliseconds()).padStart(3, '0')}`
}
