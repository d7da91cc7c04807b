import { type CompiledField, compileField } from '../fields/compile-field.ts'
import type { Model } from './models.schema.ts'

/** A model ready for use. Made once for each version of it. */
export interface CompiledModel {
  readonly model: Model
  readonly fields: ReadonlyMap<string, CompiledField>
}

/** All models of a project, as of one moment. */
export interface ModelSet {
  readonly byId: ReadonlyMap<string, CompiledModel>
  readonly bySlug: ReadonlyMap<string, CompiledModel>
}

export function compileModel(model: Model): CompiledModel {
  return { model, fields: new Map(model.fields.map((field) => [field.key, compileField(field)])) }
}

export function compileModels(models: readonly Model[]): ModelSet {
  const compiled = models.map(compileModel)
  return {
    byId: new Map(compiled.map((one) => [one.model.id, one])),
    bySlug: new Map(compiled.map((one) => [one.model.slug, one])),
  }
}

/** By id or slug; `undefined` when there is none. */
export function findModel(set: ModelSet, ref: string): CompiledModel | undefined {
  return set.bySlug.get(ref) ?? set.byId.get(ref)
}
