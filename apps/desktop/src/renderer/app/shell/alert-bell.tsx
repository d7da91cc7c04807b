import { useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useSubscription } from '@trpc/tanstack-react-query'
import { BellIcon } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useTRPC } from '../trpc/trpc.ts'

/** How many alerts last now, pushed by the agent; leads to their page. */
export function AlertBell() {
  const { t } = useTranslation()
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const [open, setOpen] = useState(0)
  useSubscription(
    trpc.alerts.watch.subscriptionOptions(undefined, {
      onData(seen) {
        setOpen(seen.open)
        void queryClient.invalidateQueries({ queryKey: trpc.alerts.list.queryKey() })
      },
    }),
  )
  return (
    <Link
      to="/alerts"
      aria-label={t('alerts.bell', { count: open })}
      title={t('nav.alerts')}
      className="relative grid size-7 shrink-0 place-items-center rounded-md text-muted-foreground hover:bg-accent hover:text-foreground"
    >
      <BellIcon className="size-4" />
      {open > 0 ? (
        <span className="absolute -top-1 -right-1 grid h-4 min-w-4 place-items-center rounded-full bg-crashed px-1 text-[0.625rem] font-semibold text-background tabular">
          {open > 99 ? '99+' : open}
        </span>
      ) : null}
    </Link>
  )
}
