import type { Model, ModelUpdate } from '@m3m/data/schema'
import type { z } from 'zod'
import type { SignedIn } from '../access/actor.schema.ts'
import type { createModelInput, updateModelInput } from './models.schema.ts'

/** Models of a project; the rules are in @m3m/data, which services use too. */
export interface ModelsService {
  list(projectId: string): Promise<Model[]>
  get(projectId: string, model: string): Promise<Model>
  create(actor: SignedIn, input: z.output<typeof createModelInput>): Promise<Model>
  update(actor: SignedIn, input: z.output<typeof updateModelInput>): Promise<ModelUpdate>
  remove(actor: SignedIn, projectId: string, model: string): Promise<void>
}
