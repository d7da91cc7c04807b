import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { AgentEntry } from '../../../shared/desktop-port.ts'
import { answerOf } from '@/app/connection/desktop.ts'
import { ErrorState } from '@/app/errors/error-state.tsx'
import { Button } from '@/ui/button.tsx'
import { Dialog, DialogClose, DialogContent, DialogFooter, DialogHeader } from '@/ui/dialog.tsx'
import { Fingerprint } from './fingerprint.tsx'
import { Yes } from './trust-questions.tsx'
import { useTask } from './use-task.ts'

/** Why an agent is blocked, what it shows now, and, after a comparison, the way to go on. */
export function ReviewCertificateDialog({ agent, onClose }: { agent: AgentEntry; onClose: () => void }) {
  const { t } = useTranslation()
  const [compared, setCompared] = useState(false)
  const { fingerprint, name } = agent
  const { shown } = agent.status
  const trust = useTask(async () => {
    await answerOf(window.m3m!.agents.trust({ id: agent.id, fingerprint: shown! }))
    onClose()
  })
  return (
    <Dialog open onOpenChange={() => (trust.isPending ? undefined : onClose())}>
      <DialogContent>
        <DialogHeader title={t('agents.changed.title', { name })} description={agent.url} />
        <p className="text-sm">{t('agents.changed.what')}</p>
        <p className="text-sm text-muted-foreground">{t('agents.changed.do')}</p>
        <div className="grid gap-3 rounded-md border p-3">
          {fingerprint === null ? null : (
            <Fingerprint label={t('agents.changed.pinned')} value={fingerprint} />
          )}
          {shown === null ? (
            <p className="text-sm text-muted-foreground">{t('agents.changed.notAny')}</p>
          ) : (
            <Fingerprint label={t('agents.changed.shown')} value={shown} />
          )}
        </div>
        {shown === null ? null : (
          <Yes label={t('agents.changed.compared')} checked={compared} onChange={setCompared} />
        )}
        {trust.error ? <ErrorState error={trust.error} /> : null}
        <DialogFooter>
          <DialogClose asChild>
            <Button variant="outline" disabled={trust.isPending}>
              {t('agents.changed.keepBlocked')}
            </Button>
          </DialogClose>
          <Button
            variant="danger"
            disabled={!compared || shown === null || trust.isPending}
            onClick={trust.start}
          >
            {t('agents.changed.trust')}
          </Button>
        </DialogFooter>
      </DialogContent>
    </Dialog>
  )
}
