import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState, type FormEvent } from 'react'
import Cropper from 'react-easy-crop'
import { useTranslation } from 'react-i18next'
import { urlOf } from '@/app/connection/connection.ts'
import { ErrorState } from '@/app/errors/error-state.tsx'
import { useStoredFiles } from '@/app/files/stored-files.ts'
import { usePanel } from '@/app/session/panel.tsx'
import { useTRPC } from '@/app/trpc/trpc.ts'
import { Button } from '@/ui/button.tsx'
import { Dialog, DialogClose, DialogContent, DialogFooter, DialogHeader } from '@/ui/dialog.tsx'
import { toast } from '@/ui/toaster.tsx'
import { drawAvatar, type CroppedArea } from './draw-avatar.ts'

const MAX_ZOOM = 4
const ZOOM_STEP = 0.05
/** Pixels of the screen that an arrow key moves the picture; with Shift the library takes a smaller step. */
const KEY_STEP = 8

/** What of a picture becomes the avatar: dragged or moved by the arrow keys, zoomed by wheel, pinch or slider. */
export function CropDialog({ source, onClose }: { source: string; onClose: () => void }) {
  const { t } = useTranslation()
  const [crop, setCrop] = useState({ x: 0, y: 0 })
  const [zoom, setZoom] = useState(1)
  const [area, setArea] = useState<CroppedArea | null>(null)
  const [isUnreadable, setUnreadable] = useState(false)
  const save = useSaveAvatar(onClose)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (area) save.mutate({ source, area })
  }
  return (
    <Dialog open onOpenChange={(isOpen) => !isOpen && onClose()}>
      <DialogContent>
        <form onSubmit={submit} className="grid gap-4">
          <DialogHeader title={t('avatar.crop')} description={t('avatar.cropHint')} />
          <div className="relative h-72 overflow-hidden rounded-md bg-muted">
            {isUnreadable ? (
              <p
                role="alert"
                className="grid h-full place-items-center px-8 text-center text-sm text-destructive"
              >
                {t('avatar.unreadable')}
              </p>
            ) : (
              <Cropper
                image={source}
                crop={crop}
                zoom={zoom}
                maxZoom={MAX_ZOOM}
                aspect={1}
                cropShape="round"
                showGrid={false}
                keyboardStep={KEY_STEP}
                cropperProps={{ 'aria-label': t('avatar.area') }}
                classes={{ cropAreaClassName: 'focus-visible:outline-2! focus-visible:outline-ring!' }}
                onCropChange={setCrop}
                onZoomChange={setZoom}
                onCropComplete={(_percent, pixels) => setArea(pixels)}
                mediaProps={{ alt: '', onError: () => setUnreadable(true) }}
              />
            )}
          </div>
          <label className="flex items-center gap-3 text-sm">
            {t('avatar.zoom')}
            <input
              type="range"
              className="grow accent-primary"
              min={1}
              max={MAX_ZOOM}
              step={ZOOM_STEP}
              value={zoom}
              disabled={isUnreadable}
              aria-valuetext={`${Math.round(zoom * 100)} %`}
              onChange={(event) => setZoom(Number(event.target.value))}
            />
            <span className="w-12 text-right text-xs text-muted-foreground tabular-nums">
              {Math.round(zoom * 100)} %
            </span>
          </label>
          {save.error ? <ErrorState error={save.error} /> : null}
          <DialogFooter>
            <DialogClose asChild>
              <Button type="button" variant="outline">
                {t('action.cancel')}
              </Button>
            </DialogClose>
            <Button type="submit" disabled={!area || isUnreadable || save.isPending}>
              {t('avatar.save')}
            </Button>
          </DialogFooter>
        </form>
      </DialogContent>
    </Dialog>
  )
}

function useSaveAvatar(onSaved: () => void) {
  const { t } = useTranslation()
  const { connection } = usePanel()
  const files = useStoredFiles()
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  return useMutation({
    meta: { showsError: true },
    mutationFn: async ({ source, area }: { source: string; area: CroppedArea }) => {
      const body = await drawAvatar(source, area)
      const headers = { 'content-type': body.type }
      await files.fetch(urlOf(connection, '/files/avatar'), { method: 'PUT', headers, body })
    },
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: trpc.auth.me.queryKey() })
      toast.success(t('avatar.saved'))
      onSaved()
    },
  })
}
