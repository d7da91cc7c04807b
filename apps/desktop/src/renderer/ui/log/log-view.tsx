import { useVirtualizer, type Virtualizer } from '@tanstack/react-virtual'
import { ArrowDownIcon } from 'lucide-react'
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/ui/button.tsx'
import { cn } from '@/ui/cn.ts'
import { indexOfCursor, type LogLine } from '@/ui/log/log-buffer.ts'
import { LogRow } from '@/ui/log/log-row.tsx'

export interface SourcePlace {
  file: string
  line: number
  column: number
}

/** The line to bring into view. Another object brings it there once more. */
export interface LogTarget {
  cursor: string
}

interface LogViewProps {
  lines: readonly LogLine[]
  /** Reached the top: fetch earlier lines. */
  onTop?: () => void
  /** A place in the source was clicked. */
  onOpenPlace?: (place: SourcePlace) => void
  wrap?: boolean
  search?: string
  target?: LogTarget | undefined
  label: string
  className?: string
}

const ROW_PX = 20
/** So near to the end that the person means the end. */
const END_PX = 24

/** Virtual rows; follows the end until one scrolls up, then counts what is new. */
export function LogView(props: LogViewProps) {
  const { lines, wrap = false, search = '', target, onTop } = props
  const box = useRef<HTMLDivElement>(null)
  const { isFollowing, setFollowing, unseen } = useFollow(lines)
  // The same function as long as the lines are the same: with another one the virtualizer measures all of them again.
  const keyOf = useCallback((index: number) => lines[index]!.cursor, [lines])
  const virtualizer = useVirtualizer({
    count: lines.length,
    getScrollElement: () => box.current,
    estimateSize: () => ROW_PX,
    getItemKey: keyOf,
    overscan: 20,
  })

  const notePlace = useKeepPlace({ lines, box, virtualizer, isFollowing })
  // By the last line, not by how many: at the bound the number stays the same while lines come.
  const last = lines.at(-1)?.cursor
  useLayoutEffect(() => {
    if (isFollowing && last !== undefined)
      virtualizer.scrollToIndex(virtualizer.options.count - 1, { align: 'end' })
  }, [isFollowing, last, virtualizer, wrap])
  const latest = useRef(lines)
  latest.current = lines
  useEffect(() => {
    if (!target) return
    const index = indexOfCursor(latest.current, target.cursor)
    if (latest.current[index]?.cursor !== target.cursor) return
    setFollowing(false)
    virtualizer.scrollToIndex(index, { align: 'center' })
  }, [target, virtualizer, setFollowing])

  const onScroll = () => {
    const el = box.current!
    notePlace()
    setFollowing(el.scrollHeight - el.scrollTop - el.clientHeight < END_PX)
    if (el.scrollTop < 400) onTop?.()
  }
  return (
    <div className={cn('relative min-h-0', props.className)}>
      <div
        ref={box}
        role="log"
        aria-label={props.label}
        aria-live="off"
        tabIndex={0}
        onScroll={onScroll}
        className="h-full overflow-auto overscroll-contain py-1 font-mono text-xs leading-5 outline-offset-[-2px] [overflow-anchor:none]"
      >
        <div className="relative min-w-full" style={{ height: virtualizer.getTotalSize() }}>
          {virtualizer.getVirtualItems().map((item) => (
            <div
              key={item.key}
              ref={virtualizer.measureElement}
              data-index={item.index}
              className={cn('absolute top-0 left-0 min-w-full', wrap && 'w-full')}
              style={{ transform: `translateY(${item.start}px)` }}
            >
              <LogRow
                line={lines[item.index]!}
                wrap={wrap}
                search={search}
                isCurrent={item.key === target?.cursor}
                onOpenPlace={props.onOpenPlace}
              />
            </div>
          ))}
        </div>
      </div>
      {isFollowing ? null : <ToEnd unseen={unseen} onClick={() => setFollowing(true)} />}
    </div>
  )
}

function ToEnd({ unseen, onClick }: { unseen: number; onClick: () => void }) {
  const { t } = useTranslation()
  return (
    <Button
      variant="outline"
      size="sm"
      onClick={onClick}
      className="absolute right-4 bottom-3 shadow-md tabular"
      aria-live="polite"
    >
      <ArrowDownIcon /> {unseen > 0 ? t('log.newLines', { count: unseen }) : t('log.toEnd')}
    </Button>
  )
}

/** Following, or since when not: how many lines came. */
function useFollow(lines: readonly LogLine[]) {
  const [isFollowing, setFollowing] = useState(true)
  const lastSeen = useRef<string | undefined>(undefined)
  const last = lines.at(-1)?.cursor
  if (isFollowing) lastSeen.current = last
  const seen = lastSeen.current
  const unseen = isFollowing || seen === undefined ? 0 : lines.length - indexOfCursor(lines, behind(seen))
  return { isFollowing, setFollowing, unseen }
}

/** A cursor behind this one and before any other: cursors are whole numbers. */
const behind = (cursor: string): string => String(Number(cursor) + 1)

interface PlaceOptions {
  lines: readonly LogLine[]
  box: React.RefObject<HTMLDivElement | null>
  virtualizer: Virtualizer<HTMLDivElement, Element>
  isFollowing: boolean
}

/**
 * Lines that come or go at the top move the rest: scroll by as much, so that the eye stays on its line. Returns
 * what notes the line at the top of the view, to be called at each scroll.
 */
function useKeepPlace({ lines, box, virtualizer, isFollowing }: PlaceOptions): () => void {
  const place = useRef<{ cursor: string; offsetPx: number } | null>(null)
  const first = useRef(lines[0]?.cursor)
  const notePlace = () => {
    const top = box.current!.scrollTop
    const item = virtualizer.getVirtualItemForOffset(top)
    place.current = item ? { cursor: String(item.key), offsetPx: top - item.start } : null
  }
  useLayoutEffect(() => {
    const now = lines[0]?.cursor
    const moved = first.current !== now
    first.current = now
    const kept = place.current
    if (!moved || isFollowing || !kept) return
    const start = virtualizer.measurementsCache[indexOfCursor(lines, kept.cursor)]?.start
    if (start !== undefined) box.current!.scrollTop = start + kept.offsetPx
  }, [lines, box, virtualizer, isFollowing])
  return notePlace
}
