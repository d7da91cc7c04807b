// oxlint-disable typescript/no-explicit-any -- the fields of a record are those of its model; `unknown` would mark every use of them red in JavaScript
/**
 * Hooks as in the original: called after people (panel) and programs (REST) changed a record, never after services did. For
 * every change by anyone, and for trying again after a failure, use `events.onRecord`. Errors are logged.
 */
interface HookModule {
  /** A button on the Overview: the original's spelling of `actions.define`. @throws HOOK_ACTION_INVALID */
  onAction(slug: string, fn: (ctx: ActionContext) => unknown, name?: string): void
  /** After a record was made. @throws HOOK_HANDLER_INVALID */
  onModelInsert(model: ModelSlug, fn: (doc: Record<string, any>) => unknown): void
  /** After a record was changed. @throws HOOK_HANDLER_INVALID */
  onModelUpdate(model: ModelSlug, fn: (doc: Record<string, any>) => unknown): void
  /** After a record was deleted; `doc` is as it was. @throws HOOK_HANDLER_INVALID */
  onModelDelete(model: ModelSlug, fn: (doc: Record<string, any>) => unknown): void
}
