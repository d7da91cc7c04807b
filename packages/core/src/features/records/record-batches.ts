import { AppError } from '@m3m/base'
import type { DataEngine } from '@m3m/data'
import type { z } from 'zod'
import { dataActor, type SignedIn } from '../access/actor.schema.ts'
import type { AuditService } from '../audit/audit.service.ts'
import type { BatchReport, removeManyInput, restoreManyInput, updateManyInput } from './records.schema.ts'

/** The same change of many records, chosen by id. One that cannot be changed does not keep the others. */
export interface RecordBatches {
  updateMany(actor: SignedIn, input: z.output<typeof updateManyInput>): Promise<BatchReport>
  /** To the trash where the model has one. */
  removeMany(actor: SignedIn, input: z.output<typeof removeManyInput>): Promise<BatchReport>
  /** Out of the trash. */
  restoreMany(actor: SignedIn, input: z.output<typeof restoreManyInput>): Promise<BatchReport>
}

/** Changes under way at once; refusals that are told. */
const PARALLEL = 8
const MAX_TOLD = 20

export function createRecordBatches({
  data,
  audit,
}: {
  data: DataEngine
  audit: AuditService
}): RecordBatches {
  const of = (actor: SignedIn, projectId: string) => data.project(projectId, dataActor(actor)).records
  return {
    async updateMany(actor, { projectId, model, ids, data: values }) {
      const records = of(actor, projectId)
      const report = await forEach(ids, (id) => records.update(model, id, values))
      const after = { fields: Object.keys(values), records: report.done }
      await audit.add(actor, { action: 'records.updateMany', projectId, target: model, after })
      return report
    },
    async removeMany(actor, { projectId, model, ids }) {
      const records = of(actor, projectId)
      const report = await forEach(ids, (id) => records.remove(model, id))
      await audit.add(actor, {
        action: 'records.removeMany',
        projectId,
        target: model,
        after: { records: report.done },
      })
      return report
    },
    async restoreMany(actor, { projectId, model, ids }) {
      const records = of(actor, projectId)
      const report = await forEach(ids, (id) => records.restore(model, id))
      await audit.add(actor, {
        action: 'records.restoreMany',
        projectId,
        target: model,
        after: { records: report.done },
      })
      return report
    },
  }
}

async function forEach(
  ids: readonly string[],
  change: (id: string) => Promise<unknown>,
): Promise<BatchReport> {
  const report: BatchReport = { done: 0, refused: 0, problems: [] }
  const waiting = [...new Set(ids)]
  const work = async () => {
    for (let id = waiting.shift(); id !== undefined; id = waiting.shift()) {
      try {
        await change(id)
        report.done += 1
      } catch (error) {
        if (!(error instanceof AppError)) throw error
        report.refused += 1
        if (report.problems.length < MAX_TOLD)
          report.problems.push({ id, code: error.code, message: error.message })
      }
    }
  }
  await Promise.all(Array.from({ length: Math.min(PARALLEL, waiting.length) }, work))
  return report
}
