import { PORTABLE_FORMATS, type PortableFormat } from '@m3m/core/client'
import { useMutation } from '@tanstack/react-query'
import { DownloadIcon } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { urlOf } from '@/app/connection/connection.ts'
import { toastError } from '@/app/errors/toast-error.ts'
import { useStoredFiles } from '@/app/files/stored-files.ts'
import { useProject } from '@/app/project/project-context.ts'
import { usePanel } from '@/app/session/panel.tsx'
import { Button } from '@/ui/button.tsx'
import { Menu, MenuContent, MenuItem, MenuLabel, MenuTrigger } from '@/ui/menu.tsx'
import { saveFile } from '@/ui/save-file.ts'
import { exportFilters, joinExports, type ExportedSet } from './export-set.ts'
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
  const save = useMutation({
    mutationFn: async (format: PortableFormat) => {
      const parts: Blob[] = []
      for (const filter of exportFilters(set.filter, selection)) {
        const query = new URLSearchParams({ format, fields: set.fields.join(',') })
        if (filter) query.set('filter', filter)
        if (set.search) query.set('search', set.search)
        if (set.sort) query.set('sort', set.sort)
        const url = urlOf(connection, `/files/records/${project.id}/${model}?${query}`)
        parts.push(await (await files.fetch(url)).blob())
      }
      saveFile(await joinExports(format, parts), `${project.slug}-${model}.${format}`)
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
