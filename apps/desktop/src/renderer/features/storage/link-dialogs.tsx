import { revealedText } from '@m3m/core/client'
import type { StorageLink } from '@m3m/core/client'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { LinkIcon, Trash2Icon } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ErrorState } from '@/app/errors/error-state.tsx'
import { usePanel } from '@/app/session/panel.tsx'
import { useTRPC } from '@/app/trpc/trpc.ts'
import { formatDateTime } from '@/i18n/format.ts'
import { Button } from '@/ui/button.tsx'
import { CopyButton } from '@/ui/copy-button.tsx'
import { Dialog, DialogContent, DialogFooter, DialogHeader } from '@/ui/dialog.tsx'
import { EmptyState } from '@/ui/empty-state.tsx'
import { Field } from '@/ui/field.tsx'
import { Input } from '@/ui/input.tsx'
import { Select, SelectContent, SelectItem, SelectTrigger, SelectValue } from '@/ui/select.tsx'
import { SkeletonRows } from '@/ui/skeleton.tsx'
import { toast } from '@/ui/toaster.tsx'
import { HonestName } from '@/ui/honest-name.tsx'
import { nameOf } from './entries.ts'

const HOUR_MS = 3_600_000
const LIVES = {
  hour: HOUR_MS,
  day: 24 * HOUR_MS,
  week: 168 * HOUR_MS,
  month: 720 * HOUR_MS,
  never: undefined,
}
type Life = keyof typeof LIVES

/** Makes a public address of one file; it is shown this once, since only its hash is kept. */
export function LinkDialog({
  projectId,
  path,
  onClose,
}: {
  projectId: string
  path: string
  onClose: () => void
}) {
  const { t } = useTranslation()
  const { connection } = usePanel()
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const [life, setLife] = useState<Life>('week')
  const create = useMutation(
    trpc.storage.link.mutationOptions({
      meta: { showsError: true },
      onSuccess: () => queryClient.invalidateQueries(trpc.storage.links.list.queryFilter({ projectId })),
    }),
  )
  const address = create.data ? (connection.baseUrl || location.origin) + create.data.url : ''
  return (
    <Dialog open onOpenChange={onClose}>
      <DialogContent>
        <DialogHeader
          title={t('storage.link.title', { name: revealedText(nameOf(path)) })}
          description={t('storage.link.hint')}
        />
        {create.data ? (
          <Field label={t('storage.link.address')}>
            <Input
              readOnly
              value={address}
              className="font-mono text-xs"
              onFocus={(event) => event.target.select()}
            />
          </Field>
        ) : (
          <Field label={t('storage.link.expires')}>
            <Select value={life} onValueChange={(value) => setLife(value as Life)}>
              <SelectTrigger>
                <SelectValue />
              </SelectTrigger>
              <SelectContent>
                {(Object.keys(LIVES) as Life[]).map((key) => (
                  <SelectItem key={key} value={key}>
                    {t(`storage.link.${key}`)}
                  </SelectItem>
                ))}
              </SelectContent>
            </Select>
          </Field>
        )}
        {create.error ? <ErrorState error={create.error} /> : null}
        <DialogFooter>
          {create.data ? (
            <CopyButton
              variant="default"
              size="default"
              showLabel
              label={t('storage.link.copy')}
              value={address}
            />
          ) : (
            <Button
              disabled={create.isPending}
              onClick={() => {
                const expiresInMs = LIVES[life]
                create.mutate({ projectId, path, ...(expiresInMs !== undefined && { expiresInMs }) })
              }}
            >
              <LinkIcon /> {t('storage.link.create')}
            </Button>
          )}
        </DialogFooter>
      </DialogContent>
    </Dialog>
  )
}

interface LinksDialogProps {
  projectId: string
  mayWrite: boolean
  onClose: () => void
}

/** All links of the project, to be revoked one by one. */
export function LinksDialog({ projectId, mayWrite, onClose }: LinksDialogProps) {
  const { t } = useTranslation()
  const trpc = useTRPC()
  const links = useQuery(trpc.storage.links.list.queryOptions({ projectId }))
  return (
    <Dialog open onOpenChange={onClose}>
      <DialogContent className="sm:max-w-xl">
        <DialogHeader title={t('storage.link.all')} />
        {links.error ? (
          <ErrorState error={links.error} onRetry={() => void links.refetch()} />
        ) : !links.data ? (
          <SkeletonRows rows={3} />
        ) : links.data.length === 0 ? (
          <EmptyState icon={<LinkIcon />} title={t('storage.link.none')} className="py-6">
            {t('storage.link.noneHint')}
          </EmptyState>
        ) : (
          <ul className="-mx-1 divide-y">
            {links.data.map((link) => (
              <LinkRow key={link.id} projectId={projectId} link={link} mayWrite={mayWrite} />
            ))}
          </ul>
        )}
      </DialogContent>
    </Dialog>
  )
}

function LinkRow({ projectId, link, mayWrite }: { projectId: string; link: StorageLink; mayWrite: boolean }) {
  const { t } = useTranslation()
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const revoke = useMutation(
    trpc.storage.links.revoke.mutationOptions({
      onSuccess: async () => {
        await queryClient.invalidateQueries(trpc.storage.links.list.queryFilter({ projectId }))
        toast.success(t('storage.link.revoked'))
      },
    }),
  )
  const end = link.expired
    ? t('storage.link.expired')
    : link.expiresAt
      ? t('storage.link.until', { when: formatDateTime(link.expiresAt) })
      : t('storage.link.noEnd')
  return (
    <li className="flex items-center gap-3 px-1 py-2">
      <div className="min-w-0 flex-1">
        <p className="truncate text-sm" title={revealedText(link.path)}>
          <HonestName name={link.path} />
        </p>
        <p className="truncate text-xs text-muted-foreground">
          {[
            formatDateTime(link.createdAt),
            link.createdBy && t('storage.link.by', { name: link.createdBy.name }),
            end,
          ]
            .filter(Boolean)
            .join(' · ')}
        </p>
      </div>
      {mayWrite ? (
        <Button
          variant="ghost"
          size="icon-sm"
          aria-label={t('storage.link.revoke', { path: revealedText(link.path) })}
          title={t('storage.link.revoke', { path: revealedText(link.path) })}
          disabled={revoke.isPending}
          onClick={() => revoke.mutate({ projectId, linkId: link.id })}
        >
          <Trash2Icon />
        </Button>
      ) : null}
    </li>
  )
}
