import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { BellPlusIcon, PencilIcon, PlusIcon, SendIcon, Trash2Icon } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ErrorState } from '@/app/errors/error-state.tsx'
import { useTRPC, type Outputs } from '@/app/trpc/trpc.ts'
import { Button } from '@/ui/button.tsx'
import { Switch } from '@/ui/checkbox.tsx'
import { EmptyState } from '@/ui/empty-state.tsx'
import { Section } from '@/ui/page.tsx'
import { SkeletonRows } from '@/ui/skeleton.tsx'
import { toast } from '@/ui/toaster.tsx'
import type { AlertOwner } from './alert-list.tsx'
import { AlertRuleDialog } from './alert-rule-dialog.tsx'

export type AlertRule = Outputs['alerts']['rules']['list'][number]

/** By which rules trouble is told, and where to. */
export function AlertRules({ owner }: { owner: AlertOwner }) {
  const { t } = useTranslation()
  const trpc = useTRPC()
  const rules = useQuery(trpc.alerts.rules.list.queryOptions(owner))
  const [edited, setEdited] = useState<AlertRule | 'new' | null>(null)
  return (
    <Section
      title={t('alerts.rules')}
      description={t(owner.projectId ? 'alerts.projectHint' : 'alerts.agentHint')}
      actions={
        <Button size="sm" onClick={() => setEdited('new')}>
          <PlusIcon /> {t('alerts.add')}
        </Button>
      }
    >
      {rules.isPending ? <SkeletonRows rows={3} /> : null}
      {rules.error ? (
        <ErrorState error={rules.error} onRetry={() => void rules.refetch()} className="m-3" />
      ) : null}
      {rules.data?.length === 0 ? (
        <EmptyState icon={<BellPlusIcon />} title={t('alerts.noRules')}>
          {t('alerts.noRulesHint')}
        </EmptyState>
      ) : null}
      <ul className="divide-y" aria-label={t('alerts.rules')}>
        {rules.data?.map((rule) => (
          <RuleRow key={rule.id} rule={rule} owner={owner} onEdit={() => setEdited(rule)} />
        ))}
      </ul>
      {edited ? (
        <AlertRuleDialog
          owner={owner}
          {...(edited !== 'new' && { rule: edited })}
          onClose={() => setEdited(null)}
        />
      ) : null}
    </Section>
  )
}

function RuleRow({ rule, owner, onEdit }: { rule: AlertRule; owner: AlertOwner; onEdit: () => void }) {
  const { t } = useTranslation()
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const changed = () => queryClient.invalidateQueries({ queryKey: trpc.alerts.rules.pathKey() })
  const save = useMutation(trpc.alerts.rules.save.mutationOptions({ onSuccess: changed }))
  const remove = useMutation(trpc.alerts.rules.remove.mutationOptions({ onSuccess: changed }))
  const test = useMutation(
    trpc.alerts.rules.test.mutationOptions({
      onSuccess({ deliveries }) {
        const failed = deliveries.find(({ error }) => error !== null)
        if (deliveries.length === 0) toast.message(t('alerts.testNowhere'))
        else if (failed) toast.error(t('alerts.testFailed'), { description: failed.error ?? '' })
        else toast.success(t('alerts.testSent'))
      },
    }),
  )
  const name = t(`alerts.kind.${rule.kind}`)
  const { emails, webhook, telegram } = rule.channels
  const where = [
    ...emails,
    webhook && new URL(webhook.url).host,
    telegram && `Telegram ${telegram.chatId}`,
  ].filter(Boolean)
  const keep = {
    emails,
    webhook: webhook && { url: webhook.url },
    telegram: telegram && { chatId: telegram.chatId },
  }
  return (
    <li className="flex items-center gap-2 px-3 py-2">
      <Switch
        checked={rule.enabled}
        onCheckedChange={(enabled) => save.mutate({ ...draftOf(rule), ...owner, channels: keep, enabled })}
        aria-label={t('alerts.enabled', { name })}
      />
      <div className="grid min-w-0 flex-1 pl-1">
        <span className="font-medium">
          {t(`alerts.rule.${rule.kind}`, { threshold: rule.threshold ?? 0, goal: rule.goal ?? '' })}
        </span>
        <span className="truncate text-xs text-muted-foreground">
          {where.length > 0 ? where.join(' · ') : t('alerts.panelOnly')}
        </span>
      </div>
      <Button
        variant="ghost"
        size="sm"
        disabled={test.isPending}
        onClick={() => test.mutate({ ...owner, id: rule.id })}
      >
        <SendIcon /> {t('alerts.test')}
      </Button>
      <Button variant="ghost" size="icon-sm" aria-label={t('alerts.edit', { name })} onClick={onEdit}>
        <PencilIcon />
      </Button>
      <Button
        variant="ghost"
        size="icon-sm"
        aria-label={t('alerts.remove', { name })}
        onClick={() => remove.mutate({ ...owner, id: rule.id })}
      >
        <Trash2Icon />
      </Button>
    </li>
  )
}

const draftOf = ({ id, kind, threshold, goal }: AlertRule) => ({ id, kind, threshold, goal })
