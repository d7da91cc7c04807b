import { i18n } from '@/i18n/index.ts'
import { toast } from '@/ui/toaster.tsx'
import { describeError, errorDetails } from './describe-error.ts'
import { errorText } from './error-text.ts'

/** Says that something a person asked for did not happen. For what has no place of its own on the page. */
export function toastError(error: unknown): void {
  const shape = describeError(error)
  const where = location.pathname
  toast.error(errorText(shape, i18n.t), {
    description: shape.code,
    durationMs: 8_000,
    action: {
      label: i18n.t('error.copyDetails'),
      onClick: () => void navigator.clipboard?.writeText(errorDetails(error, where)),
    },
  })
}
