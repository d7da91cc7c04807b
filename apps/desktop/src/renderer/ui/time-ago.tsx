import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { formatAgo, formatDateTime } from '@/i18n/format.ts'

const EVERY_MS = 15_000
/** One clock for all of them. */
const listeners = new Set<() => void>()
let timer: ReturnType<typeof setInterval> | undefined

function onTick(listener: () => void): () => void {
  listeners.add(listener)
  timer ??= setInterval(() => listeners.forEach((tick) => tick()), EVERY_MS)
  return () => {
    listeners.delete(listener)
    if (listeners.size > 0) return
    clearInterval(timer)
    timer = undefined
  }
}

interface TimeAgoProps {
  at: string
  /** A time to come: `in 5 minutes`. Otherwise a clock that is ahead of this one reads as now. */
  isAhead?: boolean
  className?: string
}

/** `5 minutes ago`, with the exact time as its tooltip. */
export function TimeAgo({ at, isAhead = false, className }: TimeAgoProps) {
  const { i18n } = useTranslation()
  const [now, setNow] = useState(Date.now)
  useEffect(() => onTick(() => setNow(Date.now())), [])
  return (
    <time dateTime={at} title={formatDateTime(at)} className={className}>
      {formatAgo(Date.parse(at), isAhead ? now : Math.max(now, Date.parse(at)), i18n.language)}
    </time>
  )
}
