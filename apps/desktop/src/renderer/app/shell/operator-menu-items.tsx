import { useNavigate } from '@tanstack/react-router'
import { LogOutIcon, UserIcon } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
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

export function OperatorMenuItems({ children }: { children: ReactNode }) {
  const { t } = useTranslation()
  const me = useMe()
  const theme = useTheme()
  const navigate = useNavigate()
  const { connection } = usePanel()
  return (
    <Menu defaultOpen>
      <MenuTrigger asChild>{children}</MenuTrigger>
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
