import { ChevronsUpDownIcon } from 'lucide-react'
import { lazy, Suspense, useState, type ComponentProps } from 'react'
import { useTranslation } from 'react-i18next'
import { cn } from '@/ui/cn.ts'
import { OperatorAvatar } from '../session/operator-avatar.tsx'
import { useMe } from '../session/panel.tsx'

const OperatorMenuItems = lazy(() =>
  import('./operator-menu-items.tsx').then((m) => ({ default: m.OperatorMenuItems })),
)

const NOBODY = { id: '', name: '', avatarVersion: null }

/** Who is signed in; profile, theme and the way out behind it. What opens is loaded at the first click. */
export function OperatorMenu({ isFolded }: { isFolded: boolean }) {
  const [isWanted, setWanted] = useState(false)
  const closed = <OperatorButton isFolded={isFolded} aria-haspopup="menu" onClick={() => setWanted(true)} />
  if (!isWanted) return closed
  return (
    <Suspense fallback={closed}>
      <OperatorMenuItems>
        <OperatorButton isFolded={isFolded} />
      </OperatorMenuItems>
    </Suspense>
  )
}

function OperatorButton({ isFolded, ...props }: { isFolded: boolean } & ComponentProps<'button'>) {
  const { t } = useTranslation()
  const me = useMe()
  return (
    <button
      type="button"
      aria-label={t('operator.menu')}
      {...props}
      className={cn(
        'flex h-9 w-full items-center gap-2 rounded-md text-left hover:bg-sidebar-accent',
        isFolded ? 'justify-center' : 'px-2',
      )}
    >
      <OperatorAvatar operator={me ?? NOBODY} />
      {isFolded ? null : (
        <>
          <span className="truncate text-sm text-foreground">{me?.name ?? '…'}</span>
          <ChevronsUpDownIcon className="ml-auto size-3.5 shrink-0 text-muted-foreground" />
        </>
      )}
    </button>
  )
}
