import { ChevronDownIcon, ChevronUpIcon, CircleAlertIcon, WrapTextIcon } from 'lucide-react'
import { ToggleGroup } from 'radix-ui'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { LEVELS } from '@/app/search.ts'
import { Button } from '@/ui/button.tsx'
import { cn } from '@/ui/cn.ts'
import { Input } from '@/ui/input.tsx'
import type { LogBuffer, LogLevelName } from '@/ui/log/log-buffer.ts'
import { LEVEL_CLASSES } from '@/ui/log/log-row.tsx'
import { DownloadLog } from './download-log.tsx'
import type { Find } from './use-find.ts'

export interface LogSearch {
  level?: LogLevelName
  q?: string
}

export interface SearchChange {
  level?: LogLevelName | undefined
  q?: string | undefined
}

interface LogToolbarProps {
  title: string
  search: LogSearch
  onSearch: (change: SearchChange) => void
  choice?: ReactNode
  download: { path: string; name: string } | null
  buffer: LogBuffer
  find: Find
  wrap: boolean
  onWrap: (wrap: boolean) => void
}

export function LogToolbar(props: LogToolbarProps) {
  const { t } = useTranslation()
  const { search, onSearch, buffer, find, wrap, onWrap, download } = props
  return (
    <div
      role="toolbar"
      aria-label={props.title}
      className="flex shrink-0 flex-wrap items-center gap-x-2 gap-y-1.5 border-b px-3 py-1.5"
    >
      {props.choice}
      <LevelChips level={search.level} buffer={buffer} onLevel={(level) => onSearch({ level })} />
      <div className="flex items-center gap-1 max-sm:w-full sm:ml-auto">
        <SearchBox text={search.q ?? ''} find={find} onText={(q) => onSearch({ q })} />
        <IconToggle icon={<CircleAlertIcon />} label={t('log.nextError')} onClick={find.nextError} />
        <IconToggle icon={<WrapTextIcon />} label={t('log.wrap')} isOn={wrap} onClick={() => onWrap(!wrap)} />
        {download ? <DownloadLog {...download} /> : null}
      </div>
    </div>
  )
}

interface LevelChipsProps {
  level: LogLevelName | undefined
  buffer: LogBuffer
  onLevel: (level: LogLevelName | undefined) => void
}

/** This level and all above it; the counts are of the lines that are loaded. */
function LevelChips({ level, buffer, onLevel }: LevelChipsProps) {
  const { t } = useTranslation()
  const { counts } = buffer
  return (
    <ToggleGroup.Root
      type="single"
      value={level ?? 'debug'}
      onValueChange={(next) => onLevel(next === 'debug' || next === '' ? undefined : (next as LogLevelName))}
      aria-label={t('log.levels')}
      className="flex rounded-md border p-0.5"
    >
      {LEVELS.map((name) => (
        <ToggleGroup.Item
          key={name}
          value={name}
          className="flex h-6.5 items-center gap-1.5 rounded-sm px-2 text-xs text-muted-foreground hover:text-foreground data-[state=on]:bg-accent data-[state=on]:text-foreground"
        >
          {name === 'debug' ? t('log.level.all') : t(`log.level.${name}`)}
          {name !== 'debug' && counts[name] > 0 ? (
            <span className={cn('tabular', LEVEL_CLASSES[name])}>{counts[name]}</span>
          ) : null}
        </ToggleGroup.Item>
      ))}
    </ToggleGroup.Root>
  )
}

function SearchBox({ text, find, onText }: { text: string; find: Find; onText: (text: string) => void }) {
  const { t } = useTranslation()
  return (
    <>
      <div className="relative max-sm:flex-1">
        <Input
          type="search"
          value={text}
          onChange={(event) => onText(event.target.value)}
          onKeyDown={(event) => event.key === 'Enter' && find.step(event.shiftKey ? -1 : 1)}
          placeholder={t('log.searchHint')}
          aria-label={t('log.search')}
          className="pr-14 sm:w-56 [&::-webkit-search-cancel-button]:hidden"
        />
        {text ? (
          <span
            className="pointer-events-none absolute inset-y-0 right-2 grid place-items-center text-2xs text-muted-foreground tabular"
            aria-live="polite"
          >
            {find.count === 0
              ? t('log.noMatches')
              : t('log.matches', { current: find.at === -1 ? '–' : find.at + 1, count: find.count })}
          </span>
        ) : null}
      </div>
      {text ? (
        <>
          <IconToggle icon={<ChevronUpIcon />} label={t('log.previous')} onClick={() => find.step(-1)} />
          <IconToggle icon={<ChevronDownIcon />} label={t('log.next')} onClick={() => find.step(1)} />
        </>
      ) : null}
    </>
  )
}

interface IconToggleProps {
  icon: ReactNode
  label: string
  isOn?: boolean
  onClick: () => void
}

function IconToggle({ icon, label, isOn, onClick }: IconToggleProps) {
  return (
    <Button
      variant="ghost"
      size="icon"
      className={cn(isOn && 'bg-accent')}
      aria-label={label}
      title={label}
      {...(isOn !== undefined && { 'aria-pressed': isOn })}
      onClick={onClick}
    >
      {icon}
    </Button>
  )
}
