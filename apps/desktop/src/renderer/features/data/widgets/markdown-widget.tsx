import { lazy, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { cn } from '@/ui/cn.ts'
import { Skeleton } from '@/ui/skeleton.tsx'
import { TextArea, textOf } from './text-widgets.tsx'
import type { WidgetProps } from './widget-props.ts'

const MarkdownPreview = lazy(() =>
  import('./markdown-preview.tsx').then((m) => ({ default: m.MarkdownPreview })),
)

/** Markdown as text, and how it reads. */
export function MarkdownWidget(props: WidgetProps) {
  const { t } = useTranslation()
  const [isPreview, setPreview] = useState(props.isReadOnly)
  const tab = (isOn: boolean) =>
    cn(
      'rounded-sm px-2 py-0.5 text-xs text-muted-foreground hover:text-foreground',
      isOn && 'bg-accent font-medium text-foreground',
    )
  return (
    <div className="grid gap-1.5">
      <div role="group" aria-label={t('widget.markdown')} className="flex gap-1">
        <button
          type="button"
          aria-pressed={!isPreview}
          onClick={() => setPreview(false)}
          className={tab(!isPreview)}
        >
          {t('record.write')}
        </button>
        <button
          type="button"
          aria-pressed={isPreview}
          onClick={() => setPreview(true)}
          className={tab(isPreview)}
        >
          {t('record.preview')}
        </button>
      </div>
      {isPreview ? (
        <Suspense fallback={<Skeleton className="h-24" />}>
          <MarkdownPreview text={textOf(props.value) || `*${t('record.emptyText')}*`} />
        </Suspense>
      ) : (
        <TextArea {...props} className="min-h-32" />
      )}
    </div>
  )
}
