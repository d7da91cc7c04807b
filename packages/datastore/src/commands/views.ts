import type { Doc } from '../bson/value.ts'
import { collectionOf, type Context } from '../server/context.ts'
import { notSupported } from '../server/mongo-error.ts'
import type { Reply } from '../server/wire.ts'

/** A view: where it reads, and how. */
export interface View {
  viewOn: string
  pipeline: Doc[]
}

/** The view of that name; null when it is a collection or nothing. */
export function resolveView(context: Context, name: string): View | null {
  const options = collectionOf(context, name)?.options
  const viewOn = options?.get('viewOn')
  if (typeof viewOn !== 'string') return null
  return { viewOn, pipeline: (options!.get('pipeline') as Doc[] | undefined) ?? [] }
}

/** Checks the options of a new view. */
export function checkView(_body: Doc): void {
  throw notSupported('A view')
}

export async function runViewAggregate(_context: Context, _view: View, _stages: Doc[]): Promise<Reply> {
  throw notSupported('A view')
}
