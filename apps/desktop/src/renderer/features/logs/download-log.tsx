import { useMutation } from '@tanstack/react-query'
import { DownloadIcon } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { urlOf } from '@/app/connection/connection.ts'
import { toastError } from '@/app/errors/toast-error.ts'
import { usePanel } from '@/app/session/panel.tsx'
import { Button } from '@/ui/button.tsx'
import { Menu, MenuContent, MenuItem, MenuTrigger } from '@/ui/menu.tsx'
import { saveFile } from '@/ui/save-file.ts'

/** The whole file, plain or packed. The token goes in a header, never in an address, so the page fetches and hands it over. */
export function DownloadLog({ path, name }: { path: string; name: string }) {
  const { t } = useTranslation()
  const { connection } = usePanel()
  const download = useMutation({
    mutationFn: async (format: 'log' | 'gz') => {
      const token = await connection.session.accessToken()
      const response = await fetch(urlOf(connection, format === 'gz' ? `${path}?format=gz` : path), {
        headers: { authorization: `Bearer ${token}` },
      })
      if (!response.ok)
        throw new Error(`The log could not be read: ${response.status} ${response.statusText}`)
      saveFile(await response.blob(), format === 'gz' ? `${name}.log.gz` : `${name}.log`)
    },
    onError: toastError,
  })
  return (
    <Menu>
      <MenuTrigger asChild>
        <Button
          variant="ghost"
          size="icon"
          aria-label={t('log.download')}
          title={t('log.download')}
          disabled={download.isPending}
        >
          <DownloadIcon />
        </Button>
      </MenuTrigger>
      <MenuContent align="end">
        <MenuItem onSelect={() => download.mutate('log')}>{t('log.asText')}</MenuItem>
        <MenuItem onSelect={() => download.mutate('gz')}>{t('log.asGzip')}</MenuItem>
      </MenuContent>
    </Menu>
  )
}
