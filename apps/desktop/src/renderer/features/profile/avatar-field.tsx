import { useMutation, useQueryClient } from '@tanstack/react-query'
import { lazy, Suspense, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { urlOf } from '@/app/connection/connection.ts'
import { toastError } from '@/app/errors/toast-error.ts'
import { useStoredFiles } from '@/app/files/stored-files.ts'
import { OperatorAvatar } from '@/app/session/operator-avatar.tsx'
import { usePanel, type Me } from '@/app/session/panel.tsx'
import { useTRPC } from '@/app/trpc/trpc.ts'
import { Button } from '@/ui/button.tsx'
import { toast } from '@/ui/toaster.tsx'

const CropDialog = lazy(() => import('./crop-dialog.tsx').then((m) => ({ default: m.CropDialog })))

/** What every browser can draw. */
const ACCEPTED = 'image/png,image/jpeg,image/webp,image/gif,image/avif'
/** A photograph of 100 megapixels; what is longer is held in memory for nothing. */
const MAX_SOURCE_BYTES = 50 * 1024 * 1024

/** The own picture: chosen, cropped, removed. */
export function AvatarField({ me }: { me: Me }) {
  const { t } = useTranslation()
  const input = useRef<HTMLInputElement>(null)
  const [source, setSource] = useChosenPicture()
  const remove = useRemoveAvatar()
  const choose = (file: File | undefined) => {
    if (!file) return
    if (file.size > MAX_SOURCE_BYTES) toast.error(t('avatar.tooLarge'))
    else setSource(file)
  }
  return (
    <div className="flex flex-wrap items-center gap-4 border-b p-4">
      <OperatorAvatar operator={me} className="size-16 text-lg" />
      <div className="grid gap-1.5">
        <div className="flex flex-wrap gap-2">
          <Button type="button" variant="outline" onClick={() => input.current?.click()}>
            {t(me.avatarVersion ? 'avatar.change' : 'avatar.choose')}
          </Button>
          {me.avatarVersion ? (
            <Button type="button" variant="ghost" disabled={remove.isPending} onClick={() => remove.mutate()}>
              {t('avatar.remove')}
            </Button>
          ) : null}
        </div>
        <p className="text-xs text-muted-foreground">{t('avatar.hint')}</p>
      </div>
      <input
        ref={input}
        type="file"
        accept={ACCEPTED}
        hidden
        aria-label={t('avatar.choose')}
        onChange={(event) => {
          choose(event.target.files?.[0])
          // The same file may be chosen again.
          event.target.value = ''
        }}
      />
      {source ? (
        <Suspense fallback={null}>
          <CropDialog source={source} onClose={() => setSource(null)} />
        </Suspense>
      ) : null}
    </div>
  )
}

/** An address for the chosen file, given back when another is chosen or the page is left. */
function useChosenPicture() {
  const [source, setSource] = useState<string | null>(null)
  useEffect(() => () => void (source && URL.revokeObjectURL(source)), [source])
  return [source, (file: File | null) => setSource(file && URL.createObjectURL(file))] as const
}

function useRemoveAvatar() {
  const { t } = useTranslation()
  const { connection } = usePanel()
  const files = useStoredFiles()
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  return useMutation({
    mutationFn: () => files.fetch(urlOf(connection, '/files/avatar'), { method: 'DELETE' }),
    onError: toastError,
    meta: { showsError: true },
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: trpc.auth.me.queryKey() })
      toast.success(t('avatar.removed'))
    },
  })
}
