import type { DataRecord, Model } from '@m3m/core/client'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useEffect, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { hasErrorCode } from '@/app/errors/describe-error.ts'
import { useProject } from '@/app/project/project-context.ts'
import { useTRPC, useTRPCClient } from '@/app/trpc/trpc.ts'
import { toast } from '@/ui/toaster.tsx'
import { problemsByField, type FieldProblems } from './field-problems.ts'
import { formSections, type PlacedField } from './form-layout.ts'
import {
  draftKey,
  pruneDrafts,
  readDraft,
  removeDraft,
  writeDraft,
  type RecordDraft,
} from './record-drafts.ts'
import {
  isDirty,
  newEdit,
  rebase,
  restoredEdit,
  type RecordEdit,
  sentData,
  unfinishedKeys,
  withChange,
} from './record-edit.ts'

/** A draft is written this long after the last key. */
const DRAFT_AFTER_MS = 400

export interface RecordFormOptions {
  model: Model
  /** `null` for a new one. */
  record: DataRecord | null
  /** Values a new record begins with. */
  initial?: Readonly<Record<string, unknown>> | undefined
  onSaved: (record: DataRecord, options: { stays: boolean }) => void
}

/** A record being edited: its state, its draft in this browser, saving, and what to do when somebody was faster. */
export function useRecordForm(options: RecordFormOptions) {
  const { model, record, initial } = options
  const project = useProject()
  const [edit, setEdit] = useState<RecordEdit>(() => ({ ...newEdit(record), changes: initial ?? {} }))
  const draft = useDraft(draftKey(project.id, model.id, record?.id ?? null), edit)
  const theirs = useTheirs(record, { edit, setEdit })
  const saving = useSaving(options, {
    edit,
    onDone: (saved) => {
      draft.forget()
      setEdit(newEdit(saved))
      theirs.close()
    },
    onChangedMeanwhile: theirs.review,
  })
  return {
    ...saving,
    edit,
    isDirty: isDirty(edit),
    change: (field: PlacedField['field'], value: unknown) => {
      saving.forgetProblem(field.key)
      setEdit((now) => withChange(now, field, value))
    },
    discard: () => {
      draft.forget()
      saving.reset()
      setEdit(newEdit(edit.base))
    },
    draft: draft.offered,
    restoreDraft: () => {
      if (draft.offered) setEdit(restoredEdit(record, draft.offered))
      draft.take()
    },
    dropDraft: draft.forget,
    /** Somebody saved this record since it was opened. */
    theirs: theirs.record,
    isReviewing: theirs.isReviewing,
    review: () => theirs.record && theirs.review(theirs.record),
    /** Takes their version; the values of `keep` stay this one's. */
    resolve: (keep: ReadonlySet<string>) => {
      if (!theirs.record) return
      saving.reset()
      setEdit(rebase(edit, theirs.record, keep))
      theirs.close()
    },
    closeReview: theirs.later,
  }
}

interface Editing {
  edit: RecordEdit
  setEdit: (edit: RecordEdit) => void
}

/** Where nobody edits, what came in meanwhile is simply shown. Otherwise the person is told. */
function useTheirs(record: DataRecord | null, { edit, setEdit }: Editing) {
  const [found, setFound] = useState<DataRecord | null>(null)
  const [isReviewing, setReviewing] = useState(false)
  useEffect(() => {
    if (!record || !edit.base || record.version <= edit.base.version) return
    if (isDirty(edit)) setFound(record)
    else setEdit(newEdit(record))
  }, [record, edit, setEdit])
  return {
    record: found,
    isReviewing,
    review: (theirs: DataRecord) => {
      setFound(theirs)
      setReviewing(true)
    },
    later: () => setReviewing(false),
    close: () => {
      setFound(null)
      setReviewing(false)
    },
  }
}

interface SavingOptions {
  edit: RecordEdit
  onDone: (saved: DataRecord) => void
  onChangedMeanwhile: (theirs: DataRecord) => void
}

