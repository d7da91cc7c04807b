import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ErrorState } from '@/app/errors/error-state.tsx'
import { useProject } from '@/app/project/project-context.ts'
import { useTRPC } from '@/app/trpc/trpc.ts'
import { Button } from '@/ui/button.tsx'
import { ConfirmDialog } from '@/ui/confirm-dialog.tsx'
import { Section } from '@/ui/page.tsx'
import { toast } from '@/ui/toaster.tsx'

export function DangerZone() {
  const { t } = useTranslation()
  const project = useProject()
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const navigate = useNavigate()
  const [isAsking, setAsking] = useState(false)
  const remove = useMutation(
    trpc.projects.remove.mutationOptions({
      meta: { showsError: true },
      onSuccess: async () => {
        toast.success(t('settings.removed', { name: project.name }))
        await navigate({ to: '/projects', ignoreBlocker: true })
        await queryClient.invalidateQueries()
      },
    }),
  )
  return (
    <Section title={t('settings.danger')} className="border-destructive/30">
      <div className="flex flex-wrap items-center gap-3 p-4">
        <p className="min-w-0 flex-1 basis-72 text-sm text-muted-foreground">{t('settings.removeHint')}</p>
        <Button variant="danger" onClick={() => setAsking(true)}>
          {t('settings.remove')}
        </Button>
      </div>
      <ConfirmDialog
        open={isAsking}
        onOpenChange={setAsking}
        title={t('settings.removeTitle', { name: project.name })}
        description={t('settings.removeHint')}
        action={t('settings.remove')}
        typeToConfirm={project.name}
        isPending={remove.isPending}
        onConfirm={() => remove.mutate({ projectId: project.id, confirmName: project.name })}
      >
        {remove.error ? <ErrorState error={remove.error} /> : null}
      </ConfirmDialog>
    </Section>
  )
}
