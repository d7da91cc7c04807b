import { useMutation } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { urlOf } from '@/app/connection/connection.ts'
import { useProject } from '@/app/project/project-context.ts'
import { usePanel } from '@/app/session/panel.tsx'
import { Button } from '@/ui/button.tsx'
import { saveFile } from '@/ui/save-file.ts'

/** The whole file of the run. The token goes in a header, never in an address, so the page fetches and hands it over. */
export function DownloadLog({ runId, children }: { runId: string; children: ReactNode }) {
  const { t } = useTranslation()
  const project = useProject()
  const { connection } = usePanel()
  const download = useMutation({
    mutationFn: async () => {
      const token = await connection.session.accessToken()
      const response = await fetch(urlOf(connection, `/files/logs/${project.id}/${runId}`), {
        headers: { authorization: `Bearer ${token}` },
      })
      if (!response.ok)
        throw new Error(`The log could not be read: ${response.status} ${response.statusText}`)
      saveFile(await response.blob(), `${project.slug}-${runId}.log`)
    },
  })
  return (
    <Button
      variant="ghost"
      size="icon"
      aria-label={t('log.download')}
      title={t('log.download')}
      disabled={download.isPending}
      onClick={() => download.mutate()}
    >
      {children}
    </Button>
  )
}
