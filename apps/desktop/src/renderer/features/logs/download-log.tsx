import { DownloadIcon } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useFileDownload } from '@/app/files/use-file-download.ts'
import { Button } from '@/ui/button.tsx'
import { Menu, MenuContent, MenuItem, MenuTrigger } from '@/ui/menu.tsx'

/** The whole file, plain or packed, written to disk as it comes: a log of gigabytes never stands in the page. */
export function DownloadLog({ path, name }: { path: string; name: string }) {
  const { t } = useTranslation()
  const download = useFileDownload()
  return (
    <Menu>
      <MenuTrigger asChild>
        <Button variant="ghost" size="icon" aria-label={t('log.download')} title={t('log.download')}>
          <DownloadIcon />
        </Button>
      </MenuTrigger>
      <MenuContent align="end">
        <MenuItem onSelect={() => void download(path, `${name}.log`)}>{t('log.asText')}</MenuItem>
        <MenuItem onSelect={() => void download(path, `${name}.log.gz`, 'format=gz')}>
          {t('log.asGzip')}
        </MenuItem>
      </MenuContent>
    </Menu>
  )
}
