import { PORTABLE_FORMATS, type PortableFormat } from '@m3m/core/client'
import { useMutation } from '@tanstack/react-query'
import { DownloadIcon } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { urlOf } from '@/app/connection/connection.ts'
import { toastError } from '@/app/errors/toast-error.ts'
import { useStoredFiles } from '@/app/files/stored-files.ts'
import { useFileDownload } from '@/app/files/use-file-download.ts'
import { useProject } from '@/app/project/project-context.ts'
import { usePanel } from '@/app/session/panel.tsx'
import { Button } from '@/ui/button.tsx'
import { Menu, MenuContent, MenuItem, MenuLabel, MenuTrigger } from '@/ui/menu.tsx'
import { saveFile } from '@/ui/save-file.ts'
import { exportFilters, exportQuery, joinExports, type ExportedSet } from './export-set.ts'
import type { Selection } from './selection.ts'

interface ExportMenuProps {
  model: string
  set: ExportedSet
  /** Only these; absent for everything that matches. */
  selection?: Selection
}

/** Saves what matches, or what is chosen, in the order and with the columns that are seen. */
export function ExportMenu({ model, set, selection }: ExportMenuProps) {
  const { t } = useTranslation()
  const project = useProject()
  const { connection } = usePanel()
  const files = useStoredFiles()
  const download = useFileDownload()
  const save = useMutation({
    mutationFn: async (format: PortableFormat) => {
      const path = `/files/records/${project.id}/${model}`
      const name = `${project.slug}-${model}.${format}`
      const queries = exportFilters(set.filter, selection).map((filter) => exportQuery(format, set, filter))
      // One question is answered to the disk, however long the answer; the answers to several are joined here.
      if (queries.length === 1) return download(path, name, queries[0])
      const parts: Blob[] = []
      for (const query of queries)
        parts.push(await (await files.fetch(urlOf(connection, `${path}?${query}`))).blob())
      saveFile(await joinExports(format, parts), name)
    },
    onError: toastError,
    meta: { showsError: true },
  })
  return (
    <Menu>
      <MenuTrigger asChild>
        <Button
          variant="outline"
          size="icon"
          aria-label={t('data.grid.export')}
          title={t('data.grid.export')}
          disabled={save.isPending}
        >
          <DownloadIcon />
        </Button>
      </MenuTrigger>
      <MenuContent align="end">
        <MenuLabel>{t(selection ? 'grid.exportChosen' : 'data.grid.exportHint')}</MenuLabel>
        {PORTABLE_FORMATS.map((format) => (
          <MenuItem key={format} onSelect={() => save.mutate(format)}>
            {format.toUpperCase()}
          </MenuItem>
        ))}
      </MenuContent>
    </Menu>
  )
}
