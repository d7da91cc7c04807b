import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { CheckIcon } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useMay, useProject } from '@/app/project/project-context.ts'
import { useTRPC } from '@/app/trpc/trpc.ts'
import { Button } from '@/ui/button.tsx'
import { cn } from '@/ui/cn.ts'
import { EXAMPLE_SERVICE } from './example-service.ts'

interface FirstStepsProps {
  hasCode: boolean
  hasRun: boolean
  hasRelease: boolean
}

/** Write, run, release: what a new project needs, with an example that works as it stands. */
export function FirstSteps({ hasCode, hasRun, hasRelease }: FirstStepsProps) {
  const { t } = useTranslation()
  const project = useProject()
  const mayWrite = useMay('code:write')
  const insert = useInsertExample()
  const params = { slug: project.slug }
  return (
    <section aria-label={t('firstSteps.title')} className="rounded-md border">
      <ol className="grid divide-y md:grid-cols-3 md:divide-x md:divide-y-0">
        <Step number={1} isDone={hasCode} title={t('firstSteps.write')} text={t('firstSteps.writeHint')}>
          {mayWrite && !hasCode ? (
            <>
              <Button asChild size="sm">
                <Link to="/projects/$slug/pipeline" params={params}>
                  {t('firstSteps.openEditor')}
                </Link>
              </Button>
              <Button size="sm" variant="outline" onClick={insert.run} disabled={insert.isPending}>
                {t('firstSteps.insertExample')}
              </Button>
            </>
          ) : null}
        </Step>
        <Step number={2} isDone={hasRun} title={t('firstSteps.run')} text={t('firstSteps.runHint')}>
          {hasCode && !hasRun ? (
            <Button asChild size="sm">
              <Link to="/projects/$slug/pipeline" params={params}>
                {t('firstSteps.openEditor')}
              </Link>
            </Button>
          ) : null}
        </Step>
        <Step
          number={3}
          isDone={hasRelease}
          title={t('firstSteps.release')}
          text={t('firstSteps.releaseHint')}
        />
      </ol>
    </section>
  )
}

interface StepProps {
  number: number
  isDone: boolean
  title: string
  text: string
  children?: ReactNode
}

function Step({ number, isDone, title, text, children }: StepProps) {
  return (
    <li className="flex gap-3 p-4">
      <span
        aria-hidden
        className={cn(
          'grid size-5 shrink-0 place-items-center rounded-full border text-2xs font-semibold tabular',
          isDone && 'border-transparent bg-running text-background',
        )}
      >
        {isDone ? <CheckIcon className="size-3" strokeWidth={3} /> : number}
      </span>
      <div className="grid min-w-0 content-start gap-1">
        <h2 className={cn('text-sm font-semibold', isDone && 'text-muted-foreground')}>{title}</h2>
        <p className="text-sm text-muted-foreground">{text}</p>
        {children ? <div className="mt-1.5 flex flex-wrap gap-2">{children}</div> : null}
      </div>
    </li>
  )
}

function useInsertExample() {
  const project = useProject()
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const navigate = useNavigate()
  const save = useMutation(
    trpc.pipeline.saveFiles.mutationOptions({
      onSuccess: async () => {
        await queryClient.invalidateQueries({ queryKey: trpc.pipeline.pathKey() })
        await navigate({ to: '/projects/$slug/pipeline', params: { slug: project.slug } })
      },
    }),
  )
  const run = () =>
    save.mutate({
      projectId: project.id,
      branch: 'develop',
      files: [{ path: 'main.js', code: EXAMPLE_SERVICE }],
      revision: 0,
    })
  return { run, isPending: save.isPending }
}
