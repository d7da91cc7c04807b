import { CalendarIcon } from 'lucide-react'
import { useState, type KeyboardEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { cn } from '@/ui/cn.ts'
import { Input } from '@/ui/input.tsx'
import { Popover, PopoverContent, PopoverTrigger } from '@/ui/popover.tsx'
import { useStoredState } from '@/ui/use-stored-state.ts'
import { Calendar } from './calendar.tsx'
import { addDays, type Day, dayOf, dayText, parseDay, parseTime, timeText, type Zone } from './date-text.ts'
import { useEmptyHint } from './text-widgets.tsx'
import { ariaOf, type WidgetProps } from './widget-props.ts'

/** A day: typed first (`2026-01-31`, `31.01.2026`, `today`, `+3`), the calendar second. */
export function DateInput(props: WidgetProps) {
  const { value, onChange } = props
  const chosen = parseDay(String(value ?? ''), dayOf(new Date()))
  return (
    <TypedMoment
      {...props}
      shown={typeof value === 'string' ? value : ''}
      parse={(text) => {
        const day = parseDay(text, dayOf(new Date()))
        return day && dayText(day)
      }}
      chosen={chosen}
      onDay={(day) => onChange(dayText(day))}
    />
  )
}

/** A moment, shown in the person's zone or in UTC, sent in UTC. */
export function DateTimeInput(props: WidgetProps) {
  const { t } = useTranslation()
  const { value, onChange } = props
  const [zone, setZone] = useStoredState<string>('record.zone', 'local')
  const inZone: Zone = zone === 'utc' ? 'utc' : 'local'
  // A default such as @now is not yet a time.
  const shown = timeText(value, inZone) || (typeof value === 'string' ? value : '')
  const [dayPart = '', timePart = '00:00:00'] = timeText(value, inZone).split(' ')
  const otherZone = inZone === 'utc' ? 'local' : 'utc'
  return (
    <div className="grid gap-1">
      <TypedMoment
        {...props}
        shown={shown}
        parse={(text) => parseTime(text, inZone, new Date())}
        chosen={parseDay(dayPart, dayOf(new Date()))}
        onDay={(day) => onChange(parseTime(`${dayText(day)} ${timePart}`, inZone, new Date()))}
        aside={
          <button
            type="button"
            onClick={() => setZone(otherZone)}
            title={t('record.switchZone')}
            className="max-w-16 truncate rounded-xs px-1 text-2xs text-muted-foreground hover:text-foreground"
          >
            {inZone === 'utc' ? 'UTC' : localZone()}
          </button>
        }
      />
      {timeText(value, otherZone) !== timeText(value, inZone) ? (
        <span className="font-mono text-2xs text-muted-foreground tabular">
          = {timeText(value, otherZone)} {otherZone === 'utc' ? 'UTC' : localZone()}
        </span>
      ) : null}
    </div>
  )
}

/** `Berlin` of `Europe/Berlin`. */
const localZone = (): string =>
  (Intl.DateTimeFormat().resolvedOptions().timeZone.split('/').at(-1) ?? '').replaceAll('_', ' ')

interface TypedMomentProps extends WidgetProps {
  shown: string
  /** The value that a typed text means; `null` when it means none. */
  parse: (text: string) => string | null
  chosen: Day | null
  onDay: (day: Day) => void
  aside?: React.ReactNode
}

/** What is typed is taken when the field is left or with Enter; until then it may be half a date. */
function TypedMoment({ shown, parse, chosen, onDay, aside, ...props }: TypedMomentProps) {
  const { t } = useTranslation()
  const { value, onChange, isReadOnly } = props
  const [typed, setTyped] = useState<string | null>(null)
  const [isOpen, setOpen] = useState(false)
  const hint = useEmptyHint(value)
  const commit = () => {
    if (typed === null) return
    setTyped(null)
    const text = typed.trim()
    // What cannot be read goes as it is: the agent names it beside the field.
    onChange(text === '' ? null : (parse(text) ?? text))
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter') commit()
    if (isReadOnly || !chosen || typed !== null || (event.key !== 'ArrowUp' && event.key !== 'ArrowDown'))
      return
    event.preventDefault()
    onDay(addDays(chosen, event.key === 'ArrowUp' ? 1 : -1))
  }
  return (
    <div className="relative">
      <Input
        {...ariaOf(props)}
        value={typed ?? shown}
        readOnly={isReadOnly}
        placeholder={hint || t(props.field.type === 'date' ? 'record.dateHint' : 'record.timeHint')}
        autoComplete="off"
        spellCheck={false}
        className={cn('font-mono text-xs tabular', aside ? 'pr-24' : 'pr-9')}
        onChange={(event) => setTyped(event.target.value)}
        onBlur={commit}
        onKeyDown={onKeyDown}
      />
      <div className="absolute inset-y-0 right-1 flex items-center gap-1">
        {aside}
        <Popover open={isOpen} onOpenChange={setOpen}>
          <PopoverTrigger
            disabled={isReadOnly}
            aria-label={t('record.openCalendar')}
            className="rounded-sm p-1 text-muted-foreground hover:bg-accent hover:text-foreground disabled:opacity-50"
          >
            <CalendarIcon className="size-4" />
          </PopoverTrigger>
          <PopoverContent
            align="end"
            className="w-60 p-2"
            onOpenAutoFocus={(event) => event.preventDefault()}
          >
            <Calendar
              chosen={chosen}
              today={dayOf(new Date())}
              onChoose={(day) => {
                setTyped(null)
                onDay(day)
                setOpen(false)
              }}
            />
          </PopoverContent>
        </Popover>
      </div>
    </div>
  )
}
