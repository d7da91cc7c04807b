import { ChevronLeftIcon, ChevronRightIcon } from 'lucide-react'
import { useEffect, useRef, useState, type KeyboardEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/ui/button.tsx'
import { cn } from '@/ui/cn.ts'
import { addDays, addMonths, type Day, dayText, monthGrid, weekday } from './date-text.ts'

interface CalendarProps {
  chosen: Day | null
  today: Day
  onChoose: (day: Day) => void
}

/** A month; arrows move by days and weeks, PageUp and PageDown by months, Enter chooses. */
export function Calendar({ chosen, today, onChoose }: CalendarProps) {
  const { t, i18n } = useTranslation()
  const [focused, setFocused] = useState<Day>(chosen ?? today)
  const grid = useRef<HTMLDivElement>(null)
  const first = firstWeekdayOf(i18n.language)
  useEffect(() => {
    grid.current?.querySelector<HTMLElement>('[tabindex="0"]')?.focus()
  }, [focused])
  const move = (event: KeyboardEvent) => {
    const next = KEYS[event.key]?.(focused, first)
    if (!next) return
    event.preventDefault()
    setFocused(next)
  }
  const days = monthGrid(focused, first)
  return (
    <div className="grid gap-2">
      <div className="flex items-center gap-1">
        <Button
          variant="ghost"
          size="icon-sm"
          aria-label={t('record.previousMonth')}
          onClick={() => setFocused(addMonths(focused, -1))}
        >
          <ChevronLeftIcon />
        </Button>
        <span className="flex-1 text-center text-sm font-medium" aria-live="polite">
          {monthName(focused, i18n.language)}
        </span>
        <Button
          variant="ghost"
          size="icon-sm"
          aria-label={t('record.nextMonth')}
          onClick={() => setFocused(addMonths(focused, 1))}
        >
          <ChevronRightIcon />
        </Button>
      </div>
      <div
        ref={grid}
        role="grid"
        aria-label={monthName(focused, i18n.language)}
        onKeyDown={move}
        className="grid grid-cols-7 gap-0.5"
      >
        {days.slice(0, 7).map((day) => (
          <span key={dayText(day)} aria-hidden className="pb-1 text-center text-2xs text-muted-foreground">
            {dayName(day, i18n.language)}
          </span>
        ))}
        {days.map((day) => {
          const isChosen = chosen !== null && dayText(day) === dayText(chosen)
          return (
            <button
              key={dayText(day)}
              type="button"
              role="gridcell"
              tabIndex={dayText(day) === dayText(focused) ? 0 : -1}
              aria-selected={isChosen}
              aria-label={dayText(day)}
              onClick={() => onChoose(day)}
              className={cn(
                'h-7 rounded-sm text-xs tabular hover:bg-accent focus-visible:outline-2 focus-visible:outline-ring',
                day.month !== focused.month && 'text-muted-foreground/60',
                dayText(day) === dayText(today) && 'font-semibold underline underline-offset-2',
                isChosen && 'bg-primary text-primary-foreground hover:bg-primary',
              )}
            >
              {day.day}
            </button>
          )
        })}
      </div>
    </div>
  )
}

const KEYS: Readonly<Record<string, (day: Day, first: 1 | 7) => Day>> = {
  ArrowLeft: (day) => addDays(day, -1),
  ArrowRight: (day) => addDays(day, 1),
  ArrowUp: (day) => addDays(day, -7),
  ArrowDown: (day) => addDays(day, 7),
  PageUp: (day) => addMonths(day, -1),
  PageDown: (day) => addMonths(day, 1),
  Home: (day, first) => addDays(day, -((weekday(day) - first + 7) % 7)),
  End: (day, first) => addDays(day, 6 - ((weekday(day) - first + 7) % 7)),
}

const utc = ({ year, month, day }: Day) => new Date(Date.UTC(year, month - 1, day))

const monthName = (day: Day, language: string): string =>
  new Intl.DateTimeFormat(language, { month: 'long', year: 'numeric', timeZone: 'UTC' }).format(utc(day))

const dayName = (day: Day, language: string): string =>
  new Intl.DateTimeFormat(language, { weekday: 'narrow', timeZone: 'UTC' }).format(utc(day))

/** Sunday where the browser's region begins its weeks so, else Monday (ISO 8601). */
function firstWeekdayOf(language: string): 1 | 7 {
  const region = navigator.languages.find((tag) => tag.startsWith(language)) ?? language
  const locale = new Intl.Locale(region) as Intl.Locale & { getWeekInfo?: () => { firstDay: number } }
  return locale.getWeekInfo?.().firstDay === 7 ? 7 : 1
}