function useSaving(
  { model, onSaved }: RecordFormOptions,
  { edit, onDone, onChangedMeanwhile }: SavingOptions,
) {
  const { t } = useTranslation()
  const project = useProject()
  const trpc = useTRPC()
  const client = useTRPCClient()
  const refresh = useRefreshRecords()
  const [unfinished, setUnfinished] = useState<readonly string[]>([])
  const [attempt, setAttempt] = useState(0)
  const where = { projectId: project.id, model: model.slug }
  const create = useMutation(trpc.records.create.mutationOptions({ meta: { showsError: true } }))
  const update = useMutation(trpc.records.update.mutationOptions({ meta: { showsError: true } }))
  const { base } = edit

  async function refused(error: unknown): Promise<void> {
    setAttempt((count) => count + 1)
    if (!hasErrorCode(error, 'RECORD_CHANGED') || !base) return
    // A record that is gone says so itself when it is asked for.
    onChangedMeanwhile((await client.records.get.query({ ...where, id: base.id })) as DataRecord)
  }

  const save = (options: { stays: boolean }) => {
    if (create.isPending || update.isPending) return
    const broken = unfinishedKeys(model, edit)
    setUnfinished(broken)
    if (broken.length > 0) return setAttempt((count) => count + 1)
    const data = sentData(model, edit)
    const handlers = {
      onSuccess: (saved: DataRecord) => {
        onDone(saved)
        // Who stays sees it in the form; a toast would lie over its buttons.
        if (!options.stays) toast.success(t(base ? 'record.saved' : 'record.created'))
        onSaved(saved, options)
        void refresh()
      },
      onError: (error: unknown) => void refused(error),
    }
    if (!base) create.mutate({ ...where, data }, handlers)
    else if (isDirty(edit)) update.mutate({ ...where, id: base.id, data, version: base.version }, handlers)
    else onSaved(base, options)
  }

  const error = base ? update.error : create.error
  const problems = useMemo(() => {
    const all = new Map<string, FieldProblems>(problemsByField(error))
    for (const broken of unfinished) all.set(broken, { '': t('data.notJson') })
    return all
  }, [error, unfinished, t])
  const isTold = isToldByFields(model, problems) || hasErrorCode(error, 'RECORD_CHANGED')

  return {
    save,
    problems,
    isPending: create.isPending || update.isPending,
    isSaved: update.isSuccess,
    /** What no field of the form can show. */
    error: error && !isTold ? error : null,
    /** Grows with each save that was refused: the first field that is wrong then takes the focus. */
    attempt,
    forgetProblem: (key: string) =>
      setUnfinished((keys) => (keys.includes(key) ? keys.filter((other) => other !== key) : keys)),
    reset: () => {
      create.reset()
      update.reset()
      setUnfinished([])
    },
  }
}

/** Lists, counts and this record are asked for again. */
function useRefreshRecords(): () => Promise<void> {
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  return async () => {
    await queryClient.invalidateQueries({ queryKey: trpc.records.pathKey() })
    await queryClient.invalidateQueries({ queryKey: trpc.models.counts.queryKey() })
  }
}

function isToldByFields(model: Model, problems: ReadonlyMap<string, FieldProblems>): boolean {
  const shown = new Set(formSections(model).flatMap(({ fields }) => fields.map(({ field }) => field.key)))
  return problems.size > 0 && [...problems.keys()].every((key) => shown.has(key))
}

/** Offered once, when the form opens; from then on the form's own changes are what is kept. */
function useDraft(key: string, edit: RecordEdit) {
  const [offered, setOffered] = useState<RecordDraft | null>(() => {
    pruneDrafts(localStorage, Date.now())
    return readDraft(localStorage, key)
  })
  const isOffered = offered !== null
  useEffect(() => {
    if (isOffered) return
    if (!isDirty(edit)) return removeDraft(localStorage, key)
    const { base, changes } = edit
    const draft = { version: base?.version ?? null, base, at: Date.now(), changes: { ...changes } }
    const timer = setTimeout(() => writeDraft(localStorage, key, draft), DRAFT_AFTER_MS)
    return () => clearTimeout(timer)
  }, [key, edit, isOffered])
  return {
    offered,
    take: () => setOffered(null),
    forget: () => {
      removeDraft(localStorage, key)
      setOffered(null)
    },
  }
}
