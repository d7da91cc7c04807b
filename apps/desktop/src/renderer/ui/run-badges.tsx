import type { CodeSource, ObservedRun, ReleaseTagName, RunStateName } from '@m3m/core/client'
import {
  BugIcon,
  CircleDashedIcon,
  CircleDotIcon,
  CircleIcon,
  CircleXIcon,
  FlameIcon,
  LoaderCircleIcon,
  MoonIcon,
  ShieldCheckIcon,
  SproutIcon,
  TriangleAlertIcon,
} from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Badge } from '@/ui/badge.tsx'
import { cn } from '@/ui/cn.ts'

const STATE_TINTS: Record<RunStateName, string> = {
  starting: '--state-moving',
  running: '--state-running',
  stopping: '--state-moving',
  stopped: '--state-stopped',
  crashed: '--state-crashed',
}

const STATE_ICONS = {
  starting: LoaderCircleIcon,
  running: CircleDotIcon,
  stopping: LoaderCircleIcon,
  stopped: CircleIcon,
  crashed: CircleXIcon,
}

export const TAG_TINTS: Record<ReleaseTagName, string> = {
  stable: '--tag-stable',
  'hot-fix': '--tag-hot-fix',
  'night-build': '--tag-night-build',
  develop: '--tag-develop',
}

export const TAG_ICONS = {
  stable: ShieldCheckIcon,
  'hot-fix': FlameIcon,
  'night-build': MoonIcon,
  develop: SproutIcon,
}

/** Running, Starting, Stopping, Stopped or Crashed: word, icon and colour say the same. */
export function StateBadge({ state, className }: { state: RunStateName; className?: string }) {
  const { t } = useTranslation()
  const Icon = STATE_ICONS[state]
  const isMoving = state === 'starting' || state === 'stopping'
  return (
    <Badge
      tint={STATE_TINTS[state]}
      role="status"
      aria-label={t('run.stateLabel', { state: t(`run.state.${state}`) })}
      data-state={state}
      data-live
      className={cn('font-semibold', className)}
    >
      <Icon className={isMoving ? 'animate-spin motion-reduce:animate-none' : ''} />
      {t(`run.state.${state}`)}
    </Badge>
  )
}

/** Waiting to start again, alone in a process, slowed by a limit. */
export function ConditionBadges({ observed }: { observed: ObservedRun }) {
  const { t } = useTranslation()
  return observed.conditions.map((condition) => (
    <Badge
      key={condition}
      tint="--state-limited"
      title={condition === 'quarantined' ? observed.reason?.message : undefined}
    >
      <TriangleAlertIcon /> {t(`run.condition.${condition}`)}
    </Badge>
  ))
}

/** A dot where there is no room for a badge; the word is there for screen readers and on hover. None while it is not known. */
export function StateDot({ state, className }: { state: RunStateName | undefined; className?: string }) {
  const { t } = useTranslation()
  if (!state) return null
  const isMoving = state === 'starting' || state === 'stopping'
  return (
    <span
      role="img"
      aria-label={t(`run.state.${state}`)}
      title={t(`run.state.${state}`)}
      data-live
      style={{ '--tint': `var(${STATE_TINTS[state]})` } as never}
      className={cn(
        'inline-block size-2 shrink-0 rounded-full',
        state === 'stopped' ? 'border-[1.5px] border-(--tint)' : 'bg-(--tint)',
        state === 'crashed' && 'rounded-[1px]',
        isMoving && 'breathe',
        className,
      )}
    />
  )
}

/** The tag of a release in its colour. */
export function TagBadge({ tag }: { tag: ReleaseTagName }) {
  const Icon = TAG_ICONS[tag]
  return (
    <Badge tint={TAG_TINTS[tag]}>
      <Icon /> {tag}
    </Badge>
  )
}

interface SourceBadgeProps {
  source: CodeSource | null
  branch: string | null
  tag?: ReleaseTagName | null | undefined
  className?: string
}

/** `1.2 · develop · stable` in the colour of the tag; amber `debug · develop` for a debug run, so that nobody can miss it. */
export function SourceBadge({ source, branch, tag, className }: SourceBadgeProps) {
  const { t } = useTranslation()
  if (!source) return null
  const text = sourceText(source, branch, tag)
  const Icon = 'branch' in source ? BugIcon : tag ? TAG_ICONS[tag] : CircleDashedIcon
  const tint = 'branch' in source ? '--state-debug' : tag ? TAG_TINTS[tag] : '--state-stopped'
  return (
    <Badge
      tint={tint}
      role="note"
      aria-label={t('run.sourceLabel', { source: text })}
      data-source={'branch' in source ? 'debug' : 'release'}
      className={cn('max-w-full min-w-0 shrink', className)}
    >
      <Icon />
      <span className="truncate">{text}</span>
    </Badge>
  )
}

/** The words of a source badge, the same in menus and titles. */
export function sourceText(source: CodeSource, branch: string | null, tag?: ReleaseTagName | null): string {
  if ('branch' in source) return `debug · ${source.branch}`
  return [source.release, branch, tag].filter(Boolean).join(' · ')
}
