import { isDoc, type Doc } from '../bson/value.ts'
import { collectionOf, type Context } from '../server/context.ts'
import { mongoError } from '../server/mongo-error.ts'

/** A view: where it reads, and how. */
interface View {
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
export function checkView(body: Doc): void {
  if (typeof body.get('viewOn') !== 'string' || body.get('viewOn') === '') {
    throw mongoError('BadValue', "'viewOn' must be a non-empty string")
  }
  const pipeline = body.get('pipeline') ?? []
  if (!Array.isArray(pipeline) || !pipeline.every(isDoc)) {
    throw mongoError('TypeMismatch', "'pipeline' requires an array of documents")
  }
  for (const stage of pipeline) {
    if (stage.has('$out') || stage.has('$merge'))
      throw mongoError(
        'OptionNotSupportedOnView',
        'a view must not write: $out and $merge are not allowed in it',
      )
  }
}

/** @throws CommandNotSupportedOnView */
export function refuseView(context: Context, name: string): void {
  if (resolveView(context, name)) {
    throw mongoError(
      'CommandNotSupportedOnView',
      `Namespace ${context.db}.${name} is a view, not a collection`,
    )
  }
}
