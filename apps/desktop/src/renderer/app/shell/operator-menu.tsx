import { useNavigate } from '@tanstack/react-router'
import { ChevronsUpDownIcon, LogOutIcon, UserIcon } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { cn } from '@/ui/cn.ts'
import {
  Menu,
  MenuContent,
  MenuItem,
  MenuLabel,
  MenuRadioGroup,
  MenuRadioItem,
  MenuSeparator,
  MenuTrigger,
} from '@/ui/menu.tsx'
import { toastError } from '../errors/toast-error.ts'
import { useMe, usePanel } from '../session/panel.tsx'
import { setTheme, useTheme, type Theme } from '../theme/theme.ts'

export function OperatorMenu({ isFolded }: { isFolded: boolean }) {
  const { t } = useTranslation()
  const me = useMe()
  const theme = useTheme()
  const navigate = useNavigate()
  const { connection } = usePanel()
  return (
    <Menu>
      <MenuTrigger
        aria-label={t('operator.menu')}
        className={cn(
          'flex h-9 w-full items-center gap-2 rounded-md text-left hover:bg-sidebar-accent',
          isFolded ? 'justify-center' : 'px-2',
        )}
      >
        <Initials name={me?.name ?? ''} />
        {isFolded ? null : (
          <>
            <span className="truncate text-sm text-foreground">{me?.name ?? '…'}</span>
            <ChevronsUpDownIcon className="ml-auto size-3.5 shrink-0 text-muted-foreground" />
          </>
        )}
      </MenuTrigger>
      <MenuContent side="top" align="start" className="w-56">
        <MenuLabel className="truncate">{me?.email}</MenuLabel>
        <MenuItem onSelect={() => void navigate({ to: '/profile' })}>
          <UserIcon /> {t('nav.profile')}
        </MenuItem>
        <MenuSeparator />
        <MenuLabel>{t('theme.label')}</MenuLabel>
        <MenuRadioGroup value={theme} onValueChange={(next) => setTheme(next as Theme)}>
          {(['light', 'dark', 'system'] as const).map((name) => (
            <MenuRadioItem key={name} value={name}>
              {t(`theme.${name}`)}
            </MenuRadioItem>
          ))}
        </MenuRadioGroup>
        <MenuSeparator />
        <MenuItem onSelect={() => void connection.session.signOut().catch(toastError)}>
          <LogOutIcon /> {t('operator.signOut')}
        </MenuItem>
      </MenuContent>
    </Menu>
  )
}

function Initials({ name }: { name: string }) {
  const letters = name
    .split(/\s+/)
    .slice(0, 2)
    .map((word) => [...word][0]?.toUpperCase() ?? '')
    .join('')
  return (
    <span
      aria-hidden
      className="grid size-5.5 shrink-0 place-items-center rounded-full bg-secondary text-2xs font-semibold text-secondary-foreground"
    >
      {letters}
    </span>
  )
}
