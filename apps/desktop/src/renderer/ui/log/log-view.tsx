import { useVirtualizer } from '@tanstack/react-virtual'
import { ArrowDownIcon } from 'lucide-react'
import { useEffect, useLayoutEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/ui/button.tsx'
import { cn } from '@/ui/cn.ts'
import type { LogLine } from '@/ui/log/log-buffer.ts'
import { LogRow } from '@/ui/log/log-row.tsx'

export interface SourcePlace {
  file: string
  line: number
  column: number
}

interface LogViewProps {
  lines: readonly LogLine[]
  /** Reached the top: fetch earlier lines. */
  onTop?: () => void
  /** A place in the source was clicked. */
  onOpenPlace?: (place: SourcePlace) => void
  wrap?: boolean
  search?: string
  /** Index of the line to bring into view. */
  current?: number | undefined
  label: string
  className?: string
}

const ROW_PX = 20
/** So near to the end that the person means the end. */
const END_PX = 24

/** Virtual rows; follows the end until one scrolls up, then counts what is new. */
export function LogView(props: LogViewProps) {
  const { lines, wrap = false, search = '', current, onTop } = props
  const box = useRef<HTMLDivElement>(null)
  const { isFollowing, setFollowing, unseen } = useFollow(lines)
  const virtualizer = useVirtualizer({
    count: lines.length,
    getScrollElement: () => box.current,
    estimateSize: () => ROW_PX,
    getItemKey: (index) => lines[index]!.cursor,
    overscan: 20,
  })

  useKeepPlace(lines, box)
  useLayoutEffect(() => {
    if (isFollowing && lines.length > 0) virtualizer.scrollToIndex(lines.length - 1, { align: 'end' })
  }, [isFollowing, lines.length, virtualizer, wrap])
  useEffect(() => {
    if (current === undefined || current < 0) return
    setFollowing(false)
    virtualizer.scrollToIndex(current, { align: 'center' })
  }, [current, virtualizer, setFollowing])

  const onScroll = () => {
    const el = box.current!
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
                isCurrent={item.index === current}
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
  let unseen = 0
  if (!isFollowing && last !== lastSeen.current) {
    for (let i = lines.length - 1; i >= 0 && lines[i]!.cursor !== lastSeen.current; i -= 1) unseen += 1
  }
  return { isFollowing, setFollowing, unseen }
}

/** Lines put in at the top push the rest down: scroll by as much, so that the eye stays on its line. */
function useKeepPlace(lines: readonly LogLine[], box: React.RefObject<HTMLDivElement | null>) {
  const before = useRef({ first: lines[0]?.cursor, count: lines.length })
  useLayoutEffect(() => {
    const { first, count } = before.current
    const now = lines[0]?.cursor
    const el = box.current
    if (el && first !== undefined && now !== undefined && Number(now) < Number(first) && lines.length > count)
      el.scrollTop += (lines.length - count) * ROW_PX
    before.current = { first: now, count: lines.length }
  }, [lines, box])
}
