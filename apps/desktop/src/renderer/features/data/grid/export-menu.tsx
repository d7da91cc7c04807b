import { useMutation } from '@tanstack/react-query'
import { DownloadIcon } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { urlOf } from '@/app/connection/connection.ts'
import { toastError } from '@/app/errors/toast-error.ts'
import { useProject } from '@/app/project/project-context.ts'
import { usePanel } from '@/app/session/panel.tsx'
import { Button } from '@/ui/button.tsx'
import { Menu, MenuContent, MenuItem, MenuLabel, MenuTrigger } from '@/ui/menu.tsx'
import { saveFile } from '@/ui/save-file.ts'

const FORMATS = ['csv', 'json', 'ndjson'] as const

/** What is exported: the records that match, in the order and with the columns that are seen. */
export interface ExportedSet {
  filter?: string | undefined
  search?: string | undefined
  sort?: string | undefined
  fields: readonly string[]
}

export function ExportMenu({ model, set }: { model: string; set: ExportedSet }) {
  const { t } = useTranslation()
  const project = useProject()
  const { connection } = usePanel()
  const save = useMutation({
    mutationFn: async (format: (typeof FORMATS)[number]) => {
      const token = await connection.session.accessToken()
      const query = new URLSearchParams({ format, fields: set.fields.join(',') })
      for (const key of ['filter', 'search', 'sort'] as const) if (set[key]) query.set(key, set[key])
      const answer = await fetch(urlOf(connection, `/files/records/${project.id}/${model}?${query}`), {
        headers: { authorization: `Bearer ${token}` },
      })
      if (!answer.ok)
        throw new Error(`The records could not be exported: ${answer.status} ${answer.statusText}`)
      saveFile(await answer.blob(), `${project.slug}-${model}.${format}`)
    },
    onError: toastError,
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
        <MenuLabel>{t('data.grid.exportHint')}</MenuLabel>
        {FORMATS.map((format) => (
          <MenuItem key={format} onSelect={() => save.mutate(format)}>
            {format.toUpperCase()}
          </MenuItem>
        ))}
      </MenuContent>
    </Menu>
  )
}
