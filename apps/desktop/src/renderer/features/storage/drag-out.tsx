import { FileOutputIcon } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { answerOf } from '@/app/connection/desktop.ts'
import { toastError } from '@/app/errors/toast-error.ts'

/**
 * Desktop only: the handle by which a file is dragged to another program. The row itself is dragged within the storage;
 * the two cannot be one drag, since the file has to be fetched first and a move must not wait for that.
 */
export function DragOut({ projectId, path }: { projectId: string; path: string }) {
  const { t } = useTranslation()
  return (
    <span
      draggable
      title={t('storage.dragOut')}
      onDragStart={(event) => {
        // The system's own drag takes its place when the file is there.
        event.preventDefault()
        event.stopPropagation()
        answerOf(window.m3m!.files.dragOut({ projectId, path })).catch(toastError)
      }}
      className="grid size-6 cursor-grab place-items-center text-muted-foreground opacity-0 group-hover:opacity-100"
      data-testid="drag-out"
    >
      <FileOutputIcon className="size-3.5" />
    </span>
  )
}
